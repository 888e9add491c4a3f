"""Pages of scenario events: figures at an hour, words for what is unknown, nothing before it is published."""

from __future__ import annotations

import csv
import io

import pytest

from app.web.filters import InvalidFilterError
from app.web.scenarios.presenters import class_of, read_hour, shifts_at
from app.workflows.run_footprint import run_footprint
from app.workflows.run_scenario import publish_scenario, run_past_event
from geodata.database import set_scope
from tests.factories.country import make_country
from tests.geodata.readers.test_footprint import polygons
from tests.support.pages import PageClient

LANGUAGES = ("ky", "ru", "en")


@pytest.fixture
def made(session, tmp_path):
    country = make_country(session)
    country.schools["S2"].pupils = None
    country.schools["S2"].shift_pupils = []
    session.flush()
    path = polygons(tmp_path / "zones.geojson", box=(74.1, 42.7, 74.5, 42.9), msk=9.0)
    titles = {"ky": "Сыноо окуясы", "ru": "Пробное событие", "en": "Trial event"}
    run_footprint(session, path, "trial", titles, "test office", unit="msk", is_synthetic=True)
    return country


@pytest.fixture
def published(session, made):
    publish_scenario(session, "trial")
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_figures_areas_and_whom_to_call(app, published, language):
    page = PageClient(app).get(f"/{language}/scenarios/trial")

    rows = [" ".join(row) for row in page.rows()]
    assert page.heading in ("Сыноо окуясы", "Пробное событие", "Trial event")
    assert any({"ky": "Белгисиз", "ru": "Неизвестно", "en": "Unknown"}[language] in row for row in rows)
    assert f"/{language}/schools/S1" in page.links()
    assert "372" in page.text


def test_the_list_leads_to_each_scenario_and_names_its_equation(app, session, published):
    run_past_event(session, "suusamyr-1992", publish=True)

    page = PageClient(app).get("/en/scenarios")

    assert {"/en/scenarios/trial", "/en/scenarios/suusamyr-1992"} <= set(page.links())
    assert "Table 1" in page.text


def test_at_night_nobody_is_inside_and_an_hour_that_is_none_is_refused(app, published):
    pages = PageClient(app)

    assert "only pupils who board would be inside" in pages.get("/en/scenarios/trial?hour=2").text
    for hour in ("abc", "99", "24", "-1"):
        for address in ("/en/scenarios/trial", "/en/scenarios/trial/schools.csv"):
            assert app.test_client().get(f"{address}?hour={hour}").status_code == 400


@pytest.mark.parametrize(
    ("hour", "inside"),
    [(7, ()), (8, (1,)), (13, (1,)), (14, (2,)), (17, (2, 3)), (21, (3,)), (23, ())],
)
def test_shifts_follow_the_hour(hour, inside):
    assert tuple(number for number, is_inside in enumerate(shifts_at(hour), 1) if is_inside) == inside


def test_hours_and_classes_of_shading():
    assert [read_hour(text) for text in (None, "", "9", "0", "23")] == [10, 10, 9, 0, 23]
    for text in ("24", "-1", "٣", "100"):
        with pytest.raises(InvalidFilterError):
            read_hour(text)
    assert [class_of(msk) for msk in (None, 5.5, 6.0, 7.9, 8.0, 9.4)] == [None, 1, 2, 3, 4, 5]


def test_the_file_has_every_school_with_empty_cells_for_the_unknown(app, published):
    client = app.test_client()
    answer = client.get("/en/scenarios/trial/schools.csv?hour=10")
    rows = {row["school_code"]: row for row in csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")))}

    assert set(rows) == {"S1", "S2"}
    assert rows["S2"]["pupils_present"] == rows["S2"]["deaths"] == ""
    assert rows["S1"]["pupils_present"] == "372"
    assert rows["S1"]["scenario_is_synthetic"] == "1"
    assert 0 < float(rows["S1"]["unusable_share_low"]) <= float(rows["S1"]["unusable_share_high"]) <= 1
    assert client.get("/en/scenarios/trial/schools.xlsx").data[:2] == b"PK"
    assert client.get("/en/scenarios/trial/schools.exe").status_code == 404


def test_before_it_is_published_a_visitor_finds_nothing(app, session, made):
    client = app.test_client()

    for address in ("/en/scenarios/trial", "/en/scenarios/trial/schools.csv"):
        assert client.get(address).status_code == 404
    assert "Trial event" not in client.get("/en/scenarios").get_data(as_text=True)
    assert client.get("/en/scenarios/none").status_code == 404
    set_scope(session, "national")
