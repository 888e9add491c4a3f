"""The call list of an event: telephones for who may see them, schools without one, and footprints that are sent."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest

from app.workflows.run_footprint import run_footprint
from app.workflows.run_scenario import publish_scenario
from geodata.models import SchoolContact
from tests.factories.country import make_country
from tests.factories.officers import become_everybody, make_officer
from tests.geodata.readers.test_footprint import polygons, shakemap
from tests.support.pages import check
from tests.support.web import csrf_token, sign_in

PASSWORD = "correct horse battery"
NUMBER, SHOWN = "+996312621234", "+996 312 62 12 34"
TITLES = {"ky": "Сыноо окуясы", "ru": "Пробное событие", "en": "Trial event"}
BOX = (74.1, 42.7, 74.5, 42.9)
FORM = {"title_en": "Trial event", "source": "test office, today"}


@pytest.fixture
def country(session, tmp_path):
    """Two shaken schools: of S1 a number is known, of S2 none."""
    made = make_country(session)
    path = polygons(tmp_path / "zones.geojson", box=BOX, msk=9.0)
    run_footprint(session, path, "trial", TITLES, "test office", unit="msk", is_synthetic=True)
    publish_scenario(session, "trial")
    session.add(
        SchoolContact(
            school_id=made.schools["S1"].id, phones=[NUMBER], source="department", source_date=date(2026, 9, 1)
        )
    )
    session.flush()
    return made


@pytest.fixture
def reader(app, session, country):
    """Sign somebody of a role in, for the whole country or one school, and return their client."""

    def make(role, school=None):
        become_everybody(session)
        officer = make_officer(session, role, school=school, password=PASSWORD, is_synthetic=True)
        client = app.test_client()
        assert sign_in(client, officer.name, PASSWORD).status_code == 303
        return client

    return make


def rows(client):
    answer = client.get("/en/scenarios/trial/schools.csv")
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_a_planner_sees_numbers_to_touch_and_first_the_schools_without(reader, language):
    page = check("/x", reader("planner").get(f"/{language}/scenarios/trial"))

    html = page.html if hasattr(page, "html") else page.text
    assert f"tel:{NUMBER}" in page.links()
    steps = {
        "ky": "2 мектептин 1 мектебинин номери белгисиз",
        "ru": "Школ, номер которых неизвестен: 1 из 2",
        "en": "No number is known of 1 of 2",
    }
    assert steps[language] in html
    assert NUMBER in html


def test_a_visitor_and_a_council_see_no_number_in_page_texts_or_files(app, reader):
    for client in (app.test_client(), reader("council")):
        for address in ("/en/scenarios/trial", "/en/scenarios/trial/schools.csv", "/en/schools/S1"):
            answer = client.get(address)
            assert answer.status_code == 200
            assert not any(form.encode() in answer.data for form in (NUMBER, SHOWN, NUMBER[1:], "tel:", "phones_state"))


def test_a_school_sees_its_own_number_and_not_that_of_another(reader, country):
    own, other = reader("school", country.schools["S1"]), reader("school", country.schools["S2"])

    assert {row["school_code"]: row["phones_state"] for row in rows(own)} == {"S1": "known", "S2": "hidden"}
    assert {row["school_code"]: row["phones_state"] for row in rows(other)} == {"S1": "hidden", "S2": "unknown"}
    assert SHOWN.encode() in own.get("/en/schools/S1").data
    assert SHOWN.encode() not in other.get("/en/schools/S1").data
    assert b"1 of the 2 schools" in own.get("/en/scenarios/trial").data


def test_the_file_names_numbers_as_addresses_that_no_spreadsheet_runs(reader):
    found = {row["school_code"]: (row["phones"], row["phones_state"]) for row in rows(reader("planner"))}

    assert found == {"S1": (f"tel:{NUMBER}", "known"), "S2": ("", "unknown")}


def send(client, **more):
    token = csrf_token(client, "/en/scenarios/new")
    return client.post("/en/scenarios/new", data={"csrf_token": token, **FORM, **more})


def text_of(tmp_path, kind):
    if kind == "xml":
        # two by two cells around the schools of the country
        grid = shakemap(tmp_path / "g.xml").read_text("utf-8")
        for old, new in (("74.05", "74.0"), ("74.15", "74.6"), ("42.95", "43.2"), ("42.85", "42.4")):
            grid = grid.replace(old, new)
        return grid
    return polygons(tmp_path / "z.geojson", box=BOX, msk=8.0).read_text("utf-8")


@pytest.mark.parametrize("way", ["file", "text"])
@pytest.mark.parametrize("kind", ["xml", "geojson"])
def test_a_footprint_that_is_sent_or_pasted_becomes_a_call_list(reader, tmp_path, kind, way):
    client, text = reader("planner"), text_of(tmp_path, kind)
    unit = "" if kind == "xml" else "msk"
    given = {"text": text} if way == "text" else {"file": (io.BytesIO(text.encode()), f"x.{kind}")}

    answer = send(client, unit=unit, **given)
    again = send(client, unit=unit, text=text.strip()) if way == "text" else None

    assert answer.status_code == 303
    page = client.get(answer.location)
    assert f"tel:{NUMBER}".encode() in page.data
    assert b"only those who rank see it" in page.data
    if again is not None:
        assert again.location == answer.location


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Send a file or paste a text"),
        ({"text": "hello"}, "neither a ShakeMap grid.xml nor GeoJSON"),
        ({"text": "{}", "unit": "g"}, "no GeoJSON collection"),
        ({"text": json.dumps({"features": []})}, "say in which unit"),
        ({"text": "<a>"}, "the XML is damaged"),
        ({"text": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'}, "document type of its own"),
        ({"text": "{}", "unit": "gal"}, "Choose one of the units"),
        ({"text": "<a/>", "title_en": " "}, "Give the event a title"),
        ({"text": "<a/>", "source": ""}, "Say who made the footprint"),
    ],
)
def test_what_is_no_footprint_is_said_and_nothing_is_computed(reader, given, words):
    client = reader("planner")

    answer = send(client, **given)

    assert answer.status_code == 422
    assert words in check("/x", answer).text
    assert b"event-" not in client.get("/en/scenarios").data


def test_only_who_ranks_sends_and_publishes(reader, app):
    assert app.test_client().get("/en/scenarios/new").status_code == 303
    client = reader("council")
    assert client.get("/en/scenarios/new").status_code == 403
    token = csrf_token(client, "/en/work")
    assert client.post("/en/scenarios/trial/publish", data={"csrf_token": token}).status_code == 403


def test_a_sent_event_is_for_everybody_once_it_is_published(reader, app, tmp_path):
    client = reader("planner")
    address = send(client, text=text_of(tmp_path, "geojson"), unit="msk").location
    before = app.test_client().get(address).status_code

    done = client.post(f"{address}/publish", data={"csrf_token": csrf_token(client, "/en/scenarios/new")})

    assert (before, done.status_code, app.test_client().get(address).status_code) == (404, 303, 200)


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_area_of_a_storm_is_a_call_list_without_harm(reader, tmp_path, language):
    client = reader("planner")
    text = polygons(tmp_path / "storm.geojson", box=BOX).read_text("utf-8")
    where = send(client, unit="inside", text=text).location.replace("/en/", f"/{language}/")

    page = client.get(where).get_data(as_text=True)
    file = csv.DictReader(io.StringIO(client.get(f"{where}/schools.csv").get_data().decode("utf-8-sig")))

    assert f"tel:{NUMBER}" in page
    assert page.partition('<dl class="figs">')[2].partition("</dl>")[0].count("<dt>") == 2
    assert [(row["msk"], row["severe"], row["seats_lost"]) for row in file] == [("", "", "")] * 2
    assert "MSK" not in page


def test_an_area_without_schools_says_so(reader, tmp_path):
    text = polygons(tmp_path / "far.geojson", box=(10, 10, 11, 11)).read_text("utf-8")

    answer = send(reader("planner"), unit="inside", text=text)

    assert answer.status_code == 422
    assert b"No school lies inside the area." in answer.data
