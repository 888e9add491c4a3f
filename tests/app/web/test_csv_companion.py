"""Each CSV has a companion (CSVW): announced, at its own address, true for the file it stands beside."""

from __future__ import annotations

import csv
import io
from datetime import date
from urllib.parse import urljoin

import pytest

from tests.factories.listed_schools import make_listed_schools
from tests.factories.plans import make_offer, make_plan

READ = {
    "string": str,
    "integer": int,
    "number": float,
    "date": date.fromisoformat,
    "boolean": lambda text: {"true": True, "false": False}[text],
}
SHORT_TABLES = ("priorities/survey", "quality/areas", "quality/schools", "data/claims", "money/measures/file",
                "money/projects", "priorities/deviations", "data/hazard-sites")  # fmt: skip


@pytest.fixture
def listed(session):
    return make_listed_schools(session)


@pytest.fixture
def plan(session, listed):
    return make_plan(session, listed.run, [make_offer(session, listed.run, listed.schools[0], "RET")])


def companion(client, address):
    """Return the rows of a CSV and the companion that its header ``Link`` names."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    place, _, kind = answer.headers["Link"].partition("; ")
    assert kind == 'rel="describedby"; type="application/csvm+json"'
    told = client.get(place.strip("<>"))
    assert told.status_code == 200, told.text
    assert told.mimetype == "application/csvm+json"
    assert urljoin(place.strip("<>"), told.json["url"]).partition("?")[0] == address.partition("?")[0]
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))), told.json


def check(rows, told):
    """Check what a reader of the companion relies on, cell for cell."""
    columns = told["tableSchema"]["columns"]
    assert told["@context"][0] == "http://www.w3.org/ns/csvw"
    assert [column["name"] for column in columns] == rows[0]
    assert all(column["name"] in column["titles"] for column in columns), "the heading must be one of the titles"
    for column, cells in zip(columns, zip(*rows[1:], strict=True), strict=False):
        kind = column["datatype"]
        read = READ[kind if isinstance(kind, str) else kind["base"]]
        for cell in cells:
            assert cell == "" or read(cell) is not None
    assert told["dc:license"]["@id"].startswith("https://creativecommons.org/")
    assert told["dialect"]["headerRowCount"] == 1


def note(told, key):
    return next(one["value"] for one in told["notes"] if one["name"] == key)


def test_the_list_says_filter_run_day_licence_and_every_column_in_the_readers_language(client, listed):
    rows, told = companion(client, "/api/v1/priorities.csv?grade=E&lang=ru")

    check(rows, told)
    assert told["dc:language"] == "ru"
    assert "Оценка: E" in note(told, "filter")
    assert told["dc:identifier"] == note(told, "run") == listed.run.hash
    assert note(told, "schools") == str(len(rows) - 1)
    assert all(column["dc:description"] for column in told["tableSchema"]["columns"])
    assert "Вымышленные данные" in told["dc:description"]
    assert "grade=E" in told["url"]


def test_the_languages_differ_in_words_and_in_nothing_else(client, listed):
    ky, en = (companion(client, f"/api/v1/priorities.csv?lang={language}")[1] for language in ("ky", "en"))

    assert ky["dc:title"] != en["dc:title"]
    first, second = ([one["name"] for one in told["tableSchema"]["columns"]] for told in (ky, en))
    assert first == second


def test_a_plan_says_its_hash_and_its_columns(client, plan):
    rows, told = companion(client, f"/api/v1/plans/{plan.hash[:16]}.csv?lang=en")

    check(rows, told)
    assert told["dc:identifier"] == plan.hash


@pytest.mark.parametrize("name", SHORT_TABLES)
def test_every_short_table_has_one_under_the_same_filter(client, listed, name):
    rows, told = companion(client, f"/en/{name}.csv?offset=0")

    check(rows, told)
    assert note(told, "licence").startswith("CC BY 4.0")


def test_the_filter_of_a_short_table_is_said_in_words(client, session, listed):
    address = f"/en/priorities/survey.csv?area={listed.oblast.code}"

    _, told = companion(client, address)

    assert note(told, "filter") == f"Area: {listed.oblast.name_en or listed.oblast.name_ky}"
    assert client.get(address.replace(".csv", ".csv-metadata.json").replace("area=", "area=9")).status_code == 400


def test_data_that_are_real_are_not_marked_as_synthetic(client, listed):
    assert "Synthetic" not in companion(client, "/en/data/claims.csv")[1]["dc:description"]
    assert "Synthetic" in companion(client, "/en/quality/areas.csv")[1]["dc:description"]


def test_other_files_announce_nothing(client, listed):
    assert "Link" not in client.get("/api/v1/priorities.geojson").headers
    assert "Link" not in client.get("/api/v1/priorities").headers
