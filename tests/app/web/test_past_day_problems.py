"""Days that have no ranking: those before the first one, and those to come; every channel gives the same reason."""

import gzip
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from app.web import past_day
from geodata.queries.past import today_in_country
from tests.factories.areas import make_area
from tests.factories.officers import become_everybody, make_two_rayons
from tests.factories.runs import make_result, make_run
from tests.support.mvt import read_tile
from tests.support.pages import PageClient

BEFORE = "2026-03-09"
PLACE = "9/362/188"
AREA_PLACE = "6/45/23"
PAGES = ("/en/priorities", "/en/map", "/en/areas", "/en/areas/{oblast}")


@pytest.fixture
def country(session):
    """One ranking of two schools, published on the tenth of March."""
    made = make_two_rayons(session)
    make_area(session, 1, box=(74, 42, 76, 44), valid_from=date(2000, 1, 1))
    run = make_run(session, "a" * 64, published_at=datetime(2026, 3, 10, 6, tzinfo=UTC), school_count=2, ranked_count=2)
    for rank, school in enumerate((made.own, made.foreign), 1):
        make_result(session, run, school, rank)
    become_everybody(session)
    return made


def get(app, address, status=200):
    response = app.test_client().get(address, headers={"Accept-Language": "en"})
    assert response.status_code == status, response.text[:300]
    return response


@pytest.mark.parametrize("address", PAGES)
def test_before_the_first_ranking_no_part_of_a_page_says_that_there_is_none_yet(app, country, address):
    address = address.format(oblast=country.oblast.code)

    page = PageClient(app).get(f"{address}?date={BEFORE}")

    assert "yet" not in page.text
    assert "No ranking had been published by that day" in "".join(page.tree.find(".//footer").itertext())


@pytest.mark.parametrize("address", PAGES)
def test_made_up_schools_are_marked_before_the_first_ranking_too(app, session, country, address):
    address = f"{address.format(oblast=country.oblast.code)}?date={BEFORE}"
    real = PageClient(app).get(address).html
    session.execute(text("UPDATE school SET is_synthetic = true WHERE id = :id"), {"id": country.own.id})

    assert 'class="sample"' in PageClient(app).get(address).html
    assert 'class="sample"' not in real
    assert get(app, f"/api/v1/priorities?date={BEFORE}").json["is_synthetic"] is True


def test_the_map_draws_the_areas_of_a_day_before_the_first_ranking_without_figures(app, country):
    content = get(app, f"/tiles/areas/{AREA_PLACE}.mvt?by=1&date={BEFORE}").data

    areas = read_tile(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)["areas"]
    assert areas
    assert {one.attributes.get("coverage") for one in areas} == {None}
    assert f"/tiles/areas/{{z}}/{{x}}/{{y}}.mvt?date={BEFORE}" in PageClient(app).get(f"/en/map?date={BEFORE}").html


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/priorities.csv?date={on}", "/api/v1/priorities.xlsx?date={on}", "/api/v1/priorities.geojson?date={on}",
        "/api/v1/priorities.csv-metadata.json?date={on}", "/en/areas/{oblast}/brief.pdf?date={on}",
        "/en/schools/{school}/why.pdf?date={on}", "/tiles/schools/{place}.mvt?date={on}",
    ],
)  # fmt: skip
def test_files_of_a_day_before_the_first_ranking_say_why_there_are_none(app, country, address):
    names = {"oblast": country.oblast.code, "school": country.own.code, "place": PLACE}

    then = get(app, address.format(on=BEFORE, **names), status=404).text

    assert "No ranking had been published by that day" in then
    assert "There is nothing at this address" not in then


def test_a_ranking_that_is_not_there_is_no_matter_of_the_day(app, country):
    answer = get(app, f"/api/v1/priorities.csv?date={BEFORE}&run={'f' * 64}", status=404).json

    assert answer["type"] == "/problems/not-found"


@pytest.mark.parametrize("on", ["2099-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    "address",
    [
        "/en/priorities?date={on}", "/en/map?date={on}", "/en/areas?date={on}", "/en/areas/{oblast}?date={on}",
        "/en/map/shapes.json?date={on}", "/api/v1/priorities?date={on}", "/api/v1/areas?date={on}",
        "/api/v1/schools/{school}?date={on}", "/api/v1/priorities.csv?date={on}",
        "/en/areas/{oblast}/brief.pdf?date={on}", "/ogc/collections/schools/items?datetime={on}",
        "/tiles/schools/{place}.mvt?date={on}", "/tiles/areas/{place}.mvt?by=1&date={on}",
        "/en/schools/{school}?date={on}", "/en/priorities/official?date={on}",
    ],
)  # fmt: skip
def test_a_day_to_come_is_refused_everywhere_with_the_reason(app, country, address, on):
    names = {"oblast": country.oblast.code, "school": country.own.code, "place": PLACE}

    answer = get(app, address.format(on=on, **names), status=400).text

    assert "The day lies in the future" in answer
    assert on in answer


@pytest.mark.parametrize("period", ["2026-03-01/..", "../2099-01-01", "2026-03-01/2099-01-01"])
def test_a_period_may_reach_beyond_today(app, country, period):
    get(app, f"/ogc/collections/schools/items?datetime={period}")


def test_today_says_nothing_of_the_past(app, session, country):
    today = today_in_country(session)

    for on in ("", f"?date={today}"):
        assert "not of today" not in PageClient(app).get(f"/en/priorities{on}").text


def test_a_tile_dated_by_a_server_whose_day_has_begun_earlier_is_not_refused(app, session, country, monkeypatch):
    today = today_in_country(session)
    tomorrow = today + timedelta(days=1)
    address = f"/tiles/areas/{AREA_PLACE}.mvt?by=1&date={tomorrow}"
    get(app, address, status=400)

    class Clock(date):
        @classmethod
        def today(cls):
            return tomorrow

    monkeypatch.setattr(past_day, "date", Clock)
    get(app, address)
    get(app, f"/en/schools/{country.own.code}?date={tomorrow}", status=302)  # to the present state


def test_the_filter_is_called_day(app, country):
    assert "“Day” (in the address: date)" in PageClient(app).get("/en/priorities?date=soon", status=400).text
