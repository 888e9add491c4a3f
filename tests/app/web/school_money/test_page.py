"""A school's money page: bundles, rule and reasons; costs by engineers, decisions, tables; who may record them."""

import io

import pytest

from geodata.models import SchoolWorks
from geodata.queries import works
from tests.factories.officers import become_everybody, make_officer
from tests.factories.plans import make_offer, make_plan
from tests.factories.ranked_country import make_ranked_country
from tests.support.pages import PageClient, check
from tests.support.queries import questions_of
from tests.support.web import csrf_token, sign_in

PASSWORD = "correct horse battery"
COST = {
    "measures": "RET-S", "building": "", "cost": "41 500 000", "document": "Report No. 12", "stage": "survey",
    "documented_on": "2025-09-01", "priced_on": "2025-08-01", "replaces": "",
}  # fmt: skip


@pytest.fixture
def made(session):
    country = make_ranked_country(session)
    bounds = {"cost_low_som": 6_000_000, "cost_high_som": 16_000_000}
    paid = make_offer(session, country.run, country.worst, "RET", **bounds)
    make_offer(session, country.run, country.worst, "REP", cost_som=30_000_000)
    make_offer(session, country.run, country.worst, "HEAT", cost_som=None)
    make_offer(session, country.run, country.unknown, "WASH", benefit=0.0001)
    facts = {"is_condemned": False, "is_on_slide": False, "is_in_flow": False}
    money = {"retrofit_som": 10_000_000, "replacement_som": 25_000_000}
    session.add(SchoolWorks(run_id=country.run.id, school_id=country.worst.id, **money, **facts))
    country.plan = make_plan(session, country.run, [paid], canonical='{"budget_som":12000000,"floor_share":"0"}')
    session.flush()
    return country


@pytest.fixture
def engineer(app, session, made):
    become_everybody(session)
    officer = make_officer(session, "engineer", area=made.oblast, password=PASSWORD, is_synthetic=True)
    client = app.test_client()
    assert sign_in(client, officer.name, PASSWORD).status_code == 303
    return client


def send(client, code, what, **form):
    token = csrf_token(client, "/en/data")
    return client.post(f"/en/schools/{code}/money/{what}", data={"csrf_token": token, **form})


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_page_shows_costs_with_bounds_benefits_rule_and_reasons(app, made, language):
    page = PageClient(app).get(f"/{language}/schools/{made.worst.code}/money")

    assert len(page.all(".//section[@id='measures']//tbody/tr")) == 3
    if language == "en":
        assert (
            "Full seismic strengthening would cost about 10,000,000 som, between 6,000,000 and 16,000,000." in page.text
        )
        assert "order of magnitude" in page.text
        assert "Funded: Full seismic strengthening, 10,000,000 som." in page.text
        assert "Unknown never funded by itself".replace(" ", "") in page.text.replace(" ", "")
        assert "40%" in page.text
        assert "Strengthening is worth it" in page.text


def test_the_page_asks_no_more_than_any_page(app, made, session):
    PageClient(app).get(f"/ky/schools/{made.worst.code}/money")  # what the plan rests on is made once a plan
    with questions_of(session) as asked:
        PageClient(app).get(f"/en/schools/{made.worst.code}/money")

    assert len(asked) <= 9


def test_a_school_without_any_measure_and_one_without_a_plan_are_told_so(app, made, session):
    assert "Not funded" in PageClient(app).get(f"/en/schools/{made.unknown.code}/money").text
    made.plan.is_published = False
    session.flush()
    assert "No plan for a budget has been published" in PageClient(app).get(f"/en/schools/{made.worst.code}/money").text
    PageClient(app).get(f"/en/schools/{made.worst.code}/money?plan={made.plan.hash[:16]}", status=404)


def test_an_engineer_records_replaces_and_takes_back_a_cost_and_history_stays(session, engineer, made):
    code = made.worst.code
    assert send(engineer, code, "figure", **COST).status_code == 303
    first = works.figures_at(session, made.worst.id)[0]
    assert (first.measures, first.cost_som, first.stands) == ("RET", 41_500_000, True)

    newer = {**COST, "cost": "39000000", "stage": "expertise", "replaces": str(first.id)}
    assert send(engineer, code, "figure", **newer).status_code == 303
    assert send(engineer, code, "figure", **newer).status_code == 409  # somebody who still looks at the first
    second = works.figures_at(session, made.worst.id)[0]
    assert send(engineer, code, f"figure/{second.id}/back", document="Letter 3").status_code == 303

    assert [one.cost_som for one in works.figures_at(session, made.worst.id)] == [None, 39_000_000, 41_500_000]
    assert works.figures_in_force(session) == []
    assert "Report No. 12" in check("/x", engineer.get(f"/en/schools/{code}/money")).html


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("cost", "-5", "A cost is above zero."),
        ("cost", "0", "A cost is above zero."),
        ("cost", "1.5 mln", "Whole som, digits only."),
        ("measures", "GOLD", "There is no such bundle or measure."),
        ("building", "no-such", "The school has no such building"),
        ("document", "", "Name the document"),
        ("priced_on", "2099-01-01", "A day that has come already."),
        ("stage", "guess", "Choose from the list"),
    ],
)
def test_what_is_wrong_with_a_cost_is_told_and_nothing_is_recorded(session, engineer, made, field, value, told):
    answer = send(engineer, made.worst.code, "figure", **{**COST, field: value})

    assert answer.status_code == 422
    assert told in check("/x", answer).text
    assert works.figures_at(session, made.worst.id) == []


def test_a_decision_stands_with_its_reason_until_the_rule_is_given_back(session, engineer, made):
    code = made.worst.code
    assert send(engineer, code, "choice", choice="replace", reason="", document="Order 4").status_code == 422
    assert send(engineer, code, "choice", choice="replace", reason="Soil", document="Order 4").status_code == 303
    assert send(engineer, code, "choice", choice="retrofit", reason="x", document="y").status_code == 409
    held = works.choices_at(session, made.worst.id)[0]
    assert (held.choice, works.choices_in_force(session)[0].choice) == ("replace", "replace")

    given = {"choice": "", "reason": "New survey", "document": "Report 9", "replaces": str(held.id)}
    assert send(engineer, code, "choice", **given).status_code == 303
    assert works.choices_in_force(session) == []
    assert "Soil" in check("/x", engineer.get(f"/en/schools/{code}/money")).text


def test_others_may_not_record_and_visitors_are_asked_to_sign_in(app, session, made):
    become_everybody(session)
    director = make_officer(session, "school", school=made.worst, password=PASSWORD, is_synthetic=True)
    client = app.test_client()
    sign_in(client, director.name, PASSWORD)

    assert send(client, made.worst.code, "figure", **COST).status_code == 403
    visitor = app.test_client()
    form = {"csrf_token": csrf_token(visitor), **COST}
    assert visitor.post(f"/en/schools/{made.worst.code}/money/figure", data=form).status_code == 401
    assert "Record the cost" not in client.get(f"/en/schools/{made.worst.code}/money").text


HEAD = "school,building,measures,cost,document,documented_on,priced_on,stage\n"


def table(client, code, rows):
    content = (io.BytesIO((HEAD + rows).encode()), "costs.csv")
    return send(client, code, "file", file=content)


def test_a_table_of_costs_is_taken_whole(session, engineer, made):
    worst, unknown = made.worst.code, made.unknown.code
    rows = f"{worst},{worst}-1,RET-S,9000000,Report 1,01.09.2025,2025-08-01,design\n"
    rows += f"{unknown},,WASH,3 000 000,Report 1,2025-09-01,2025-08-01,survey\n"
    answer = table(engineer, worst, rows)

    assert answer.status_code == 303, answer.text[-2000:]
    found = works.figures_in_force(session)
    assert [(one.measures, one.cost_som, one.building_id is None) for one in found] == [
        ("RET", 9_000_000, False),
        ("WASH", 3_000_000, True),
    ]


def test_faulty_rows_are_named_and_nothing_of_the_table_is_taken(session, engineer, made):
    worst = made.worst.code
    good = f"{worst},,REP,30000000,Report 1,2025-09-01,2025-08-01,design\n"
    rows = good + good
    rows += "0000000000,,REP,30000000,Report 1,2025-09-01,2025-08-01,design\n"
    rows += f"{worst},,GOLD,-7,Report 1,2025-09-01,2025-08-01,design\n"
    text = check("/x", table(engineer, worst, rows)).text

    assert "Row 3, 0000777001: The same measure of the same place stands in the file twice." in text
    assert "Row 4, 0000000000: There is no such school." in text
    assert "Row 5, 0000777001: There is no such bundle or measure." in text
    assert "Row 5, 0000777001: A cost is above zero." in text
    assert works.figures_at(session, made.worst.id) == []
    missing = send(engineer, worst, "file", file=(io.BytesIO(b"school,cost\n1,2\n"), "x.csv"))
    assert missing.status_code == 422
