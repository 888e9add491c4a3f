"""Depths for several return periods: the trapezoid over the exceedance curve, by hand and by numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.risk.building_risk import BuildingInputs, assess_buildings
from app.risk.depth_curve import annual_loss, losses_of_depths
from app.risk.errors import InvalidParameterError
from app.risk.measures import treat
from app.risk.parameters import default_parameters, parameters_of
from geodata.readers.parameter_tables import ParameterTables, read_parameter_tables

P = default_parameters()
DAMAGE = P.depth_damage["flood"]
PERIODS = np.array([20.0, 100.0, 500.0])


def loss(*depths, periods=PERIODS):
    return annual_loss(np.array([depths], dtype=float), 1 / np.array(periods, dtype=float), DAMAGE)[0]


def test_two_maps_by_hand():
    # 0.5 m once in 100 years: 0.38; 1.0 m once in 500 years: 0.54 (JRC, Asia, commerce).
    # 0.5 (0.38 + 0.54) (0.01 - 0.002) + 0.54 x 0.002 = 0.00368 + 0.00108
    assert loss(0.5, 1.0, periods=(100, 500)) == pytest.approx(0.00476, rel=1e-12)


def test_three_maps_by_hand_with_a_dry_one_and_a_depth_between_rows():
    # dry in 20 years; 0.25 m: 0.19; 1.75 m: 0.71
    # 0.5 (0 + 0.19) 0.04 + 0.5 (0.19 + 0.71) 0.008 + 0.71 x 0.002 = 0.0038 + 0.0036 + 0.00142
    assert loss(0, 0.25, 1.75) == pytest.approx(0.00882, rel=1e-12)


def test_many_places_as_numpy_integrates_them():
    rng = np.random.default_rng(5)
    depths = np.sort(rng.uniform(0, 8, (500, 3)), axis=1)
    share = np.interp(depths, [0, 0.5, 1, 1.5, 2, 3, 4, 5, 6], [0, 0.38, 0.54, 0.66, 0.76, 0.88, 0.94, 0.98, 1.0])
    # from the rarest event, whose damage holds for all rarer ones, to the most frequent map
    expected = np.trapezoid(np.c_[share[:, 2], share[:, ::-1]], [0, 1 / 500, 1 / 100, 1 / 20], axis=1)

    assert annual_loss(depths, 1 / PERIODS, DAMAGE) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("depths", "expected"),
    [
        pytest.param((0, 0, 0), 0.0, id="dry in all is no loss"),
        pytest.param((np.nan, 0.5, 1.0), 0.00476, id="two known maps of three"),
        pytest.param((np.nan, np.nan, 1.0), np.nan, id="one map is a level"),
        pytest.param((np.nan, np.nan, np.nan), np.nan, id="outside the maps is unknown, not dry"),
        pytest.param((0.5, 0.4, 1.0), np.nan, id="depth that falls contradicts itself"),
        pytest.param((9, 9, 9), 1 / 20, id="beyond the table all is lost each time"),
    ],
)
def test_what_is_dry_unknown_and_contradicting(depths, expected):
    assert loss(*depths) == pytest.approx(expected, nan_ok=True)


def test_a_hazard_with_one_map_or_without_a_curve_of_damage_has_none():
    depth = np.array([1.0])

    assert losses_of_depths({"flood": {100: depth}, "mudflow": {20: depth, 100: depth}}, P.depth_damage) == {}


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.01, 3.0))
def test_deeper_water_never_lowers_the_loss(seed, deeper):
    depths = np.sort(np.random.default_rng(seed).uniform(0, 5, (20, 3)), axis=1)
    more = annual_loss(depths + deeper, 1 / PERIODS, DAMAGE)

    assert (more >= annual_loss(depths, 1 / PERIODS, DAMAGE) - 1e-15).all()


def inputs(**changes):
    facts = {
        "building_type": np.zeros(3, dtype=np.int64),
        "modifiers": np.zeros(3, dtype=np.int64),
        "a475_g": np.full(3, 0.2),
        "levels": {"flood": np.array([3, 3, 0], dtype=np.int8)},
        "counted": ("flood",),
        "persons": np.full(3, 100.0),
        "presence": np.full(3, 0.1),
    }
    return BuildingInputs(**(facts | changes))


BY_DEPTH = {"flood": np.array([0.00476, np.nan, np.nan])}


def test_the_loss_of_the_depths_stands_for_rate_times_loss_of_the_level_and_deaths_stay():
    by_level, by_depth = assess_buildings(inputs(), P), assess_buildings(inputs(annual_loss=BY_DEPTH), P)

    assert by_level.loss_ratio[0, :3] == pytest.approx(0.015 * 0.54)
    assert by_depth.loss_ratio[0, :3] == pytest.approx([0.00476] * 3)
    assert (by_depth.loss_ratio[1:] == by_level.loss_ratio[1:]).all()
    assert (by_depth.equivalent_fatalities == by_level.equivalent_fatalities).all()


def test_protection_makes_the_flood_rarer_and_relocation_leaves_it_behind():
    given_inputs = inputs(annual_loss=BY_DEPTH)
    protected, treated = treat(given_inputs, ("MIT-FL",), P)
    moved, elsewhere = treat(given_inputs, ("REL",), P)

    assert assess_buildings(protected, treated).loss_ratio[0, 0] == pytest.approx(0.3 * 0.00476)
    assert assess_buildings(moved, elsewhere).loss_ratio[0, 0] == pytest.approx(0.0005 * 0.05)


@pytest.mark.parametrize(
    ("row", "changes", "words"),
    [
        pytest.param(2, {"JRC_Asia_commercial_incl_schools": "54"}, "row 1: 54 is no share", id="percent"),
        pytest.param(3, {"depth_m": "0.9"}, "row 0.9: depth or loss falls", id="depth falls"),
        pytest.param(
            0, {"JRC_Asia_commercial_incl_schools": "0.1"}, "row 0: the first row is not dry", id="dry is a loss"
        ),
    ],
)
def test_a_curve_of_damage_that_cannot_be_is_refused(row, changes, words):
    tables = read_parameter_tables()
    rows = [dict(one) for one in tables.rows["hazard_flood_depth_damage"]]
    rows[row] |= changes

    with pytest.raises(InvalidParameterError, match=words):
        parameters_of(ParameterTables(tables.rows | {"hazard_flood_depth_damage": rows}, tables.sha256))
