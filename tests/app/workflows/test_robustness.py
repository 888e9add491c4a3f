"""A ranking that was drawn: intervals, labels and what decides, from the database to the database."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
from sqlalchemy import func, select, update

from app.prioritisation.errors import TooManyDrawsError
from app.risk.parameters import default_parameters
from app.workflows import ranking_inputs, ranking_screening, robustness
from app.workflows.rank_schools import rank_schools
from geodata.models import Building, BuildingScreening, Run, RunDraws, School, SchoolResult, SchoolRobustness
from geodata.queries.rivals import rivals_of
from geodata.queries.robustness import contested, label_counts
from geodata.queries.schools import buildings
from tests.factories.country import make_country
from tests.factories.stored_plans import make_plan
from tests.factories.surveying import make_published_survey

DRAWS = 300
DAY = date(2026, 6, 1)


def firm(session, summary):
    rows = session.scalars(select(SchoolRobustness).where(SchoolRobustness.run_id == summary.run_id))
    return {row.school_id: row for row in rows}


def results(session, summary):
    rows = session.scalars(select(SchoolResult).where(SchoolResult.run_id == summary.run_id))
    return {row.school_id: row for row in rows}


def test_drawn_intervals_stand_in_the_results_and_hold_the_rank(session):
    country = make_country(session)
    summary = rank_schools(session, draws=DRAWS)
    plan = session.get(RunDraws, summary.run_id)
    found, rows = firm(session, summary), results(session, summary)

    assert (plan.draws, plan.seed, plan.top_count) == (DRAWS, default_parameters()["uncertainty.seed"], 1)
    assert set(found) == set(rows)
    for school, row in rows.items():
        assert row.rank_low <= row.national_rank <= row.rank_high
        assert found[school].score_low <= found[school].score_high
        assert 0 <= found[school].p_top <= 1
    assert sum(row.p_first for row in found.values()) == pytest.approx(1)
    assert sum(row.p_top for row in found.values()) == pytest.approx(plan.top_count)
    nothing_known = found[country.schools["S4"].id]
    assert nothing_known.score_high - nothing_known.score_low > 30
    last = max(rows.values(), key=lambda row: row.national_rank)
    assert [found[school].p_above_next for school in rows if school == last.school_id] == [None]


def test_schools_around_the_cut_stand_against_each_other_with_the_weights_that_favour_them(session):
    make_country(session)
    summary = rank_schools(session, draws=DRAWS)
    found, near = firm(session, summary), rivals_of(session, summary.run_id)
    by_code = {row.code: row for row in near}
    drawn = session.get(RunDraws, summary.run_id)
    shares = {row.code: share for row, share in zip(near, (row.p_top for row in near), strict=True)}

    assert [row.national_rank for row in near] == sorted(row.national_rank for row in near)
    assert len(near) == len(found) == 4, "a short list is near its cut as a whole"
    assert sum(drawn.mean_weights) == pytest.approx(1)
    for one in near:
        assert set(one.above) == set(by_code) - {one.code}
        assert all(share + by_code[other].above[one.code] == pytest.approx(1) for other, share in one.above.items())
        assert (one.top_weights is None) == (shares[one.code] == 0)
        assert (one.confidence is None) == (one.top_weights is None)
        if one.top_weights is not None:
            assert sum(one.top_weights) == pytest.approx(1)
            assert 0 <= one.confidence <= 1
    first = next(row for row in near if row.national_rank == 1)
    assert first.above[next(row.code for row in near if row.national_rank == 2)] == pytest.approx(
        next(row.p_above_next for row in found.values() if row.p_above_next is not None
             and row.school_id == session.scalar(select(School.id).where(School.code == first.code))))  # fmt: skip


def test_scores_and_ranks_are_those_without_draws_and_the_hash_tells_them_apart(session):
    make_country(session)
    plain, drawn = rank_schools(session), rank_schools(session, draws=DRAWS)
    before, after = results(session, plain), results(session, drawn)

    assert plain.hash != drawn.hash
    for school, row in before.items():
        assert after[school].priority_central == row.priority_central
        assert after[school].national_rank == row.national_rank
    content = json.loads(session.get(Run, drawn.run_id).canonical)
    assert content["draws"] == {"count": DRAWS, "seed": 20261201, "top": 1}
    assert session.get(RunDraws, plain.run_id) is None


def test_the_same_seed_gives_the_same_bytes_and_no_second_run(session, monkeypatch):
    make_country(session)
    kept = []
    store = robustness.store
    monkeypatch.setattr(robustness, "store", lambda *given: (kept.append(given[-1]), store(*given)))

    first, second = rank_schools(session, draws=DRAWS), rank_schools(session, draws=DRAWS)
    monkeypatch.setattr("app.workflows.rank_schools.code_version", lambda: "another")
    third = rank_schools(session, draws=DRAWS)

    assert (first.hash, second.is_new, third.is_new) == (second.hash, False, True)
    assert len(kept) == 2
    for name in ("low", "high", "p_top", "p_first", "p_above_next", "score_low", "decided_share"):
        assert getattr(kept[0], name).tobytes() == getattr(kept[1], name).tobytes()


def test_a_missing_fact_widens_the_drawn_score(session):
    country = make_country(session)
    before = firm(session, rank_schools(session, draws=4000))
    country.schools["S1"].seats = None
    session.flush()
    after = firm(session, rank_schools(session, draws=4000))

    def width(found):
        row = found[country.schools["S1"].id]
        return row.score_high - row.score_low

    assert width(after) > width(before)


def test_contested_schools_are_named_with_what_would_decide_them(session):
    make_country(session)
    summary = rank_schools(session, draws=DRAWS)
    factors = [f"C{number}" for number in range(1, 9)]

    found = contested(session, summary.run_id, 1, factors)

    counts = label_counts(session, summary.run_id)
    assert sum(counts.values()) == 4
    assert len(found) == counts.get("contested", 0) + counts.get("likely", 0) > 0
    assert all(row.decided_by in factors and 0 < row.decided_share <= 1 for row in found)
    assert [abs(row.national_rank - 1) for row in found] == sorted(abs(row.national_rank - 1) for row in found)


def test_each_building_has_a_second_opinion_with_what_moved_it(session):
    country = make_country(session)
    walls = country.buildings["S1-1"]
    walls.year_built, walls.vertical_irregularity = 1950, True
    session.flush()
    summary = rank_schools(session)

    found = buildings(session, country.schools["S1"].id, summary.run_id)

    mine = next(one.screening for one in found if one.id == walls.id)
    assert mine is not None
    assert mine.score is not None
    assert {"VERT_SEVERE", "PRE_CODE"} <= set(mine.items)
    assert "vertical_irregularity" in mine.modifiers
    assert session.scalar(select(func.count()).select_from(BuildingScreening)) == len(country.buildings)


def test_the_second_opinion_is_compared_with_shaking_alone(session):
    """A slide that kills makes no building fail under an earthquake, and the screening says nothing of hours."""
    make_country(session)
    parameters = default_parameters()
    schools = ranking_inputs.load_schools(session, DAY, parameters)
    known = ranking_inputs.load_buildings(session, schools, DAY, parameters)
    hazards = ranking_inputs.load_hazards(session, schools, known, parameters)
    before = ranking_screening.shaking_risk(known, hazards, parameters)

    hazards.levels["landslide"][:] = 4
    sliding = ranking_screening.shaking_risk(known, hazards, parameters)
    hazards.a475_g *= 2
    shaken = ranking_screening.shaking_risk(known, hazards, parameters)

    is_known = ~np.isnan(before)
    assert is_known.any()
    assert sliding == pytest.approx(before, nan_ok=True)
    assert (shaken[is_known] > before[is_known]).all()


def test_the_second_opinion_takes_the_severity_from_the_survey_in_force(session):
    country = make_country(session)
    walls = country.buildings["S1-1"]
    walls.vertical_irregularity, walls.year_built = True, 1950
    session.flush()
    before = rank_schools(session)
    make_published_survey(session, walls, {"vertical": "moderate"})
    session.execute(update(Building).where(Building.id == walls.id).values(year_built=1951))

    after = rank_schools(session)

    severe, moderate = (
        next(one.screening for one in buildings(session, walls.school_id, run.run_id) if one.id == walls.id)
        for run in (before, after)
    )
    assert "VERT_SEVERE" in severe.items
    assert "VERT_MODERATE" in moderate.items
    assert moderate.score >= severe.score


def test_draws_that_do_not_fit_are_refused(session):
    make_country(session)

    with pytest.raises(TooManyDrawsError):
        rank_schools(session, draws=200_000_000)


def test_the_cut_is_how_many_schools_the_published_plan_funds(session):
    country = make_country(session)
    first = rank_schools(session, draws=DRAWS)
    run = session.get(Run, first.run_id)
    funded = [(country.schools[code], "RET-P", 1_000_000, {}) for code in ("S1", "S2", "S3")]
    make_plan(session, run, funded[:2], published=False, budget_som=9_000_000)
    unpublished = rank_schools(session, draws=DRAWS)
    plan = make_plan(session, run, funded)
    second = rank_schools(session, draws=DRAWS)
    found = firm(session, second)

    assert unpublished.hash == first.hash, "a draft decides nothing"
    assert session.get(RunDraws, second.run_id).top_count == 3
    assert json.loads(session.get(Run, second.run_id).canonical)["draws"]["plan"] == plan.hash
    assert sum(row.p_top for row in found.values()) == pytest.approx(3)
