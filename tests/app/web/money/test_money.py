"""The budget page: figures of one computation, money in whole som, and nothing unpublished for visitors."""

from __future__ import annotations

import os
import re

import pytest
from sqlalchemy import event, text

from app.workflows.allocate_budget import Wish, allocate_budget
from app.workflows.jobs import run_job
from app.workflows.rank_schools import rank_schools
from geodata.database import make_engine, open_session
from tests.factories.country import make_country
from tests.support import database as test_database
from tests.support.importing import NAME, PASSWORD, make_import_app
from tests.support.pages import check
from tests.support.web import csrf_token, sign_in


@pytest.fixture(scope="module")
def own_database():
    made = test_database.create(f"mektep_money_{os.getpid()}")
    engine = make_engine(made.url("mektep_worker"))
    with open_session(engine, "national") as session:
        make_country(session)
        session.execute(text("UPDATE building SET area_m2 = 800 WHERE area_m2 IS NULL"))
        found = rank_schools(session, publish=True).hash
        allocate_budget(session, found, Wish(300_000_000))
    engine.dispose()
    yield made
    test_database.drop(made)


@pytest.fixture(scope="module")
def app(own_database, tmp_path_factory):
    made = make_import_app(own_database, tmp_path_factory.mktemp("var"))
    yield made
    made.extensions["engine"].dispose()


def figures(page):
    return [re.sub(r"\s", "", one) for one in re.findall(r'<dd class="v">([^<]*)</dd>', page)]


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_page_says_what_a_budget_buys(app, language):
    page = app.test_client().get(f"/{language}/money?budget=300&floors=50")

    check(f"/{language}/money", page)
    helped, used = figures(page.text)[:2]
    assert int(re.sub(r"\D", "", helped)) > 0
    assert 0 < int(re.sub(r"\D", "", used)) <= 300_000_000


def test_more_money_helps_no_fewer_and_nothing_buys_nothing(app):
    client = app.test_client()
    shares = [
        float(figures(client.get(f"/en/money?budget={budget}&floors=0").text)[2].rstrip("%"))
        for budget in (0, 100, 900)
    ]

    assert shares[0] == 0
    assert shares[0] < shares[1] <= shares[2]


@pytest.mark.parametrize("query", ["budget=-5", "budget=abc", "budget=99999999999", "floors=13"])
def test_what_is_no_money_is_told_and_shows_the_default(app, query):
    page = app.test_client().get(f"/ky/money?{query}")

    assert page.status_code == 200
    assert 'role="alert"' in page.text


def test_a_plan_is_made_by_a_planner_and_seen_by_others_when_it_is_published(app, own_database):
    visitor, planner = app.test_client(), app.test_client()
    assert visitor.post("/ky/money/plans", data={"csrf_token": csrf_token(visitor)}).status_code == 401
    sign_in(planner, NAME, PASSWORD)
    token = csrf_token(planner, "/ky/money")

    started = planner.post("/ky/money/plans", data={"csrf_token": token, "budget": "250", "floors": "50"})
    job = started.headers["Location"].rsplit("/", 1)[1]
    engine = make_engine(own_database.url("mektep_worker"))
    run_job(engine, app.extensions["settings"], job)
    with open_session(engine, "national") as session:
        plan = session.execute(text("SELECT hash, cost_som FROM plan ORDER BY id DESC LIMIT 1")).one()
    engine.dispose()
    address = f"/ky/money/plans/{plan.hash[:16]}"
    before = visitor.get(address).status_code
    page = planner.get(address)
    published = planner.post(f"{address}/publish", data={"csrf_token": token})
    after = visitor.get(address)

    check(address, page)
    assert "бөлүштүрүү үчүн эмес" in page.text
    assert (before, published.status_code, after.status_code) == (404, 303, 200)
    costs = [int(re.sub(r"\D", "", cell)) for cell in re.findall(r'<td class="r"[^>]*>([^<]*)</td></tr>', after.text)]
    assert sum(costs) == plan.cost_som


def test_a_plan_that_is_not_there_answers_like_one_that_is_not_published(app):
    assert app.test_client().get(f"/ky/money/plans/{'f' * 64}").status_code == 404


SOURCES = "first=2027&m-republican_budget-0=60&m-local_budget-0=20&m-republican_budget-1=90&floors=0"


def number(text):
    return int(re.sub(r"\D", "", text))


def test_sources_and_years_agree_with_the_money_used_to_the_som(app):
    page = app.test_client().get(f"/en/money?{SOURCES}")

    check("/en/money", page)
    rows = re.findall(
        r'<tr><td>(\d{4})</td><th scope="row">([^<]+)</th><td class="r num">([^<]+)</td>'
        r'<td class="r num of-plan">([^<]+)</td>',
        page.text,
    )
    assert [(year, source, number(money)) for year, source, money, _paid in rows] == [
        ("2027", "Republican budget", 60_000_000),
        ("2027", "Local budget", 20_000_000),
        ("2028", "Republican budget", 90_000_000),
    ]
    assert all(number(paid) <= number(money) for _year, _source, money, paid in rows)
    assert sum(number(paid) for *_rest, paid in rows) == number(figures(page.text)[1]) > 0
    assert 0 < number(rows[1][3]) < number(rows[0][3]), "local budgets pay their share only"


@pytest.mark.parametrize("source", ["parents", "board_of_trustees"])
def test_no_field_and_no_address_gives_money_of_families(app, source):
    page = app.test_client().get(f"/en/money?m-{source}-0=500&budget=0")

    assert f'name="m-{source}' not in page.text
    assert number(figures(page.text)[1]) == 0
    assert "never a source" in page.text


@pytest.mark.parametrize(
    ("query", "told"),
    [
        pytest.param("budget=100&low-O1=900", "the budget is 100,000,000 som. Lower the floors", id="floors"),
        pytest.param("budget=100&low-O1=50&high-O1=10", "above its most", id="crossed"),
        pytest.param("budget=100&low-NOWHERE=5", "NOWHERE is no area or school", id="unknown area"),
        pytest.param("budget=100&must=S9+collapsed", "S9 is no area or school", id="unknown school"),
        pytest.param("budget=100&must=S2", "its code, a space, and the reason", id="no reason"),
        pytest.param("m-donor-0=5&m-donor-4=5&m-donor-1=x", "whole millions", id="no money"),
        pytest.param("first=20", "four digits", id="no year"),
        pytest.param("works=many", "whole number from 0", id="no number"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_told_and_stays_in_its_field(app, query, told):
    page = app.test_client().get(f"/en/money?{query}")

    check("/en/money", page)
    assert told in page.text.replace("\xa0", ",").replace("&#39;", "'")
    name, value = query.split("&")[-1].split("=")
    assert value.split("+")[0] in page.text
    assert f'name="{name}"' in page.text or name == "low-NOWHERE"


def test_schools_that_cannot_wait_and_stay_without_are_named_with_the_reason(app):
    page = app.test_client().get("/en/money?budget=1&must_rule=structural_flag&must=S4+no+building+is+known")

    table = page.text.split("Schools that must be acted on and stay without</caption>")[1].split("</table>")[0]
    rows = table.split("<tr>")[2:]
    assert any("/schools/S2" in row and "critical structural" in row and "does not reach" in row for row in rows)
    assert any(
        "/schools/S4" in row and "no building is known" in row and "no safety measure of known cost" in row
        for row in rows
    )
    rich = app.test_client().get("/en/money?budget=900&must=S2+flagged")
    assert "Every school that must be acted on gets a safety measure: 1." in rich.text


def made_by_job(app, own_database, fields):
    """Post a wish as a planner, run the job, and return its row."""
    planner = app.test_client()
    sign_in(planner, NAME, PASSWORD)
    token = csrf_token(planner, "/ky/money")
    started = planner.post("/ky/money/plans", data={"csrf_token": token} | fields)
    if "/jobs/" not in started.headers["Location"]:
        return planner, token, started.headers["Location"]
    job = started.headers["Location"].rsplit("/", 1)[1]
    engine = make_engine(own_database.url("mektep_worker"))
    run_job(engine, app.extensions["settings"], job)
    with open_session(engine, "national") as session:
        row = session.execute(text("SELECT result_address FROM background_job WHERE token = :token"), {"token": job})
        address = row.scalar()
    engine.dispose()
    return planner, token, f"/ky/{address}"


def test_rules_that_no_plan_keeps_lead_back_to_the_form_which_names_them(app, own_database):
    fields = {"budget": "100", "floors": "0", "low-R1": "20", "high-O1": "10"}

    planner, _token, address = made_by_job(app, own_database, fields)
    page = planner.get(address.replace("/ky/", "/en/"))

    named = re.findall(
        r"<li>([^<]+)</li>", page.text.split("leaving out any one of them would do")[1].split("</ul>")[0]
    )
    assert sorted(named) == ["least money of Район 1", "most money of Облус"]
    assert 'name="high-O1" type="number" min="0" max="1000000" step="1" inputmode="numeric" value="10"' in page.text


def test_a_plan_over_years_says_who_pays_and_two_editors_do_not_both_act_on_one_state(app, own_database):
    fields = dict(pair.split("=") for pair in SOURCES.split("&")) | {"must": "S4 no building is known"}

    planner, token, address = made_by_job(app, own_database, fields)
    page = planner.get(address)
    seen = {"csrf_token": token, "seen": "0"}
    first = planner.post(f"{address}/publish", data=seen, follow_redirects=True)
    second = planner.post(f"{address}/withdraw", data=seen, follow_redirects=True)
    visitor = app.test_client().get(address)
    third = planner.post(f"{address}/withdraw", data=seen | {"seen": "1"}, follow_redirects=True)

    check(address, page)
    assert "2027" in page.text
    assert "2028" in page.text
    assert "no building is known" in page.text, "it stays without, and the plan says so"
    assert "башка бирөө өзгөрттү" not in first.text
    assert "башка бирөө өзгөрттү" in second.text
    assert visitor.status_code == 200
    assert "башка бирөө өзгөрттү" not in third.text
    assert app.test_client().get(address).status_code == 404
    engine = make_engine(own_database.url("mektep_worker"))
    with open_session(engine, "national") as session:
        sums = session.execute(
            text("""
                SELECT sum(item.cost_som)::bigint, max(plan.cost_som), min(item.year), max(item.year),
                    (SELECT sum(amount_som)::bigint FROM plan_payment WHERE plan_id = plan.id),
                    bool_and(item.cost_som = (
                        SELECT sum(amount_som) FROM plan_payment AS paid
                        WHERE paid.plan_id = plan.id AND paid.school_id = item.school_id AND paid.year = item.year))
                FROM plan JOIN plan_item AS item ON item.plan_id = plan.id
                WHERE plan.hash = :hash GROUP BY plan.id
            """),
            {"hash": address.rsplit("/", 1)[1]},
        ).one()
    engine.dispose()
    assert sums[0] == sums[1] == sums[4] > 0
    assert sums[5], "who pays what of each school sums to its cost, in its year"
    assert 2027 <= sums[2] <= sums[3] <= 2028


def test_a_wrong_wish_is_not_started_and_goes_back_to_its_form(app, own_database):
    _planner, _token, address = made_by_job(app, own_database, {"budget": "5", "low-O1": "900"})

    assert address.startswith("/ky/money?")
    assert "low-O1=900" in address


def test_a_visitor_asks_the_database_no_more_than_nine_times(app):
    client, asked, engine = app.test_client(), [], app.extensions["engine"]
    client.get("/ky/money")

    def note(*parts):
        asked.append(" ".join(parts[2].split())[:110])

    event.listen(engine, "before_cursor_execute", note)
    client.get(f"/ky/money?{SOURCES}&must_rule=structural_flag")
    event.remove(engine, "before_cursor_execute", note)

    assert 0 < len(asked) <= 9, "\n".join(asked)
