"""How many schools pass a criterion is what the ranking counts: the same answers, the same worst building."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from app.workflows.rank_schools import rank_schools
from geodata.models import Answer, Assessment
from geodata.queries.edition_life import pass_share
from tests.factories.country import add_answers, make_country

PARTLY = 0.5


@pytest.fixture
def country(session):
    """S1 is answered by building and as a whole, in several visits; S2 by rooms; S3 and S4 are unknown."""
    made = make_country(session)
    whole = Assessment(
        school_id=made.schools["S1"].id, edition_id=made.edition.id, kind="self", assessed_on=date(2026, 6, 1)
    )
    session.add(whole)
    session.flush()
    for code, state in (("STR-01", "fails"), ("FIRE-01", "fails"), ("WSH-01", "fails")):
        session.add(Answer(assessment_id=whole.id, criterion_id=made.criteria[code].id, state=state))
    rooms = Assessment(
        school_id=made.schools["S2"].id, edition_id=made.edition.id, kind="survey", assessed_on=date(2026, 4, 1)
    )
    session.add(rooms)
    session.flush()
    session.add(
        Answer(
            assessment_id=rooms.id, criterion_id=made.criteria["STR-02"].id, building_id=made.buildings["S2-1"].id,
            state="meets", room_share=0.4,
        )
    )  # fmt: skip
    add_answers(
        session, made, "S3", {"STR-01": "unknown", "WSH-01": "not_applicable"}, kind="self", on=date(2026, 5, 2)
    )
    return made


def test_who_fails_by_the_ranking_fails_here(session, country):
    run = rank_schools(session)
    failed = text("SELECT count(*) FROM domain_result WHERE run_id = :run AND :code = ANY (failed)")

    for code, criterion in country.criteria.items():
        counted = session.scalar(failed, {"run": run.run_id, "code": code})
        assert pass_share(session, criterion.id, PARTLY).fails == counted, code


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("STR-01", (1, 0, 1, 0)),  # S1: each building has an answer of its own, the whole school's is not asked
        ("STR-02", (1, 0, 1, 0)),  # S2: 40 % of the rooms is less than half, and verified
        ("WSH-01", (1, 0, 1, 1)),  # S1: verified before self; S3 does not apply
        ("SEC-05", (1, 0, 0, 0)),
    ],
)
def test_known_answers(session, country, code, expected):
    found = pass_share(session, country.criteria[code].id, PARTLY)

    assert (found.meets, found.partly, found.fails, found.not_applicable) == expected
    assert found.schools == 4


def test_a_building_without_an_answer_takes_the_whole_schools(session, country):
    session.execute(
        text("DELETE FROM answer WHERE building_id = :building AND criterion_id = :criterion"),
        {"building": country.buildings["S1-2"].id, "criterion": country.criteria["FIRE-01"].id},
    )

    assert pass_share(session, country.criteria["FIRE-01"].id, PARTLY).fails == 1


def test_later_answers_than_the_day_do_not_count_and_nothing_known_has_no_share(session, country):
    found = pass_share(session, country.criteria["STR-01"].id, PARTLY, date(2025, 1, 1))

    assert (found.known, found.pass_pct) == (0, None)
    assert pass_share(session, country.criteria["STR-01"].id, PARTLY).pass_pct == 50
