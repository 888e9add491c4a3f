"""What a run says about the quality of what it knows: verified, expired, compared, contradicting."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from app.workflows.rank_schools import rank_schools
from geodata.database import set_scope
from geodata.models import Answer, AreaQuality, School, SchoolQuality
from geodata.queries import run_quality
from tests.factories.country import add_answers, make_country
from tests.factories.schools import make_school

MAY = date(2026, 5, 1)


def qualities(session, run_id):
    session.expire_all()
    rows = session.execute(
        select(School.code, SchoolQuality).join(School, School.id == SchoolQuality.school_id).filter_by(run_id=run_id)
    )
    return dict(rows.all())


def test_verified_answers_are_firm_until_their_shelf_life_has_passed(session):
    make_country(session)
    fresh = qualities(session, rank_schools(session).run_id)["S1"]
    make_school(session, code="S5", source_date=date(2031, 4, 30))  # the data are of the last day of five years
    last = qualities(session, rank_schools(session).run_id)["S1"]
    make_school(session, code="S6", source_date=date(2031, 5, 1))
    old = qualities(session, rank_schools(session).run_id)["S1"]

    assert (fresh.verified_share, fresh.firm_share, fresh.expired_share) == (1, 1, 0)
    assert (last.firm_share, last.expired_share) == (1, 0)
    assert (old.verified_share, old.firm_share, old.expired_share) == (1, 0, 1)
    assert (old.evidence_on, old.first_expiry_on) == (MAY, date(2031, 5, 1))


def test_the_shelf_life_is_the_criterions_own_and_counts_from_the_evidence(session):
    country = make_country(session, shelf_life_months={"STR-01": 12})
    first = qualities(session, rank_schools(session).run_id)["S1"]
    session.execute(update(Answer).values(evidence_on=date(2025, 7, 31)))
    older = qualities(session, rank_schools(session).run_id)["S1"]

    assert first.first_expiry_on == date(2027, 5, 1)
    assert older.first_expiry_on == date(2026, 7, 31)
    assert older.evidence_on == date(2025, 7, 31)
    assert country.criteria["STR-01"].shelf_life_months == 12


def test_of_a_school_that_nobody_assessed_nothing_is_told(session):
    make_country(session)
    found = qualities(session, rank_schools(session).run_id)["S4"]

    assert (found.verified_share, found.expired_share, found.evidence_on, found.first_expiry_on) == (
        0,
        None,
        None,
        None,
    )
    assert (found.compared, found.equal_share, found.index_gap, found.doubts) == (0, None, None, [])


def test_a_second_rater_shows_the_gap_of_a_school_and_of_its_rayon(session):
    country = make_country(session)
    country.areas["R1"].parent_id = country.areas["R2"].parent_id = country.areas["O1"].id
    answers = {"STR-01": "meets", "STR-02": "meets", "FIRE-01": "meets", "WSH-01": "meets"}
    add_answers(session, country, "S3", answers, kind="self", on=MAY)
    add_answers(session, country, "S3", answers | {"STR-02": "fails"}, kind="verification", on=date(2026, 5, 20))
    run_id = rank_schools(session).run_id
    found = qualities(session, run_id)["S3"]

    assert (found.compared, found.equal_share) == (4, 0.75)
    assert found.index_gap == pytest.approx(100 * 3 / 15)  # weight 3 of 4 + 3 + 5 + 3
    assert "raters" in found.doubts
    own = run_quality.own_quality(session, run_id, "R2")
    assert (own.schools, own.assessed, own.compared, own.doubtful) == (1, 1, 1, 1)
    assert (own.equal_share, own.doubts["raters"]) == (0.75, 1)
    beside = {row.code: row for row in run_quality.areas_of(session, run_id, "O1", MAY)}
    assert beside.keys() == {"R1", "R2"}
    assert (beside["R1"].compared, beside["R1"].equal_share) == (0, None)


def test_contradictions_in_facts_and_answers_are_named(session):
    country = make_country(session)
    first, second = country.schools["S1"], country.schools["S2"]
    first.shift_pupils, first.location_flags = [400, 100], ["in_lake"]
    second.seats = 0
    session.flush()
    found = qualities(session, rank_schools(session).run_id)

    assert found["S1"].doubts == ["shift_sum", "location"]
    assert found["S2"].doubts == ["seats_zero"]


def test_a_value_that_its_own_state_denies_is_named(session):
    norm = {"value_type": "num", "operator": ">=", "threshold_min": "18"}
    country = make_country(session, details={"WSH-01": norm})
    ids = {"criterion_id": country.criteria["WSH-01"].id}
    session.execute(update(Answer).filter_by(**ids, state="meets").values(value=18))
    right = qualities(session, rank_schools(session).run_id)
    session.execute(update(Answer).filter_by(**ids, state="meets").values(value=17.5))
    country.schools["S1"].seats = 401
    session.flush()
    wrong = qualities(session, rank_schools(session).run_id)

    assert right["S1"].doubts == []
    assert wrong["S1"].doubts == ["value_state"]


def test_the_public_sees_the_quality_of_published_runs_only(session):
    make_country(session)
    hidden = rank_schools(session, publish=False).run_id
    set_scope(session, "public")

    assert session.scalars(select(SchoolQuality.run_id).filter_by(run_id=hidden)).all() == []
    assert session.scalars(select(AreaQuality.run_id).filter_by(run_id=hidden)).all() == []
    assert session.scalars(select(Answer.id)).first() is not None
