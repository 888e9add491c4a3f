"""The pages of the pipeline: begun, moved and paid through forms, shown to everybody, by area and as a file."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import select

from geodata.models import Run
from tests.factories.officers import become_everybody, make_officer, make_two_rayons
from tests.factories.plans import make_offer
from tests.factories.runs import make_result, make_run
from tests.factories.stored_plans import make_plan
from tests.support.pages import PageClient, check
from tests.support.web import csrf_token, sign_in

PASSWORD = "correct horse battery"
MONEY = {"kind": "planned", "money": "local_budget", "amount": "250 000", "on_date": "2027-03-01", "document": "No. 4"}
MOVE = {"at": "identified", "stage": "design", "moved_on": "2026-11-20", "reason": "The kenesh decided"}


@pytest.fixture
def place(session):
    made = make_two_rayons(session)
    run = make_run(session)
    make_result(session, run, made.own, 1, oblast_id=made.oblast.id)
    make_offer(session, run, made.own, "RET", cost_som=1_234_567)
    return made


@pytest.fixture
def officer(app, session, place):
    become_everybody(session)

    def enter(role, area):
        made = make_officer(session, role, area=area, password=PASSWORD)
        client = app.test_client()
        assert sign_in(client, made.name, PASSWORD).status_code == 303
        return client

    return enter


def send(client, address, **form):
    token = csrf_token(client, "/en/work")
    return client.post(address, data={"csrf_token": token, **form})


def begun(client, place):
    answer = send(
        client,
        f"/en/schools/{place.own.code}/projects",
        bundle="RET",
        reason="First in the list",
        moved_on="2026-11-01",
    )
    assert answer.status_code == 303, answer.text
    return answer.location


def test_a_project_is_begun_moved_and_paid_and_everybody_sees_it(officer, place, app):
    client = officer("oblast", place.oblast)
    form = check("/x", client.get(f"/en/money/projects?school={place.own.code}"))
    assert "1,234,567 som" in form.text
    address = begun(client, place)
    assert send(client, f"{address}/move", **MOVE).status_code == 303
    assert send(client, f"{address}/money", **MONEY).status_code == 303
    check("/x", client.get(address))

    reader = PageClient(app)
    for language in ("ky", "ru", "en"):
        page = reader.get(address.replace("/en/", f"/{language}/"))
    assert "Design" in page.text
    assert "The kenesh decided" in page.text
    assert "250,000" in page.text
    assert "oblast-" not in page.text, "names of people are for who is signed in"
    for language in ("ky", "ru", "en"):
        page = reader.get(f"/{language}/money/projects?area={place.rayon.code}")
    assert "1,234,567" in page.text
    assert "No project has been entered here" in reader.get(f"/en/money/projects?area={place.foreign_rayon.code}").text


def test_a_plan_that_funds_the_school_leads_to_its_measures(officer, place, session):
    run = session.scalars(select(Run)).one()
    plan = make_plan(session, run, [(place.own, "REL", 7_000_007, {})])
    client = officer("oblast", place.oblast)

    first = check("/x", client.get(f"/en/money/projects?school={place.own.code}"))
    led = next(link for link in first.links() if "plan=" in link)
    page = check("/x", client.get(led.split("#")[0]))

    assert f"plan={plan.hash[:16]}" in led
    assert "7,000,007 som" in page.text
    assert f'value="{plan.hash}"' in page.html
    form = {"bundle": "REL", "reason": "In the plan", "plan": plan.hash}
    assert send(client, f"/en/schools/{place.own.code}/projects", **form).status_code == 303


def test_the_file_holds_the_same_sums(officer, place, app):
    address = begun(officer("oblast", place.oblast), place)
    reader = app.test_client()

    rows = list(csv.DictReader(io.StringIO(reader.get("/en/money/projects.csv").data.decode("utf-8-sig"))))

    assert [(row["code"], row["cost_som"], row["planned_som"], row["stage"]) for row in rows] == [
        (place.own.code, "1234567", "", "Identified")
    ]
    assert address.endswith(rows[0]["number"])
    assert reader.get("/ky/money/projects.xlsx").data[:2] == b"PK"


def test_what_is_wrong_is_named_and_what_was_sent_stays(officer, place):
    client = officer("oblast", place.oblast)
    address = begun(client, place)

    moved = send(client, f"{address}/move", **MOVE | {"reason": ""})
    paid = send(client, f"{address}/money", **MONEY | {"amount": "2.5"})
    early = send(client, f"{address}/move", **MOVE | {"stage": "procured"})
    families = send(client, f"{address}/money", **MONEY | {"money": "board_of_trustees"})

    assert (moved.status_code, paid.status_code, early.status_code, families.status_code) == (422, 422, 409, 422)
    assert 'value="2026-11-20"' in moved.text
    assert 'value="2.5"' in check("/x", paid).html
    assert "Record the decided money first" in early.text


def test_a_local_body_sees_its_form_at_home_only(officer, place):
    client = officer("local_body", place.aimak)

    assert "Begin the project" in client.get(f"/en/money/projects?school={place.own.code}").text
    assert "Begin the project" not in client.get(f"/en/money/projects?school={place.foreign.code}").text
    address = begun(client, place)
    page = check("/x", client.get(address))
    assert "Move the project" in page.text
    assert "Record planned or spent money" not in page.text
    assert send(client, f"{address}/money", **MONEY).status_code == 403
    refused = send(client, f"/en/schools/{place.foreign.code}/projects", bundle="RET", reason="x")
    assert refused.status_code == 403


@pytest.mark.parametrize("query", ["area=nowhere", "stage=hoped", "school=none", "plan=zzzzzzzzz", "plan=%25"])
def test_a_filter_that_is_not_there_is_told(client, place, query):
    assert client.get(f"/en/money/projects?{query}").status_code == 400


def test_another_project_is_not_there(client, place):
    assert client.get("/en/money/projects/99999999999999999999").status_code == 404
