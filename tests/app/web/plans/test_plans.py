"""Plans under other assumptions and side by side, and the three queues: words in three languages, sums that agree."""

from __future__ import annotations

import os
import re

import pytest
from sqlalchemy import event, text

from app.workflows.allocate_budget import allocate_budget
from app.workflows.jobs import run_job
from app.workflows.plan_wish import Wish
from app.workflows.rank_schools import rank_schools
from geodata.database import make_engine, open_session
from geodata.queries import plan_items
from geodata.queries import plans as plan_store
from tests.factories.country import make_country
from tests.support import database as test_database
from tests.support.importing import NAME, PASSWORD, make_import_app
from tests.support.pages import check
from tests.support.web import csrf_token, sign_in


@pytest.fixture(scope="module")
def own_database():
    made = test_database.create(f"mektep_plans_{os.getpid()}")
    yield made
    test_database.drop(made)


@pytest.fixture(scope="module")
def plans(own_database):
    """Three plans of one ranking: two that everybody sees and one draft."""
    engine = make_engine(own_database.url("mektep_worker"))
    with open_session(engine, "national") as session:
        make_country(session)
        session.execute(text("UPDATE building SET area_m2 = CASE WHEN code LIKE 'S1-%' THEN NULL ELSE 800 END"))
        run = rank_schools(session, publish=True).hash
        wishes = [(Wish(12_000_000, 0.0), True), (Wish(60_000_000, 0.5), True), (Wish(30_000_000, 0.0), False)]
        found = [allocate_budget(session, run, wish, publish=public).hash for wish, public in wishes]
    engine.dispose()
    return found


@pytest.fixture(scope="module")
def app(own_database, plans, tmp_path_factory):
    made = make_import_app(own_database, tmp_path_factory.mktemp("var"))
    yield made
    made.extensions["engine"].dispose()


def digits(words):
    return int(re.sub(r"\D", "", words) or -1)


def row_of(page, head):
    """Return the figures of the row that begins with ``head``."""
    found = re.search(rf'<th scope="row">{head}</th>(.*?)</tr>', page, re.S)
    assert found, head
    return [digits(re.sub(r"<span.*?</span>", "", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", found[1], re.S)]


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_two_plans_stand_side_by_side_in_each_language(app, plans, language):
    address = f"/{language}/money/compare?plan={plans[0][:16]}&plan={plans[1]}"
    page = app.test_client().get(address)

    check(address, page)
    assert page.status_code == 200
    assert plans[0][:8] in page.text
    assert plans[1][:8] in page.text


def test_sums_by_region_and_schools_in_common_agree_with_the_plans(app, own_database, plans):
    page = app.test_client().get(f"/en/money/compare?plan={plans[0]}&plan={plans[1]}").text
    engine = make_engine(own_database.url("mektep_worker"))
    with open_session(engine, "national") as session:
        items = {
            one: set(session.execute(text("SELECT school_id FROM plan_item JOIN plan ON plan.id = plan_id "
                                          "WHERE hash = :hash"), {"hash": one}).scalars())
            for one in plans
        }  # fmt: skip
    engine.dispose()
    common, either = items[plans[0]] & items[plans[1]], items[plans[0]] | items[plans[1]]
    regions = re.search(r"<h2>By region</h2>.*?</table>", page, re.S)[0]
    sums = [[digits(cell) for cell in re.findall(r'<td class="r">([^<]*)<span', row)] for row in regions.split("<tr>")]

    assert f"{len(common)} schools are funded in every plan, {len(either - common)} in some only" in page
    assert [sum(column) for column in zip(*[row for row in sums if row], strict=True)] == row_of(page, "Cost, som")


def test_a_plan_that_is_not_published_is_told_like_one_that_is_not_there(app, plans):
    page = app.test_client().get(f"/en/money/compare?plan={plans[0]}&plan={plans[2]}&plan=ffffffffffff")

    assert "No plan begins so, or it is not published" in page.text
    assert plans[2] in page.text
    assert "Choose two to four plans." in page.text


def test_a_planner_has_a_plan_computed_under_other_assumptions_and_everybody_reads_it(app, own_database, plans):
    visitor, planner = app.test_client(), app.test_client()
    address = f"/ky/money/plans/{plans[1][:16]}"
    before = visitor.get(address).text
    refused = visitor.post(f"{address}/sensitivity", data={"csrf_token": csrf_token(visitor)}).status_code
    sign_in(planner, NAME, PASSWORD)
    started = planner.post(f"{address}/sensitivity", data={"csrf_token": csrf_token(planner, "/ky/money")})
    engine = make_engine(own_database.url("mektep_worker"))
    run_job(engine, app.extensions["settings"], started.headers["Location"].rsplit("/", 1)[1])
    engine.dispose()
    after = visitor.get(address)

    check(address, after)
    assert refused == 401
    assert "Азырынча эсептелген эмес" in before
    assert "Бюджет 20 % аз" in after.text
    assert "F2 модели гана (GEM)" in after.text
    assert "Ар бир эреже коопсуздукка эмнеге турат" in after.text
    assert "Долбоор – бөлүштүрүү үчүн эмес" in after.text


def test_a_planner_has_a_plan_drawn_and_everybody_reads_how_often_each_school_gets_money(app, own_database, plans):
    visitor, planner = app.test_client(), app.test_client()
    address = f"/ru/money/plans/{plans[1][:16]}"
    before = visitor.get(address).text
    refused = visitor.post(f"{address}/draws", data={"csrf_token": csrf_token(visitor)}).status_code
    sign_in(planner, NAME, PASSWORD)
    started = planner.post(f"{address}/draws", data={"csrf_token": csrf_token(planner, "/ky/money")})
    engine = make_engine(own_database.url("mektep_worker"))
    run_job(engine, app.extensions["settings"], started.headers["Location"].rsplit("/", 1)[1])
    with open_session(engine, "national") as session:
        found = plan_store.find_plan(session, plans[1])
        row = plan_items.item_rows(session, found.id)[0]
    engine.dispose()
    after = visitor.get(address)
    school = visitor.get(f"/ru/schools/{row.code}/money?plan={plans[1][:16]}").text
    item = visitor.get(f"/api/v1/plans/{plans[1]}/items").json["items"][0]

    check(address, after)
    assert refused == 401
    assert "Ещё не разыграно" in before
    assert "Финансируется в розыгрышах" not in before
    assert "Финансируется в розыгрышах" in after.text
    assert re.search(rf"<td class=\"r\"[^>]*>{round(100 * row.funded_in_draws)}\s%</td>", after.text)
    assert re.search(rf"Она получает деньги в {round(100 * row.funded_in_draws)}\s% из 500 розыгрышей", school)
    assert item["funded_in_draws"] == pytest.approx(row.funded_in_draws)
    assert planner.post(f"/ky/money/plans/{'f' * 64}/draws", data={"csrf_token": "x"}).status_code in (400, 404)


def test_nobody_has_a_plan_computed_that_is_not_there(app):
    planner = app.test_client()
    sign_in(planner, NAME, PASSWORD)
    token = csrf_token(planner, "/ky/money")

    assert planner.post(f"/ky/money/plans/{'f' * 64}/sensitivity", data={"csrf_token": token}).status_code == 404


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_each_school_stands_in_one_queue_or_is_counted_outside(app, language):
    client = app.test_client()
    pages = {code: client.get(f"/{language}/money/queues?queue={code}") for code in ("build", "design", "summer")}
    listed = {}
    for code, page in pages.items():
        check(f"/{language}/money/queues?queue={code}", page)
        section = page.text.split('id="queue"')[1].split("</table>")[0]
        listed[code] = re.findall(r'/schools/([^"]+)">', section)
    every = [school for schools in listed.values() for school in schools]

    assert len(every) == len(set(every))
    assert listed["design"], "the country has dangerous schools without documents"
    assert listed["build"] == [], "nobody has recorded a document"


def test_an_unknown_cost_is_said_and_added_to_nothing(app):
    """The floor area of the buildings of S1 is unknown, so that nobody knows what its works cost."""
    page = app.test_client().get("/en/money/queues?queue=design").text
    listed = page.split('id="queue"')[1].split("</table>")[0]
    costs = re.findall(r'</td>\s*<td class="r"[^>]*>(unknown|[\d,]+)<', listed)
    total = re.search(r"Pay for design</a>.*?</th>(.*?)</tr>", page, re.S)[1]
    schools, som, without = (digits(cell) for cell in re.findall(r'<td class="r"[^>]*>(.*?)</td>', total, re.S))

    assert schools == len(costs)
    assert without == costs.count("unknown") == 1
    assert som == sum(digits(cost) for cost in costs if cost != "unknown")


def test_no_page_asks_the_database_more_than_nine_times(app, plans):
    asked, client = [], app.test_client()
    client.get("/ky/money/compare")
    event.listen(app.extensions["engine"], "before_cursor_execute", lambda *parts: asked.append(parts[2]))
    compared = "&".join(f"plan={one[:16]}" for one in plans)
    for address in (f"plans/{plans[1][:16]}", f"compare?{compared}", "queues?queue=summer&limit=33"):
        asked.clear()
        assert client.get(f"/ky/money/{address}").status_code == 200
        questions = [one for one in asked if "set_config" not in one and "data_change" not in one]

        assert 0 < len(questions) <= 9, (address, questions)


@pytest.mark.parametrize("query", ["queue=none", "area=00000000000000", "offset=-1"])
def test_what_no_queue_knows_is_a_wrong_address(app, query):
    assert app.test_client().get(f"/en/money/queues?{query}").status_code == 400
