"""Pupils who board are inside day and night: worked out by hand, and as a relation on random schools."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from app.risk.building_risk import BuildingInputs, assess_buildings
from app.risk.parameters import default_parameters
from app.risk.people import presence_of_pupil
from app.workflows import ranking_inputs
from app.workflows.rank_schools import rank_schools
from app.workflows.ranking_inputs import prepare_schools
from geodata.models import School, SchoolResult
from tests.factories.country import make_country

P = default_parameters()
DAYS = 5 * 34


def schools(boarding, pupils=100.0, shifts=(np.nan,) * 3, hours=(np.nan,) * 3, staff=10.0):
    each = np.ones(len(boarding))
    found = {
        "id": np.arange(1, len(boarding) + 1),
        "pupils": pupils * each,
        "shifts": each,
        "staff": staff * each,
        "is_primary": np.zeros(len(boarding)),
        "boarding_pupils": np.array(boarding, dtype=float),
    }
    for number in range(3):
        found[f"shift_pupils_{number + 1}"] = shifts[number] * each
        found[f"shift_hours_{number + 1}"] = hours[number] * each
    return found


def test_forty_of_a_hundred_pupils_who_board_by_hand():
    found = prepare_schools(schools([40]), P)

    persons = ((60 * 5.5 + 40 * 24) * 0.93 + 10 * 6.5) * DAYS / 8760  # 24.54 people, day and night
    assert found.persons == pytest.approx([persons], rel=1e-12)
    assert found.first_hours == pytest.approx([0.6 * 5.5 + 0.4 * 24], rel=1e-12)
    assert presence_of_pupil(found.first_hours, P) == pytest.approx([12.9 * DAYS / 8760 * 0.93], rel=1e-12)


def test_boarders_are_drawn_from_both_shifts_alike():
    found = prepare_schools(schools([60], 600, (400, 200, np.nan), (5.5, 4.0, np.nan), 0), P)

    hours = 360 * 5.5 + 180 * 4.0 + 60 * 24  # a tenth of each shift is there all day
    assert found.persons == pytest.approx([hours * 0.93 * DAYS / 8760], rel=1e-12)
    assert found.first_hours == pytest.approx([0.9 * 5.5 + 0.1 * 24], rel=1e-12)


def test_who_all_board_are_there_day_and_night_and_more_than_all_are_all():
    all_of_them, too_many = prepare_schools(schools([100, 130]), P).first_hours

    assert all_of_them == too_many == 24


@pytest.mark.parametrize("boarding", [np.nan, 0.0])
def test_without_boarders_each_number_is_what_it_was(boarding):
    found = prepare_schools(schools([boarding, 40], 601, (401, 200, np.nan), (5.5, 4.0, np.nan), 41), P)

    assert found.persons[0] == ((401 * 5.5 + 200 * 4.0) * 0.93 + 41 * 6.5) * (5 * 34) / 8760
    assert found.first_hours[0] == 5.5


def test_parameters_without_the_hours_of_boarders_do_where_nobody_boards():
    constants = {name: value for name, value in P.constants.items() if name != "occupancy.hours_boarding"}

    found = prepare_schools(schools([np.nan, 0]), replace(P, constants=constants))

    assert found.first_hours.tolist() == [5.5, 5.5]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_more_hours_present_never_lower_the_risk(seed):
    rng = np.random.default_rng(seed)
    count = 24
    shifts = (rng.integers(20, 900), rng.choice([np.nan, 300.0]), np.nan)
    board = np.sort(np.append(rng.integers(1, 1300, count - 1), 0))
    found = prepare_schools(schools(board, np.nansum(shifts), shifts, staff=rng.integers(0, 90)), P)
    inputs = BuildingInputs(
        building_type=np.full(count, rng.integers(0, len(P.types) + 1)),
        modifiers=np.zeros(count, dtype=np.int64),
        a475_g=np.full(count, rng.uniform(0.05, 0.6)),
        levels={"flood": np.full(count, rng.integers(0, 5), dtype=np.int8)},
        counted=("earthquake", "flood", "fire"),
        persons=found.persons,
        presence=presence_of_pupil(found.first_hours, P),
    )

    risk = assess_buildings(inputs, P)

    assert (np.diff(found.persons) >= -1e-12).all()
    assert (np.diff(risk.individual_risk, axis=0) >= -1e-15).all()
    assert (np.diff(risk.equivalent_fatalities, axis=0) >= -1e-12).all()
    assert risk.individual_risk[-1, 0] > risk.individual_risk[0, 0]


def result(session, run_id, code):
    session.expire_all()
    return session.query(SchoolResult).join(School).filter(SchoolResult.run_id == run_id, School.code == code).one()


def test_a_ranking_takes_boarders_from_the_record_and_leaves_other_schools_alone(session):
    make_country(session)
    before = rank_schools(session).run_id
    session.execute(update(School).where(School.code == "S1").values(boarding_pupils=300))
    after = rank_schools(session).run_id

    assert after != before
    day, night = result(session, before, "S1"), result(session, after, "S1")
    assert night.factor_raw[0] == pytest.approx(day.factor_raw[0] * (0.5 * 5.5 + 0.5 * 24) / 5.5, rel=1e-9)
    assert night.priority_central > day.priority_central
    assert result(session, after, "S2").factor_raw == result(session, before, "S2").factor_raw


def test_an_unknown_number_of_boarders_is_read_as_unknown(session):
    make_country(session)

    assert np.isnan(ranking_inputs.load_schools(session, date(2026, 6, 1), P).boarding).all()
