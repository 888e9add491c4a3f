"""What must hold for any building: worse is never safer, unknown is never safe."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from app.risk.building_risk import BuildingInputs, assess_buildings, assess_schools
from app.risk.errors import InvalidHazardCurveError
from app.risk.hazard_curve import curve_rates, motion_grid, motion_of_msk, power_law_rates, surface_motion
from app.risk.parameters import MODIFIERS, default_parameters, parameters
from app.risk.people import shares_of_pupils
from app.risk.vulnerability import unit_outputs

P = default_parameters()
UNKNOWN = len(P.types)
HAZARDS = (
    "earthquake",
    "flood",
    "mudflow",
    "landslide",
    "earthquake_landslide",
    "avalanche",
    "rockfall",
    "glof",
    "fire",
)
CHAINS = [("KG-ADB", "KG-URM-W", "KG-URM-C", "KG-URM-S", "KG-CM"), ("KG-RCF-I", "KG-RCF-M", "KG-RCW")]


def inputs(count=1, kind="KG-URM-C", a475=0.3, levels=None, **changes):
    facts = {
        "building_type": np.full(count, UNKNOWN if kind is None else P.types.index(kind)),
        "modifiers": np.zeros(count, dtype=np.int64),
        "a475_g": np.full(count, a475),
        "levels": {name: np.full(count, level, dtype=np.int8) for name, level in (levels or {}).items()},
        "counted": HAZARDS,
        "persons": np.full(count, 40.0),
        "presence": np.full(count, 0.1),
    }
    return BuildingInputs(**(facts | changes))


def test_a_worse_type_never_has_less_risk_in_lognormal_models():
    for chain in CHAINS:
        rows = [P.types.index(kind) for kind in chain]
        for model in (0, 1):
            outputs = unit_outputs(P)[model, rows]
            assert (np.diff(outputs, axis=0) <= 0).all()


@pytest.mark.parametrize("bit", range(len(MODIFIERS)), ids=MODIFIERS)
def test_each_known_weakness_raises_the_risk(bit):
    plain = assess_buildings(inputs(), P)
    weak = assess_buildings(inputs(modifiers=np.array([1 << bit])), P)

    assert (weak.individual_risk > plain.individual_risk).all()
    assert (weak.loss_ratio > plain.loss_ratio).all()


def test_all_weaknesses_together_are_not_below_the_floor():
    all_bits, floor = np.array([(1 << len(MODIFIERS)) - 1]), 0.6
    found = assess_buildings(inputs(modifiers=all_bits, counted=("earthquake",)), P)

    assert found.loss_ratio[0, 0] == pytest.approx(
        np.array([0.35, 0.25, 0.40]) @ unit_outputs(P, floor)[:, P.types.index("KG-URM-C"), 0] * 0.3**2.3, rel=1e-12
    )


def test_more_shaking_never_lowers_risk_and_leaves_others_alone():
    motions = np.linspace(0.05, 0.9, 40)
    found = assess_buildings(inputs(40, a475_g=motions), P)
    alone = assess_buildings(inputs(1, a475=float(motions[7])), P)

    assert (np.diff(found.individual_risk[:, 0]) > 0).all()
    assert found.individual_risk[7] == pytest.approx(alone.individual_risk[0], rel=1e-14)


def test_an_unknown_type_lies_between_the_best_and_the_worst_type():
    unknown = assess_buildings(inputs(kind=None), P)
    every = [assess_buildings(inputs(kind=kind), P).individual_risk[0, 0] for kind in P.types]

    assert unknown.individual_risk[0, :3] == pytest.approx([np.mean(every), min(every), max(every)], rel=1e-12)


@pytest.mark.parametrize("hazard", ["flood", "mudflow", "landslide", "avalanche", "rockfall", "glof"])
def test_an_unknown_level_is_a_prior_within_the_widest_bounds(hazard):
    found = [assess_buildings(inputs(levels={hazard: level}), P).individual_risk[0] for level in range(5)]
    unknown, known = found[0], found[1:]

    assert unknown[1] <= min(row[1] for row in known)
    assert unknown[2] == pytest.approx(max(row[2] for row in known), rel=1e-12)
    lowest = P.hazards[hazard].lowest_level
    assert unknown[0] == pytest.approx(known[lowest - 1][0], rel=1e-12)
    assert (np.diff([row[0] for row in known]) >= 0).all()


def test_level_without_a_row_takes_the_next_higher_and_level_1_nothing():
    assert P.hazards["rockfall"].rate.tolist() == [0.0, 0.003, 0.02, 0.02]
    assert P.hazards["glof"].rate.tolist() == [0.0, 0.005, 0.005, 0.005]


def test_earthquakes_add_half_of_the_landslides_only_where_they_can():
    def risk(a475, level, hazards):
        return assess_buildings(inputs(a475=a475, levels={"landslide": level}, counted=hazards), P).loss_ratio[0, 0]

    def added(a475, level):
        return risk(a475, level, ("landslide", "earthquake_landslide")) - risk(a475, level, ("landslide",))

    assert added(0.3, 3) == pytest.approx(0.5 * 0.01 * 0.8)
    assert added(0.3, 1) == 0
    assert added(0.1, 3) == 0


def test_unknown_shaking_is_unknown_risk_not_zero():
    found = assess_buildings(inputs(a475=np.nan), P)
    school = assess_schools(np.array([0]), found, np.ones(1), np.array([1e6]), 1)

    assert np.isnan(found.individual_risk).all()
    assert np.isnan(school.loss_ratio).all()


def test_twice_the_people_twice_the_deaths_and_the_same_individual_risk():
    once, twice = assess_buildings(inputs(), P), assess_buildings(inputs(persons=np.array([80.0])), P)

    assert twice.equivalent_fatalities == pytest.approx(2 * once.equivalent_fatalities)
    assert twice.individual_risk == pytest.approx(once.individual_risk)
    assert twice.loss_ratio == pytest.approx(once.loss_ratio)


def test_a_curve_that_follows_the_power_law_gives_the_same_risk():
    periods = np.array([95.0, 475.0, 2475.0])
    curve = 0.3 * (periods / 475) ** (1 / 2.3)
    by_curve = inputs(
        2, a475_g=np.array([np.nan, 0.2]), curve_g=np.array([curve, [np.nan] * 3]), curve_rate=1 / periods
    )

    found = assess_buildings(by_curve, P)

    assert found.individual_risk[0] == pytest.approx(assess_buildings(inputs(a475=0.3), P).individual_risk[0], rel=1e-9)
    assert found.individual_risk[1] == pytest.approx(
        assess_buildings(inputs(a475=0.2), P).individual_risk[0], rel=1e-12
    )


def test_curve_interpolates_and_extrapolates_by_logarithms():
    motion = motion_grid(P)
    rates = curve_rates(motion, np.array([[0.1, 0.2, 0.4]]), np.array([0.01, 0.0025, 0.000625]))

    assert rates[0] == pytest.approx(0.01 * (motion / 0.1) ** -2, rel=1e-12)
    with pytest.raises(InvalidHazardCurveError):
        curve_rates(motion, np.array([[0.1]]), np.array([0.01]))


def test_soil_is_applied_once_and_unknown_soil_is_class_two():
    rock, zone = np.array([0.2, 0.2, np.nan, np.nan, np.nan]), np.array([7.0, np.nan, 9.0, 9.0, np.nan])
    found = surface_motion(rock, zone, np.array([3, 0, 0, 3, 1]), P)

    assert found[:4] == pytest.approx([0.28, 0.24, 0.40, 0.40 * 1.4 / 1.2])
    assert np.isnan(found[4])
    assert motion_of_msk(np.array([6.0, 7.0, 8.0, 9.0, 9.5]), P) == pytest.approx([0.05, 0.1, 0.2, 0.4, 0.55])


def test_the_power_law_passes_through_the_design_motion():
    assert power_law_rates(np.array([0.4, 0.8]), np.array([0.4]), 2.3, 1 / 475)[0] == pytest.approx(
        [1 / 475, 2**-2.3 / 475]
    )


def test_missing_shares_are_split_by_floor_area_over_teaching_buildings():
    school = np.array([0, 0, 0, 1, 1, 2])
    share = np.array([0.4, np.nan, np.nan, np.nan, np.nan, np.nan])
    area = np.array([500.0, 900.0, 300.0, np.nan, 100.0, np.nan])
    taught = np.array([True, True, True, True, False, False])

    found = shares_of_pupils(school, share, area, taught, 3)

    assert found == pytest.approx([0.4, 0.45, 0.15, 1.0, 0.0, 1.0])


def test_school_means_follow_pupils_and_money():
    risk = assess_buildings(inputs(2, a475_g=np.array([0.1, 0.4])), P)
    found = assess_schools(np.array([0, 0]), risk, np.array([0.25, 0.75]), np.array([3e6, 1e6]), 1)

    ir, loss = risk.individual_risk[:, 0], risk.loss_ratio[:, 0]
    assert found.individual_risk[0, 0] == pytest.approx(0.25 * ir[0] + 0.75 * ir[1])
    assert found.loss_ratio[0, 0] == pytest.approx(0.75 * loss[0] + 0.25 * loss[1])
    assert found.equivalent_fatalities[0, 0] == pytest.approx(risk.equivalent_fatalities[:, 0].sum())


def test_every_constant_says_where_it_comes_from():
    for found in parameters():
        assert found.status, found.name
        assert found.source, found.name
        assert found.low is None or found.high is None or found.low <= found.default <= found.high, found.name


def test_parameters_are_immutable():
    with pytest.raises(dataclasses.FrozenInstanceError):
        P.types = ()
