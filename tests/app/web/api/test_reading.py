"""The read API: pages, filters, details, errors, tags; nothing restricted, nothing misspelt."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from geodata.queries.list_file import place_names
from geodata.queries.priorities import select_rows
from geodata.records.priority import ListFilter
from tests.factories.listed_schools import make_listed_schools
from tests.factories.ranked_country import make_ranked_country
from tests.factories.schools import make_school
from tests.support.list_files import expected_rows

if TYPE_CHECKING:
    from tests.factories.listed_schools import ListedSchools
    from tests.factories.ranked_country import RankedCountry


@pytest.fixture
def listed(session) -> ListedSchools:
    return make_listed_schools(session)


@pytest.fixture
def country(session) -> RankedCountry:
    return make_ranked_country(session)


def test_pages_follow_each_other_to_the_end(client, session, listed):
    found, address = [], "/api/v1/priorities?limit=5&lang=ky"
    while address:
        body = client.get(address).json
        assert body["total"] == 12
        found += body["items"]
        address = body["next"]

    rows = expected_rows(select_rows(session, listed.run.id, ListFilter()), place_names(session, "ky"))
    assert [{key: None if value == "" else value for key, value in item.items()} for item in found] == rows


def test_the_last_page_leads_back(client, listed):
    body = client.get("/api/v1/priorities?limit=5&offset=10").json

    assert body["next"] is None
    assert "offset=5" in body["previous"]
    assert body["run"] == listed.run.hash
    assert body["is_synthetic"] is True


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("grad=E", "grad"),
        ("grade=F", "grade"),
        ("area=nowhere", "area"),
        ("limit=0", "limit"),
        ("offset=x", "offset"),
        ("date=yesterday", "date"),
        ("q=a%00b", "q"),
    ],
)
@pytest.mark.parametrize("path", ["priorities", "schools", "areas"])
def test_what_cannot_be_read_is_refused_with_its_field(client, listed, path, query, field):
    response = client.get(f"/api/v1/{path}?{query}")

    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    assert response.json["field"] == field
    assert response.json["type"] == "/problems/invalid-filter"


def test_a_file_of_a_misspelt_filter_is_refused(client, listed):
    assert client.get("/api/v1/priorities.csv?grad=E").json["field"] == "grad"
    assert client.get("/api/v1/priorities.xlsx?area=nowhere").json["field"] == "area"


def test_an_unknown_run_is_not_found(client, listed):
    assert client.get("/api/v1/priorities?run=0123456789").status_code == 404
    assert client.get("/api/v1/runs/0123456789").status_code == 404
    assert client.get("/api/v1/runs/x").status_code == 404


def test_nothing_ranked_yet_is_an_empty_page(client, session):
    make_school(session, code="0001")

    assert client.get("/api/v1/priorities").json["items"] == []
    assert [school["code"] for school in client.get("/api/v1/schools").json["items"]] == ["0001"]
    assert client.get("/api/v1/schools?grade=E").json["total"] == 0
    assert client.get("/api/v1/priorities.csv").status_code == 404


def test_a_reader_who_has_it_gets_304(client, listed):
    first = client.get("/api/v1/priorities?limit=3")

    again = client.get("/api/v1/priorities?limit=3", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert again.data == b""


def test_a_change_of_name_changes_the_tag(client, session, listed):
    first = client.get("/api/v1/priorities?limit=3")
    listed.schools[0].name_ky = "Жаңы ат"
    session.flush()

    again = client.get("/api/v1/priorities?limit=3", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 200


def test_areas_are_found_by_level_parent_and_name(client, listed):
    def codes(query: str) -> list[str]:
        return [area["code"] for area in client.get(f"/api/v1/areas?{query}").json["items"]]

    assert codes("unit_level=1") == [listed.oblast.code]
    assert codes(f"area={listed.oblast.code}") == [listed.rayon.code]
    assert listed.oblast.code in codes("q=нарын облусу")
    assert client.get("/api/v1/areas?unit_level=9").json["field"] == "unit_level"


def test_an_area_has_place_figures_domains_and_history(client, country):
    body = client.get(f"/api/v1/areas/{country.aimak.code}").json

    assert body["above"] == [country.country.code, country.oblast.code, country.rayon.code]
    assert body["pupils_at_risk"] == 812
    assert [domain["domain_code"] for domain in body["domains"]] == ["STR"]
    assert body["history"][0]["code"] == country.former.code
    assert client.get("/api/v1/areas/nowhere").status_code == 404


def test_a_school_has_all_its_parts_and_nothing_restricted(client, country):
    response = client.get("/api/v1/schools/0000777001")

    body = response.json
    assert body["code"] == "0000777001"
    assert body["priority"]["national_rank"] == 1
    assert body["priority"]["grade"] == "E"
    assert [building["building_type"] for building in body["buildings"]] == ["KG-ADB"]
    assert body["hazards"][0]["level"] is None
    assert [failed["code"] for failed in body["domains"][0]["failed"]] == ["STR-02"]
    assert "SEC-01" not in response.text
    assert "жашыруун" not in response.text


def test_an_unpublished_school_is_as_absent(client, session, country):
    country.worst.is_published = False
    session.flush()

    hidden, absent = client.get("/api/v1/schools/0000777001"), client.get("/api/v1/schools/nobody")

    assert hidden.status_code == absent.status_code == 404
    assert {**hidden.json, "instance": ""} == {**absent.json, "instance": ""}
    assert "0000777001" not in client.get("/api/v1/schools").text
    assert "0000777001" not in client.get("/api/v1/priorities").text


def test_unknown_stays_null(client, country):
    item = client.get("/api/v1/priorities").json["items"][1]

    assert item["grade"] is None
    assert item["pupils"] is None
    assert item["unknown_factors"] == "C2;C7"


def test_hazards_say_their_licence(client, country):
    (layer,) = client.get("/api/v1/hazards").json["items"]

    assert layer["code"] == "flood_test"
    assert layer["licence"] == "CC BY 4.0"
    assert client.get("/api/v1/hazards?hazard=mudflow").json["items"] == []


def test_the_standard_and_runs_can_be_read(client, session, country):
    (edition,) = client.get("/api/v1/standard/editions").json["items"]
    detail = client.get(f"/api/v1/standard/editions/{edition['code']}").json
    run = client.get(f"/api/v1/runs/{country.run.hash[:12]}").json

    assert [criterion["code"] for criterion in detail["criteria"]] == ["STR-02", "SEC-01"]
    assert run["hash"] == country.run.hash
    assert run["canonical"] == country.run.canonical
    assert run["edition"] == edition["code"]


def test_lists_filter_schools_as_the_ranking_does(client, session, listed):
    for query in ("grade=E", f"area={listed.rayon.code}", "hazard=flood&level=4", "ownership=private", "q=Түштүк"):
        ranked = {item["code"] for item in client.get(f"/api/v1/priorities?{query}&limit=500").json["items"]}
        schools = {item["code"] for item in client.get(f"/api/v1/schools?{query}&limit=500").json["items"]}
        assert schools == ranked != set(), query


def test_files_are_named_by_run_and_mark(client, listed):
    response = client.get("/api/v1/priorities.geojson?grade=E")

    assert "mektep-kg-ffffffffffff-2026-11-01-synthetic.geojson" in response.headers["Content-Disposition"]
    assert response.mimetype == "application/geo+json"
    assert int(response.headers["Content-Length"]) == len(response.data)
    assert json.loads(response.data)["metadata"]["run"] == listed.run.hash
    assert client.get("/api/v1/priorities.docx").status_code == 404


def test_a_list_asks_few_questions_of_the_database(client, session, listed):
    from sqlalchemy import event

    asked: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))

    client.get(f"/api/v1/priorities?area={listed.rayon.code}&limit=500")

    assert len([one for one in asked if one.lstrip().upper().startswith(("SELECT", "WITH"))]) <= 8


@pytest.mark.parametrize(
    ("extension", "kind"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("html", "text/html; charset=utf-8"),
        ("geojson", "application/geo+json"),
        ("pdf", "application/pdf"),
    ],
)
def test_a_file_states_its_type_once(client, listed, extension, kind):
    assert client.get(f"/api/v1/priorities.{extension}").headers["Content-Type"] == kind
