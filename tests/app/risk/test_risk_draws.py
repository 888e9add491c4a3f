"""Draws of risk: without spread they are the central values, and each law moves what it should."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from app.risk.building_risk import BuildingInputs, assess_buildings, assess_schools
from app.risk.hazard_draws import draw_rates
from app.risk.parameters import MODELS, default_parameters
from app.risk.risk_draws import BLOCK, Laws, RiskDraws, default_laws, draw_blocks
from app.risk.school_sums import SchoolSums

P = default_parameters()
UNKNOWN = len(P.types)
HAZARDS = ("flood", "mudflow", "landslide", "avalanche", "rockfall", "glof")
COUNTED = ("earthquake", *HAZARDS, "earthquake_landslide", "fire")
SCHOOLS, BUILDINGS = 40, 100
CALM = Laws((1.0, 0.0, 0.0), (2.3, 2.3, 2.3), 0.0, 0.0, 0.0, 0.0, 0.0, 0.01)


def only(model):
    return dataclasses.replace(CALM, model_weights=tuple(float(name == model) for name in MODELS))


def portfolio(seed=1, *, unknown=False, curve=False):
    rng = np.random.default_rng(seed)
    school = np.sort(np.concatenate([np.arange(SCHOOLS), rng.integers(0, SCHOOLS, BUILDINGS - SCHOOLS)]))
    a475 = rng.uniform(0.05, 0.5, BUILDINGS)
    periods = np.array([95.0, 475.0, 2475.0])
    inputs = BuildingInputs(
        building_type=rng.integers(0, UNKNOWN + unknown, BUILDINGS),
        modifiers=rng.integers(0, 32, BUILDINGS),
        a475_g=a475,
        levels={name: rng.integers(1 - unknown, 5, BUILDINGS).astype(np.int8) for name in HAZARDS},
        counted=COUNTED,
        persons=rng.uniform(10, 300, BUILDINGS),
        presence=np.full(BUILDINGS, 0.1),
        curve_g=a475[:, None] * (periods / 475) ** (1 / 2.6) if curve else None,
        curve_rate=1 / periods if curve else None,
    )
    share, value = rng.random(BUILDINGS), rng.uniform(1e6, 1e8, BUILDINGS)
    return inputs, school, share, value


def draws_of(found, laws, draws=16, parameters=P, seed=5):
    inputs, school, share, value = found
    sums = SchoolSums(school, share, value, inputs.persons, inputs.presence, SCHOOLS)
    return RiskDraws(inputs, sums, parameters, laws, np.random.default_rng(seed)).next_block(draws)


def still_rates():
    """Parameters in which no rate of a hazard has a range."""
    hazards = {name: dataclasses.replace(row, rate_low=row.rate, rate_high=row.rate) for name, row in P.hazards.items()}
    return dataclasses.replace(P, hazards=hazards)


def central(found, model, parameters=P):
    inputs, school, share, value = found
    constants = dict(parameters.constants) | {f"model_weight.{name}": float(name == model) for name in MODELS}
    alone = dataclasses.replace(parameters, constants=constants)
    return assess_schools(school, assess_buildings(inputs, alone), share, value, SCHOOLS)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("curve", [False, True], ids=["power law", "hazard curve"])
def test_without_spread_each_draw_is_the_central_value(model, curve):
    found = portfolio(curve=curve)
    still = still_rates()

    drawn = draws_of(found, only(model), parameters=still)

    for mine, whole in zip(drawn, central(found, model, still), strict=True):
        assert mine == pytest.approx(np.repeat(whole[:, :1], 16, axis=1), rel=2e-3)


def test_without_spread_each_draw_is_the_central_value_where_depths_tell_the_loss():
    inputs, *rest = portfolio(unknown=True)
    depth_loss = np.where(np.arange(BUILDINGS) % 3 == 0, np.linspace(0, 0.1, BUILDINGS), np.nan)
    known = dataclasses.replace(
        inputs,
        levels={name: np.maximum(level, 1) for name, level in inputs.levels.items()},
        building_type=np.minimum(inputs.building_type, UNKNOWN - 1),
        annual_loss={"flood": depth_loss},
    )
    still = still_rates()

    drawn = draws_of((known, *rest), only("F1"), parameters=still)

    for mine, whole in zip(drawn, central((known, *rest), "F1", still), strict=True):
        assert mine == pytest.approx(np.repeat(whole[:, :1], 16, axis=1), rel=2e-3)


def test_an_unknown_level_is_drawn_for_deaths_and_leaves_the_loss_of_the_depths():
    inputs, *rest = portfolio()
    levels = inputs.levels | {"flood": np.zeros(BUILDINGS, dtype=np.int8)}
    told = dataclasses.replace(
        inputs, counted=("flood",), levels=levels, annual_loss={"flood": np.full(BUILDINGS, 0.004)}
    )

    _risk, harm, loss = draws_of((told, *rest), CALM, 32)

    assert loss == pytest.approx(np.full(loss.shape, 0.004), rel=1e-5)
    assert (harm.std(axis=1) > 0).all()


def test_the_laws_are_those_of_the_table():
    laws = default_laws()

    assert laws.model_weights == (0.35, 0.25, 0.40)
    assert laws.k == (1.8, 2.3, 2.7)
    assert (laws.zone_sigma, laws.site_sigma, laws.median_type_sigma, laws.median_building_sigma) == (
        0.25,
        0.2,
        0.25,
        0.2,
    )
    assert laws.occupancy_sigma == 0.10


@pytest.mark.parametrize("name", ["zone_sigma", "site_sigma", "median_type_sigma", "median_building_sigma"])
def test_each_spread_of_shaking_moves_all_three(name):
    found = portfolio()
    drawn = draws_of(found, dataclasses.replace(CALM, **{name: 0.3}), 64, still_rates())

    assert all((values.std(axis=1) > 0).all() for values in drawn)


def test_occupancy_moves_people_alone_and_the_same_way_everywhere():
    calm, moved = (
        draws_of(portfolio(), dataclasses.replace(CALM, occupancy_sigma=sigma), 32, still_rates()) for sigma in (0, 0.1)
    )

    factor = moved[1] / calm[1]
    assert factor == pytest.approx(np.repeat(factor[:1], SCHOOLS, axis=0))
    assert 0.05 < np.log(factor[0]).std() < 0.2
    assert moved[0] == pytest.approx(calm[0])
    assert moved[2] == pytest.approx(calm[2])


def test_an_unknown_type_spreads_over_the_types_and_a_known_one_does_not():
    found = portfolio()
    inputs = dataclasses.replace(found[0], building_type=np.full(BUILDINGS, UNKNOWN))
    drawn = draws_of((inputs, *found[1:]), CALM, 256, still_rates())[0]
    every = [
        central((dataclasses.replace(inputs, building_type=np.full(BUILDINGS, kind)), *found[1:]), "F1", still_rates())
        for kind in range(UNKNOWN)
    ]
    low = np.min([one.individual_risk[:, 0] for one in every], axis=0)
    high = np.max([one.individual_risk[:, 0] for one in every], axis=0)

    assert (drawn >= low[:, None] * 0.99).all()
    assert (drawn <= high[:, None] * 1.01).all()
    assert (drawn.std(axis=1) > 0).all()


def test_an_unknown_level_stays_between_no_hazard_and_the_highest_level():
    found = portfolio()
    still = still_rates()

    def with_level(level):
        levels = {name: np.full(BUILDINGS, level, np.int8) for name in HAZARDS}
        return (dataclasses.replace(found[0], levels=levels), *found[1:])

    unknown = draws_of(with_level(0), CALM, 256, still)[0]
    none = draws_of((dataclasses.replace(found[0], counted=("earthquake", "fire")), *found[1:]), CALM, 1, still)[0]
    most = draws_of(with_level(4), CALM, 1, still)[0]

    assert (unknown >= none * 0.999).all()
    assert (unknown <= most * 1.001).all()
    assert (unknown.std(axis=1) > 0).all()


def test_rates_are_drawn_within_their_range_and_a_low_of_zero_counts_as_a_share_of_the_high():
    drawn = draw_rates(np.random.default_rng(1), P.hazards["flood"], 4_000, 0.01)

    assert drawn[0].min() >= 0.002 / 100 * 0.999
    assert drawn[0].max() <= 0.002 * 1.001
    assert np.median(np.log(drawn[0])) == pytest.approx(np.log(0.002 / 10), abs=0.1)
    assert (draw_rates(np.random.default_rng(1), P.hazards["rockfall"], 100, 0.01)[0] == 0).all()


def test_the_same_seed_gives_the_same_bytes():
    first, second = (draws_of(portfolio(unknown=True), default_laws(), 32) for _ in range(2))

    assert [values.tobytes() for values in first] == [values.tobytes() for values in second]


def test_blocks_add_up():
    assert list(draw_blocks(2 * BLOCK + 3)) == [BLOCK, BLOCK, 3]
    assert list(draw_blocks(BLOCK)) == [BLOCK]
