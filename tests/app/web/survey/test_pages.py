"""Survey first: each reason alone brings a school onto the list, and knowledge takes it off again."""

import pytest
from sqlalchemy import delete, update

from app.risk.parameters import UNKNOWN_TYPE
from app.web.survey.routes import by_worth
from app.workflows.rank_schools import rank_schools
from geodata.models import Answer, Building, HazardLayer, School
from geodata.queries.survey_first import SurveyRow
from geodata.queries.survey_values import SurveyWorth
from tests.factories.country import make_country
from tests.support.pages import PageClient

TYPE = "Unknown type of a building where strong shaking is expected"
FLAG = "A critical requirement that nobody has looked at"
LITTLE = "Too little is known, and many pupils"


@pytest.fixture
def country(session):
    made = make_country(session)
    session.execute(update(HazardLayer).values(is_public=True))
    return made


def listed(session, app, query="", language="en"):
    rank_schools(session)
    page = PageClient(app).get(f"/{language}/priorities/survey{query}")
    return {row[0].split(" · ")[-1]: row[1] for row in page.rows() if len(row) == 5}


def test_a_school_of_which_all_is_known_is_not_listed(session, app, country):
    assert "S1" not in listed(session, app)


def test_a_building_of_unknown_type_under_strong_shaking_is_a_reason(session, app, country):
    session.execute(
        update(Building).where(Building.school_id == country.schools["S1"].id).values(building_type=UNKNOWN_TYPE)
    )

    assert listed(session, app)["S1"] == TYPE


def test_weak_shaking_is_none(session, app, country):
    session.execute(
        update(Building).where(Building.school_id == country.schools["S1"].id).values(building_type=UNKNOWN_TYPE)
    )
    session.execute(
        update(HazardLayer)
        .where(HazardLayer.hazard == "earthquake")
        .values(manifest={"code": "earthquake_test", "quantity": "pga_g", "return_period_years": 95})
    )

    assert "S1" not in listed(session, app)


def test_a_critical_requirement_without_an_answer_in_one_building_is_a_reason(session, app, country):
    building = session.query(Building).filter_by(school_id=country.schools["S1"].id).order_by(Building.code).first()
    session.execute(
        delete(Answer).where(
            Answer.criterion_id == country.criteria["STR-01"].id,
            (Answer.building_id == building.id) | Answer.building_id.is_(None),
        )
    )

    assert listed(session, app)["S1"].startswith(FLAG)


@pytest.mark.parametrize(("pupils", "is_listed"), [(101, True), (100, False), (None, False)])
def test_little_knowledge_and_many_pupils_are_a_reason(session, app, country, pupils, is_listed):
    session.execute(update(School).where(School.id == country.schools["S3"].id).values(pupils=pupils, shift_pupils=[]))

    assert (LITTLE in listed(session, app)["S3"]) is is_listed


def test_area_and_reason_choose(session, app, country):
    everywhere = listed(session, app)
    area = country.areas["R2"].code

    assert set(listed(session, app, f"?area={area}")) == {"S3"} < set(everywhere)
    assert all(LITTLE in reasons for reasons in listed(session, app, "?reason=insufficient_data").values())
    assert app.test_client().get("/en/priorities/survey?reason=x").status_code == 400


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_the_page_speaks_every_language(session, app, country, language):
    assert listed(session, app, language=language)


def test_the_file_holds_the_same_schools(session, app, country):
    names = listed(session, app)
    body = app.test_client().get("/en/priorities/survey.csv").get_data().decode("utf-8-sig")

    assert [line.split(",")[0] for line in body.splitlines()[1 : len(names) + 1]] == list(names)
    assert app.test_client().get("/en/priorities/survey.xlsx").data[:2] == b"PK"


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_other_schools_follow_by_what_a_visit_is_worth_with_the_reason(session, app, country, language):
    first = listed(session, app)
    rows = [row for row in PageClient(app).get(f"/{language}/priorities/survey").rows() if len(row) == 6]

    assert {row[0].split(" · ")[-1] for row in rows} == {"S1", "S2", "S3", "S4"} - set(first)
    assert all(row[1] for row in rows)


def test_the_file_holds_all_schools_with_the_worth_of_a_visit(session, app, country):
    listed(session, app)
    lines = app.test_client().get("/en/priorities/survey.csv").get_data().decode("utf-8-sig").splitlines()

    assert {line.split(",")[0] for line in lines[1:]} == {"S1", "S2", "S3", "S4"}
    assert "net_som,survey_som,switches_pct" in lines[0]
    assert "The money is enough for all measures" in "".join(lines)


def test_of_those_that_always_come_first_the_one_whose_visit_is_worth_most_comes_first():
    school = SurveyRow("A", *[None] * 7, 1, None, None, 0, True, True, True)
    worth = SurveyWorth("A", *[None] * 7, 1, None, None, None, None, 100, 0.0, -100.0, 0.0, None, "decided")
    found = [school._replace(code=code) for code in "ABCD"]
    values = {
        "A": worth,
        "B": worth._replace(net_som=50.0, reason="may_enter"),
        "C": worth._replace(net_som=900.0, survey_som=300, reason="may_leave"),
    }

    assert [row.code for row in by_worth(found, values)] == ["C", "B", "A", "D"]
