"""The result of a draft is what the run would say of the same answers, and groups stand apart."""

from datetime import date

import pytest

from app.workflows.assess import open_sheet, start
from app.workflows.assess_answer import SentAnswer, save_answer
from app.workflows.assess_priors import rates_of
from app.workflows.assess_result import result_of
from geodata.queries import priors
from tests.factories.assessing import make_assessed_place
from tests.factories.officers import become, become_everybody, make_officer


@pytest.fixture
def place(session):
    return make_assessed_place(session)


def answer_all(session, place, number, **states):
    for code, criterion in place.criteria.items():
        for block in place.blocks if criterion.scope in ("building", "room") else [None]:
            sheet = open_sheet(session, number, "ky")
            stands = next(
                one.answer
                for one in sheet.places
                if one.question.code == code
                and (one.block.code if one.block else None) == (block.code if block else None)
            )
            sent = {"criterion": code, "building": block.code if block else "", "state": states.get(code, "meets")}
            save_answer(session, number, SentAnswer.of({**sent, "base_version": stands.version if stands else 0}))


def test_a_survey_where_all_is_met_has_grade_a_and_nothing_to_lift(session, place):
    become(session, make_engineer(session, place))
    number = start(session, place.rayons.own.code, "survey", date(2026, 3, 1))
    sheet = open_sheet(session, number, "ky")
    for one in sheet.places:
        sent = {"criterion": one.question.code, "building": one.block.code if one.block else "", "state": "meets"}
        save_answer(session, number, SentAnswer.of(sent))
    result = result_of(open_sheet(session, number, "ky"))

    assert (result.lower, result.central, result.upper, result.completeness) == (100, 100, 100, 1)
    assert (result.grade, result.conformity_class, result.lifts) == ("A", "conforming", ())
    assert result.management.central == 100
    assert result.protection is None  # the engineer neither sees nor asks it


def make_engineer(session, place):
    return make_officer(session, "engineer", area=place.rayons.rayon)


def test_what_the_school_says_itself_is_believed_in_part(session, place):
    """Everything met and unverified: 0.8 of the weight is 1, the rest is open: 80 .. 90 .. 100."""
    become(session, place.director)
    number = start(session, place.rayons.own.code, "self", date(2026, 3, 1))
    answer_all(session, place, number)
    result = result_of(open_sheet(session, number, "ky"))

    assert (round(result.lower, 6), round(result.central, 6), round(result.upper, 6)) == (80, 90, 100)
    assert result.protection is not None


def test_a_failed_red_flag_is_told_with_the_way_out(session, place):
    become(session, place.director)
    number = start(session, place.rayons.own.code, "self", date(2026, 3, 1))
    answer_all(session, place, number, **{"STR-01": "fails", "SEC-01": "fails"})
    result = result_of(open_sheet(session, number, "ky"))

    assert result.grade == "E"
    assert result.central == 25
    assert [one.code for one in result.red_flags] == ["STR-01"]
    assert [[one.code for one in lift.questions] for lift in result.lifts] == [["STR-01"], ["STR-01"]]
    assert {lift.grade for lift in result.lifts} == {"A"}
    assert round(result.protection.central, 6) == 10  # of 0.8 fails, of the rest half: 0.2 x 50


def test_before_anything_is_known_there_is_no_grade(session, place):
    become(session, make_engineer(session, place))
    number = start(session, place.rayons.own.code, "survey", date(2026, 3, 1))
    result = result_of(open_sheet(session, number, "ky"))

    assert (result.grade, result.completeness, result.management) == (None, 0, None)
    assert result.lower == 0
    assert result.upper == 100


def test_open_answers_take_the_rates_of_the_table_in_force(session, place):
    become(session, make_engineer(session, place))
    number = start(session, place.rayons.own.code, "survey", date(2026, 3, 1))
    sheet = open_sheet(session, number, "ky")
    before = result_of(sheet, rates=rates_of(session, sheet))
    rows = [
        {"area": "", "decade": -1, "building_type": "", "criterion": code, "basis": "country", "surveyed": 30,
         "met": 27.0, "rate": 0.9}
        for code in place.criteria
    ]  # fmt: skip
    shares = [
        {"area": "", "decade": decade, "building_type": "KG-ADB", "basis": "equal", "surveyed": 0, "counted": 0,
         "weight": 1.0}
        for decade in (0, 1960)
    ]  # fmt: skip
    facts = {"data_date": date(2026, 3, 1), "edition_id": sheet.visit.edition_id, "buildings": 0, "answers": 0}
    become_everybody(session)
    version = priors.add_version(session, facts, shares, rows)
    priors.put_in_force(session, version.id, None)
    become(session, make_engineer(session, place))
    after = result_of(sheet, rates=rates_of(session, sheet))

    assert (before.lower, before.upper) == (after.lower, after.upper) == (0, 100)
    assert before.central == pytest.approx(50)
    assert after.central == pytest.approx(90)
