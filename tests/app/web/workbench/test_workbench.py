"""The workbench without JavaScript, the values it gives the browser, saved schemes, and rankings side by side."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from app.prioritisation.weights import rank_under, rebalance
from app.workflows import manage_accounts
from app.workflows.rank_schools import rank_schools
from app.workflows.save_scheme import NewScheme, save_scheme, shipped_bounds
from geodata.models import WeightScheme
from geodata.queries.workbench import run_values
from tests.factories.country import make_country
from tests.factories.officers import become, become_everybody, make_officer
from tests.support.browser import NODE
from tests.support.pages import PageClient
from tests.support.rights import EVERYTHING
from tests.support.web import csrf_token, sign_in

PASSWORD = "correct horse battery"
WORKBENCH = "/en/priorities/workbench"
SHARES = ("0.300", "0.150", "0.080", "0.200", "0.100", "0.070", "0.050", "0.050")
START = {f"C{place}": share for place, share in enumerate(SHARES, 1)}
OTHER = "150-250-150-100-200-50-50-50"
LIBRARY = Path(__file__).resolve().parents[4] / "app/web/static/js/lib/reranking.js"


@pytest.fixture
def run(session):
    make_country(session)
    return rank_schools(session)


@pytest.fixture
def reader(run, app):
    return PageClient(app)


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_every_page_is_sound_in_every_language(reader, language):
    for path in ("", "?C1=0.45&scale=1", "?C1=0.9&C12=1&C3=x", "/compare", f"/compare?s=run&s=safety&s=gap&s={OTHER}"):
        reader.get(f"/{language}/priorities/workbench{path}")


def test_it_opens_with_the_weights_and_the_ranks_of_the_list(reader):
    page = reader.get(WORKBENCH)

    assert "Nobody has moved" in page.text
    values = {field.attrib["name"]: field.attrib["value"] for field in page.all(".//input[@inputmode='decimal']")}
    assert values == START


@pytest.mark.parametrize(
    ("language", "first", "wrong"), [("ky", "0,300", "1,010"), ("ru", "0,300", "1,010"), ("en", "0.300", "1.010")]
)
def test_weights_are_written_as_the_language_writes_numbers(reader, language, first, wrong):
    address = f"/{language}/priorities/workbench"
    page, flawed = reader.get(address), reader.get(f"{address}?C1=0.31")

    assert page.all(".//input[@inputmode='decimal']")[0].attrib["value"] == first
    assert wrong in flawed.text
    assert first in reader.get(f"{address}/compare?s=run&s=safety").text


def test_a_comma_is_read_like_a_point(reader):
    point, comma = (reader.get(f"/ru/priorities/workbench?C1=0{mark}31&C2=0{mark}14") for mark in (".", ","))

    assert point.rows() == comma.rows()
    assert comma.all(".//input[@inputmode='decimal']")[0].attrib["value"] == "0,310"
    assert not comma.all(".//input[@aria-invalid]")


def test_weights_of_an_address_rank_anew_and_the_page_says_who_moved(reader, session, run):
    found, bounds = run_values(session, run.run_id), shipped_bounds()
    start = [int(1000 * float(share)) for share in SHARES]
    wishes = [[*start[:place], limit, *start[place + 1 :]] for place in range(8) for limit in (0, 1000)]
    for place, wish in enumerate(wishes):
        units = rebalance(wish, bounds, place // 2)
        ranks = rank_under(found.values, units, 0.5, found.risk[:, 0], found.risk[:, 1])[1]
        if (ranks != found.ranks).any():
            break
    query = "&".join(f"C{place}={value / 1000}" for place, value in enumerate(units, 1))

    page = reader.get(f"{WORKBENCH}?{query}")

    moved = int((ranks != found.ranks).sum())
    assert moved > 0
    assert f"{moved} of 4 schools have moved" in page.text
    first = found.codes[int(np.argmin(ranks))]
    assert next(link for link in page.links() if "/schools/" in link).endswith(f"/schools/{first}")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("C1=0.9", ("C1: 0.900 is more than the most allowed", "The weights sum to 1.600, not to 1.")),
        ("C1=0.31", ("The weights sum to 1.010, not to 1.",)),
        ("C1=lots", ("C1: “lots” is no number",)),
        ("C9=0.1", ("There is no part “C9”",)),
    ],
)
def test_wrong_weights_are_told_and_nothing_is_repaired(reader, query, words):
    page = reader.get(f"{WORKBENCH}?{query}")

    assert all(text in page.text for text in words)
    assert "Nobody has moved" in page.text


@pytest.mark.parametrize("query", ["area=xx", "scheme=xx", "show=xx", "show=51", "area=41702000000000"])
def test_a_code_that_nobody_knows_is_refused_and_answers_no_empty_list(reader, query):
    reader.get(f"{WORKBENCH}?{query}", status=400)


def test_empty_choices_of_the_form_restrict_nothing(reader):
    assert reader.get(f"{WORKBENCH}?area=&show=&scheme=").rows() == reader.get(WORKBENCH).rows()


def test_scaling_is_done_only_when_asked_for(reader):
    page = reader.get(f"{WORKBENCH}?C1=0.31&scale=1")

    assert "scaled in proportion" in page.text
    values = [float(field.attrib["value"]) for field in page.all(".//input[@inputmode='decimal']")]
    assert sum(values) == pytest.approx(1)


def test_the_browser_ranks_the_country_as_the_server_does(demonstration, tmp_path):
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from geodata.database import make_engine, set_scope
    from geodata.queries.runs import published_run
    from tests.support import web

    app = web.make_app(web.make_settings(demonstration, tmp_path))
    data = app.test_client().get("/ky/priorities/workbench/values.json").get_json()
    units = (150, 250, 150, 100, 200, 50, 50, 50)
    program = (
        f"import {{ orderOf, ranksOf, scoresOf }} from {json.dumps(LIBRARY.as_uri())};"
        "let text = ''; for await (const part of process.stdin) text += part;"
        "const { values, unknown, weights } = JSON.parse(text);"
        "const rank = (units) => [...ranksOf(orderOf(scoresOf(values, units, unknown)))];"
        "weights.map(rank); const start = performance.now(); const found = weights.map(rank);"
        "console.log(JSON.stringify({ found, ms: (performance.now() - start) / weights.length }));"
    )
    start = [int(1000 * float(value)) for value in START.values()]
    sent = {"values": [row[6] for row in data["schools"]], "unknown": data["unknown"], "weights": [start, units]}

    answer = subprocess.run(
        [NODE, "--input-type=module", "-e", program],
        input=json.dumps(sent),
        capture_output=True,
        text=True,
        check=True,
    )

    got = json.loads(answer.stdout)
    engine = make_engine(demonstration.url("mektep_web"))
    with Session(engine) as session:
        set_scope(session, "public")
        found = run_values(session, published_run(session).id)
        assert session.scalar(select(1)) == 1
    engine.dispose()
    app.extensions["engine"].dispose()
    place = {code: row for row, code in enumerate(found.codes)}
    rows = [place[school[0]] for school in data["schools"]]
    server = rank_under(found.values, units, data["unknown"], found.risk[:, 0], found.risk[:, 1])[1]
    assert len(rows) > 2000
    assert got["found"][0] == found.ranks[rows].tolist(), "under its own weights the run's ranks"
    assert got["found"][1] == server[rows].tolist()
    assert got["ms"] < 100


def account(session, client, role):
    manage_accounts.add_account(session, f"bench-{role}", PASSWORD, role, None, is_synthetic=True)
    session.flush()
    assert sign_in(client, f"bench-{role}", PASSWORD).status_code == 303


def save(client, **more):
    form = START | {"title": "Schools first", "owner": "Office", "csrf_token": csrf_token(client, WORKBENCH)} | more
    return client.post(f"{WORKBENCH}/schemes", data=form)


def test_a_visitor_saves_nothing(reader, app):
    client = app.test_client()

    assert client.post(f"{WORKBENCH}/schemes", data=START | {"csrf_token": csrf_token(client)}).status_code == 401


def test_a_draft_is_its_authors_alone_and_can_be_removed(reader, app, session):
    client = app.test_client()
    account(session, client, "council")

    answer = save(client)

    address = answer.headers["Location"]
    assert "Schools first" in client.get(address).get_data(as_text=True)
    assert "Schools first" not in reader.get(WORKBENCH).text
    code = address.rpartition("=")[2]
    assert code in reader.get(f"{WORKBENCH}/compare?s=run&s={code}").text, "told, not shown"
    gone = client.post(f"{WORKBENCH}/schemes/{code}/remove", data={"csrf_token": csrf_token(client, WORKBENCH)})
    assert gone.status_code == 303
    assert session.query(WeightScheme).filter_by(code=code).count() == 0


def test_a_scheme_of_the_country_takes_the_right_to_rank(reader, app, session):
    client = app.test_client()
    account(session, client, "council")

    assert save(client, national="1").status_code == 403


@pytest.mark.parametrize("change", [{"title": ""}, {"owner": " "}, {"C1": "0.9"}, {"C1": "0.29"}, {"C1": "x"}])
def test_a_scheme_with_a_flaw_is_not_saved(reader, app, session, change):
    client = app.test_client()
    account(session, client, "council")

    assert save(client, **change).status_code == 422
    assert session.query(WeightScheme).count() == 0


def test_rankings_side_by_side_say_what_they_have_in_common(reader):
    page = reader.get(f"{WORKBENCH}/compare?s=run&s=safety&s={OTHER}&s=nothing")

    assert "Schools in both" in page.text
    assert "nothing" in page.text
    assert "Choose two to four rankings" in reader.get(f"{WORKBENCH}/compare?s=run").text


def test_the_official_scheme_is_shown_and_chosen_by_who_may_decide(app, session, run):
    become_everybody(session)
    staff = {role: make_officer(session, role, password=PASSWORD, is_synthetic=True) for role in ("planner", "council")}
    become(session, staff["planner"])
    wanted = NewScheme("Poor rayons", "Ministry", "", (250, 150, 80, 250, 100, 70, 50, 50), is_national=True)
    code = save_scheme(session, wanted, staff["planner"].id, EVERYTHING)
    clients = {role: app.test_client() for role in staff}
    for role, officer in staff.items():
        assert sign_in(clients[role], officer.name, PASSWORD).status_code == 303

    def send(role, path, **form):
        data = {"csrf_token": csrf_token(clients[role], "/en/data"), "scheme": code, **form}
        return clients[role].post(f"{WORKBENCH}/schemes/{path}", data=data).status_code

    act = {"reason": "the council decided", "document": "Order No. 5"}
    assert send("council", "official", **act) == send("council", "rank") == 403
    assert send("planner", "official", reason="", document="") == 422
    assert send("planner", "rank", scheme="none") == 404
    assert "The scheme that ships with the program" in PageClient(app).get(WORKBENCH).text
    assert send("planner", "official", **act) == 303
    assert "Poor rayons · Ministry · decided on" in PageClient(app).get(WORKBENCH).text
    assert send("planner", "rank") == 303


def test_a_ranking_by_a_saved_scheme_opens_with_its_own_weights(app, session, run):
    planner = make_officer(session, "planner")
    become(session, planner)
    wanted = NewScheme("Poor rayons", "Ministry", "", (250, 150, 80, 250, 100, 70, 50, 50), is_national=True)
    made = rank_schools(session, save_scheme(session, wanted, planner.id, EVERYTHING))
    page = PageClient(app).get(f"{WORKBENCH}?run={made.hash}")

    assert "Nobody has moved" in page.text
    values = {field.attrib["name"]: field.attrib["value"] for field in page.all(".//input[@inputmode='decimal']")}
    assert (values["C1"], values["C4"]) == ("0.250", "0.250")
