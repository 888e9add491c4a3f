"""Buildings of unknown type under a table of priors: a mixture of known types, in the mean and in every draw."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from app.risk.building_risk import BuildingInputs, assess_buildings, part_of
from app.risk.day_scenario import day_impact
from app.risk.event import building_impact
from app.risk.parameters import default_parameters
from app.risk.risk_draws import RiskDraws, default_laws
from app.risk.school_sums import SchoolSums

P = default_parameters()
UNKNOWN = len(P.types)
ADOBE, BRICK, MODERN = (P.types.index(code) for code in ("KG-ADB", "KG-URM-C", "KG-RCF-M"))
PERIODS = np.array([95.0, 475.0, 2475.0])


def shares(**of_type):
    found = np.zeros(UNKNOWN)
    for name, share in of_type.items():
        found[{"adobe": ADOBE, "brick": BRICK, "modern": MODERN}[name]] = share
    return found


def buildings(kinds, *, share=None, curve=False, modifiers=0):
    count = len(kinds)
    a475 = np.full(count, 0.3)
    return BuildingInputs(
        building_type=np.array(kinds),
        modifiers=np.full(count, modifiers),
        a475_g=a475,
        levels={},
        counted=("earthquake",),
        persons=np.full(count, 50.0),
        presence=np.full(count, 0.1),
        curve_g=a475[:, None] * (PERIODS / 475) ** (1 / 2.1) if curve else None,
        curve_rate=1 / PERIODS if curve else None,
        type_share=None if share is None else np.tile(share, (count, 1)),
    )


@pytest.mark.parametrize("curve", [False, True])
@pytest.mark.parametrize("modifiers", [0, 5])
def test_a_building_that_can_be_one_type_only_is_as_one_of_that_type(curve, modifiers):
    mixed = assess_buildings(buildings([UNKNOWN], share=shares(adobe=1), curve=curve, modifiers=modifiers), P)
    known = assess_buildings(buildings([ADOBE], curve=curve, modifiers=modifiers), P)

    for found, expected in zip(mixed, known, strict=True):
        assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("curve", [False, True])
def test_the_middle_is_the_mean_by_shares_and_the_bounds_are_its_best_and_worst_type(curve):
    mixed = assess_buildings(buildings([UNKNOWN], share=shares(adobe=0.25, modern=0.75), curve=curve), P)
    adobe, modern = assess_buildings(buildings([ADOBE, MODERN], curve=curve), P).individual_risk

    central, lower, upper, model_low, model_high = mixed.individual_risk[0]
    assert central == pytest.approx(0.25 * adobe[0] + 0.75 * modern[0])
    assert (lower, upper) == (pytest.approx(modern[0]), pytest.approx(adobe[0]))
    assert model_low <= central <= model_high


def test_all_types_alike_are_the_mixture_that_stands_without_a_table():
    alike = assess_buildings(buildings([UNKNOWN, BRICK], share=np.full(UNKNOWN, 1 / UNKNOWN)), P)
    without = assess_buildings(buildings([UNKNOWN, BRICK]), P)

    for found, expected in zip(alike, without, strict=True):
        assert found == pytest.approx(expected, rel=1e-12)


def test_a_table_changes_nothing_where_the_type_is_known():
    with_table = assess_buildings(buildings([BRICK], share=shares(adobe=1)), P)
    without = assess_buildings(buildings([BRICK]), P)

    assert with_table.individual_risk.tolist() == without.individual_risk.tolist()


def test_some_of_the_buildings_keep_their_own_shares():
    inputs = buildings([UNKNOWN, UNKNOWN], share=shares(adobe=1))
    two = dataclasses.replace(inputs, type_share=np.stack([shares(adobe=1), shares(modern=1)]))

    alone = assess_buildings(part_of(two, np.array([1])), P)

    assert alone.loss_ratio[0] == pytest.approx(assess_buildings(two, P).loss_ratio[1], rel=1e-12)


def test_one_earthquake_and_one_day_take_the_same_mixture():
    motion, none = np.array([0.3]), np.array([0])
    share = shares(adobe=0.25, modern=0.75)[None, :]
    adobe, modern = (building_impact(motion, np.array([kind]), none, P).death[0] for kind in (ADOBE, MODERN))

    event = building_impact(motion, np.array([UNKNOWN]), none, P, share)
    day = day_impact(motion, np.array([UNKNOWN]), none, P, share)

    assert event.death[0] == pytest.approx(0.25 * adobe + 0.75 * modern)
    known = [day_impact(motion, np.array([kind]), none, P).death[0, 0] for kind in (MODERN, ADOBE)]
    assert day.death[0, 1:3] == pytest.approx(known)
    assert known[0] < day.death[0, 0] < known[1]


def test_draws_take_each_type_as_often_as_its_share_and_no_other():
    inputs = buildings([UNKNOWN, UNKNOWN, BRICK], share=shares(adobe=0.25, modern=0.75))
    two = dataclasses.replace(inputs, type_share=np.stack([shares(adobe=0.25, modern=0.75), *[shares(brick=1)] * 2]))
    sums = SchoolSums(np.zeros(3, int), np.ones(3), np.full(3, 1e6), two.persons, two.presence, 1)

    drawn = RiskDraws(two, sums, P, default_laws(), np.random.default_rng(1)).next_world(4000).shaking.unknown

    assert set(drawn[0]) == {ADOBE, MODERN}
    assert (drawn[0] == ADOBE).mean() == pytest.approx(0.25, abs=0.03)
    assert set(drawn[1]) == {BRICK}
