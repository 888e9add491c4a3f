"""A code that nobody knows is refused by every channel, with its name, its value and what is possible; never 0 rows."""

from __future__ import annotations

import pytest

from tests.factories.ranked_country import make_ranked_country
from tests.support.pages import PageClient

PAGES = ("/en/priorities", "/en/map", "/en/map/shapes.json")
MACHINES = (
    "/api/v1/priorities",
    "/api/v1/schools",
    "/api/v1/areas",
    "/tiles/schools/5/22/11.mvt",
    "/tiles/schools.json",
    *(f"/api/v1/priorities.{ext}" for ext in ("csv", "xlsx", "geojson", "gpkg", "parquet", "html", "pdf")),
)
UNKNOWN = {
    "hazard": ("zzz", "Earthquake"),
    "domain": ("ZZZ", "STR"),
    "area": ("999", ""),
    "grade": ("Z", "E"),
    "confidence": ("9", "high"),
    "ownership": ("zzz", "Municipal"),
    "queue": ("zzz", "Pay for design"),
    "sort": ("zzz", "pupils"),
}
"""By parameter: a value that there is not, and words of one that there is."""


@pytest.fixture
def country(session):
    return make_ranked_country(session)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("field", UNKNOWN)
def test_a_page_says_which_filter_and_value_and_leads_to_what_is_possible(app, country, path, field):
    value, possible = UNKNOWN[field]

    page = PageClient(app).get(f"{path}?q=a&{field}={value}", status=400)

    assert f"(in the address: {field})" in page.text
    assert f"“{value}”" in page.text
    ways = {"".join(link.itertext()): link.attrib["href"] for link in page.all(".//ul[@class='ways']//a")}
    assert possible == "" or possible in page.text
    assert all(address.startswith(f"{path}?") and "q=a" in address for address in ways.values())
    assert f"{path}?q=a" in page.links()


@pytest.mark.parametrize("path", MACHINES)
@pytest.mark.parametrize("field", UNKNOWN)
def test_programs_get_a_problem_with_pointer_and_choices(client, country, path, field):
    value, _ = UNKNOWN[field]

    answer = client.get(path, query_string={field: value, "lang": "en"})

    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    body = answer.json
    assert body["type"] == "/problems/invalid-filter"
    assert (body["field"], body["value"]) == (field, value)
    assert body["errors"] == [{"detail": body["detail"], "pointer": f"#/query/{field}", "parameter": field}]
    assert value in body["detail"]
    assert all(code in body["detail"] for code in body.get("choices", ()))
    assert field == "area" or body["choices"]


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_what_is_possible_is_said_in_the_readers_language(app, country, language):
    page = PageClient(app).get(f"/{language}/priorities?hazard=zzz", status=400)

    words = {"ky": "Жер титирөө", "ru": "Землетрясение", "en": "Earthquake"}[language]
    link = next(link for link in page.all(".//ul[@class='ways']//a") if "".join(link.itertext()) == words)
    assert link.attrib["href"] == f"/{language}/priorities?hazard=earthquake"


def test_a_hazard_without_levels_is_no_filter_of_schools_but_one_of_layers(client, country):
    assert client.get("/api/v1/priorities?hazard=altitude").status_code == 400
    assert client.get("/api/v1/hazards?hazard=altitude").status_code == 200


def test_the_name_of_an_area_in_place_of_its_code_leads_to_the_code(app, country):
    page = PageClient(app).get("/en/priorities?area=Naryn", status=400)

    links = [link.attrib["href"] for link in page.all(".//ul[@class='ways']//a")]
    assert links == [f"/en/priorities?area={country.oblast.code}"]


@pytest.mark.parametrize("path", ["/api/v1/priorities", "/api/v1/priorities.csv", "/tiles/schools/5/22/11.mvt"])
def test_a_plan_that_is_not_there_is_not_found(client, country, path):
    assert client.get(f"{path}?funded=1&plan=deadbeef").status_code == 404


def test_money_without_any_plan_is_no_empty_list(client, country):
    answer = client.get("/api/v1/priorities?funded=1&lang=en")

    assert answer.status_code == 400
    assert "no plan of money" in answer.json["detail"]


@pytest.mark.parametrize(
    "address", ["/en/quality?area=999", "/en/money/queues?area=999", "/en/money/projects?area=999"]
)
def test_every_page_that_takes_an_area_refuses_a_code_that_none_has(app, country, address):
    page = PageClient(app).get(address, status=400)

    assert "“999”" in page.text
    assert address.partition("?")[0] in page.links()


def test_a_misspelt_parameter_of_the_interface_is_named_with_those_that_there_are(client, country):
    body = client.get("/api/v1/priorities?hazrd=flood&lang=en").json

    assert body["field"] == "hazrd"
    assert "hazard" in body["choices"]
