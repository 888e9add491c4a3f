"""A ranking stores the three methods beside the priority, and the list can be ordered by each."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.workflows.rank_schools import rank_schools
from geodata.models import School, SchoolResult
from geodata.queries.priorities import select_rows
from geodata.records.priority import ListFilter
from tests.factories.country import make_country


@pytest.fixture
def ranked(session):
    country = make_country(session)
    run_id = rank_schools(session).run_id
    rows = session.execute(select(School.code, SchoolResult).join(School, School.id == SchoolResult.school_id))
    return country, run_id, {code: row for code, row in rows if row.run_id == run_id}


def test_every_school_has_a_place_by_safety_and_the_failed_red_flag_comes_first(ranked):
    country, _, rows = ranked

    assert sorted(row.safety_rank for row in rows.values()) == [1, 2, 3, 4]
    assert rows[country.schools["S2"].code].grade == "E"
    assert rows[country.schools["S2"].code].safety_rank == 1


def test_what_is_not_known_has_no_place(ranked):
    country, _, rows = ranked
    bare = rows[country.schools["S4"].code]

    assert (bare.gap_points, bare.gap_rank) == (None, None)
    assert (bare.benefit_cost, bare.benefit_rank) == (None, None)


def test_a_known_building_gains_something_for_its_cost(ranked):
    country, _, rows = ranked
    known = rows[country.schools["S1"].code]

    assert known.gap_points == pytest.approx((100 - known.index_central) * known.pupils)
    assert known.benefit_cost > 0
    assert known.benefit_rank >= 1


def test_the_list_can_be_ordered_by_each_method_and_unknown_stands_last(session, ranked):
    _, run_id, _ = ranked
    for sort, field in (("safety", "safety_rank"), ("gap", "gap_rank"), ("benefit", "benefit_rank")):
        ranks = [getattr(row, field) for row in select_rows(session, run_id, ListFilter(sort=sort))]
        known = [rank for rank in ranks if rank is not None]
        assert known == sorted(known)
        assert ranks == known + [None] * (len(ranks) - len(known))
