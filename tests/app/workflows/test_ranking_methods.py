"""A ranking stores the three methods beside the priority, and the list can be ordered by each."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.web.method.benefit import BY_OFFERS, BY_WORKS, benefit_rule
from app.workflows import ranking_offers
from app.workflows.rank_schools import rank_schools
from geodata.models import BundleResult, Run, School, SchoolResult
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


def test_benefit_for_the_cost_is_the_best_of_the_stored_offers(session, ranked):
    country, run_id, rows = ranked
    known = rows[country.schools["S1"].code]
    query = select(BundleResult.benefit, BundleResult.cost_som).where(
        BundleResult.run_id == run_id, BundleResult.school_id == known.school_id, BundleResult.cost_som > 0
    )
    ratios = [benefit / cost for benefit, cost in session.execute(query)]

    assert len(ratios) > 3
    assert known.benefit_cost == pytest.approx(1e12 * max(ratios), rel=1e-9)
    assert benefit_rule(session.get(Run, run_id)) == BY_OFFERS


def test_a_ranking_without_offers_keeps_the_rule_of_retrofit_or_replacement_and_says_so(session, ranked, monkeypatch):
    country, run_id, rows = ranked
    code = country.schools["S1"].code
    monkeypatch.setattr(ranking_offers, "MOST_SCHOOLS", 3)

    bare = session.get(Run, rank_schools(session).run_id)
    query = select(SchoolResult).join(School, School.id == SchoolResult.school_id)
    found = session.scalars(query.where(SchoolResult.run_id == bare.id, School.code == code)).one()

    assert bare.id != run_id, "another rule is another run"
    assert session.scalar(select(BundleResult.run_id).where(BundleResult.run_id == bare.id).limit(1)) is None
    assert benefit_rule(bare) == BY_WORKS
    assert found.benefit_cost > 0
    assert found.benefit_cost != pytest.approx(rows[code].benefit_cost, rel=1e-3)


def test_the_list_can_be_ordered_by_each_method_and_unknown_stands_last(session, ranked):
    _, run_id, _ = ranked
    for sort, field in (("safety", "safety_rank"), ("gap", "gap_rank"), ("benefit", "benefit_rank")):
        ranks = [getattr(row, field) for row in select_rows(session, run_id, ListFilter(sort=sort))]
        known = [rank for rank in ranks if rank is not None]
        assert known == sorted(known)
        assert ranks == known + [None] * (len(ranks) - len(known))
