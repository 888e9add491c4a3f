"""The budget page: figures of one computation, money in whole som, and nothing unpublished for visitors."""

from __future__ import annotations

import os
import re

import pytest
from sqlalchemy import text

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
    costs = [int(re.sub(r"\D", "", cell)) for cell in re.findall(r'<td class="r">([^<]*)</td></tr>', after.text)]
    assert sum(costs) == plan.cost_som


def test_a_plan_that_is_not_there_answers_like_one_that_is_not_published(app):
    assert app.test_client().get(f"/ky/money/plans/{'f' * 64}").status_code == 404
