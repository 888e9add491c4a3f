"""Levels of assessors: given by others, valid until a day; they go with answers and decide what a visit counts as."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.assessment.answers import KINDS
from app.workflows.account_errors import (
    BasisMissingError,
    NoSuchAccountError,
    OwnAccountError,
    UnknownLevelError,
    WrongDayError,
)
from app.workflows.assess import start, submit, today
from app.workflows.assess_answer import SentAnswer, save_answer
from app.workflows.assess_errors import RefusedAnswerError
from app.workflows.assessor_levels import give_level
from geodata.queries import assessors, scoring
from tests.factories.assessing import make_assessed_place
from tests.factories.officers import become, become_everybody, make_officer
from tests.factories.surveying import make_level

SOON = (today() + timedelta(days=100)).isoformat()


@pytest.fixture
def place(session):
    return make_assessed_place(session)


@pytest.fixture
def administrator(session):
    return make_officer(session, "administrator")


def visit(session, place, officer, day=1, state="meets", kind="verification"):
    """Let somebody assess, and publish it past the steps."""
    become(session, officer)
    number = start(session, place.rayons.own.code, kind, date(2026, 3, day))
    for criterion in ("WSH-01", "WSH-02"):
        save_answer(session, number, SentAnswer(criterion, state))
    submit(session, number)
    become_everybody(session)
    session.execute(text("UPDATE assessment SET status = 'verified' WHERE id = :id"), {"id": number})
    session.execute(text("UPDATE assessment SET status = 'published' WHERE id = :id"), {"id": number})
    return number


def counted(session, place):
    """Return the kinds that the answers of a ranking count as."""
    criteria = [place.criteria[code].id for code in ("WSH-01", "WSH-02")]
    found = scoring.load_answers(session, place.edition.id, criteria, KINDS, [place.rayons.own.id])
    return {KINDS[kind] for kind in found["kind"]}


def test_a_level_goes_with_each_answer_and_a_visit_without_one_counts_like_the_schools_own(session, place):
    visit(session, place, place.department)
    assert counted(session, place) == {"self"}

    make_level(session, place.department, "trained", today())
    number = visit(session, place, place.department, day=2)

    assert counted(session, place) == {"self", "verification"}
    said = session.scalars(
        text("SELECT content ->> 'level' FROM answer_change WHERE assessment_id = :id"), {"id": number}
    )
    assert set(said) == {"trained"}


def test_a_level_that_ran_out_counts_no_more(session, place):
    make_level(session, place.department, "calibrated", today() - timedelta(days=2))  # a day has begun here first

    visit(session, place, place.department)

    assert counted(session, place) == {"self"}


def test_the_level_of_a_visit_is_the_databases_to_write(session, place):
    number = visit(session, place, place.department)
    session.execute(text("UPDATE assessment SET rater_level = 'certified' WHERE id = :id"), {"id": number})

    assert session.scalar(text("SELECT rater_level FROM assessment WHERE id = :id"), {"id": number}) == "none"


def test_in_an_engineering_survey_only_a_certified_engineer_answers_what_takes_one(session):
    place = make_assessed_place(session, engineering="STR-01")
    engineer = make_officer(session, "engineer", area=place.rayons.rayon)
    become(session, engineer)
    number = start(session, place.rayons.own.code, "survey", date(2026, 3, 1))
    answer = SentAnswer("STR-01", "meets", building=place.blocks[0].code)

    with pytest.raises(RefusedAnswerError, match="level_needed"):
        save_answer(session, number, answer)
    assert save_answer(session, number, SentAnswer("WSH-01", "meets")).answer.version == 1

    become_everybody(session)
    make_level(session, engineer, "certified", today())
    become(session, engineer)
    assert save_answer(session, number, answer).answer.version == 1


def test_raters_of_the_same_places_are_compared(session, place):
    one, other = (make_officer(session, "assessor", area=place.rayons.rayon) for _ in range(2))
    make_level(session, one, "calibrated", today())
    visit(session, place, one, day=1)
    visit(session, place, other, day=2)
    visit(session, place, other, day=3, state="fails")
    become(session, place.department)

    found = {rater.account_id: rater for rater in assessors.raters(session)}

    assert (found[one.id].level, found[one.id].visits) == ("calibrated", 1)
    assert (found[one.id].compared, found[one.id].equal) == (4, 2)  # two criteria against two visits of the other
    assert (found[other.id].level, found[other.id].visits) == ("none", 2)


def test_an_administrator_gives_a_level_and_takes_it_away(session, place, administrator):
    become(session, administrator)
    give_level(session, place.department.id, "calibrated", SOON, " comparison of May ")
    give_level(session, place.department.id, "none", "", "left")

    levels = assessors.levels_of(session, place.department.id)
    assert [(one.level, one.basis) for one in levels] == [("none", "left"), ("calibrated", "comparison of May")]
    assert levels[0].given_by == administrator.name


@pytest.mark.parametrize(
    ("level", "until", "basis", "error"),
    [
        ("master", SOON, "x", UnknownLevelError),
        ("trained", "soon", "x", WrongDayError),
        ("trained", "2020-01-01", "x", WrongDayError),
        ("trained", "2099-01-01", "x", WrongDayError),
        ("trained", "", "x", WrongDayError),
        ("trained", SOON, " \0 ", BasisMissingError),
    ],
)
def test_what_cannot_be_given_is_refused(session, place, administrator, level, until, basis, error):
    become(session, administrator)

    with pytest.raises(error):
        give_level(session, place.department.id, level, until, basis)
    assert assessors.levels_of(session, place.department.id) == []


def test_nobody_gives_a_level_to_themselves_nor_without_the_right(session, place, administrator):
    become(session, administrator)
    with pytest.raises(OwnAccountError):
        give_level(session, administrator.id, "certified", SOON, "x")
    with pytest.raises(NoSuchAccountError):
        give_level(session, 2**31, "certified", SOON, "x")

    become(session, place.department)
    with pytest.raises(ProgrammingError, match="row-level security"):
        assessors.add_level(session, place.director.id, "x", "certified", today(), "x")
