"""Every column has a class of who may read it, and each channel shows only what its reader may.

``geodata/reference/field_classes/columns.csv``: the class of each column: public, council (anybody signed in),
department (who works in the territory), school (the school and who edits there), restricted (the protection group),
internal (accounts, jobs, files under way, the audit: their own pages only). A table whose only row is ``*`` leaves the
house in none of its columns. ``shown.csv``: the fields of each channel that visitors read, with the columns behind.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import geodata.models.account  # noqa: F401  the tables of accounts are not in the package's own list
from app.exports.columns import KEYS, RUN_COLUMNS
from app.web.api.description import build_description
from app.web.quality.presenters import AREA_KEYS, SCHOOL_KEYS
from app.web.scenarios.school_file import KEYS as SCENARIO_KEYS
from app.web.survey.routes import COLUMNS as SURVEY_COLUMNS
from app.web.tiles.tilejson import HAZARD, LAYERS
from app.web.winter.words import COLUMNS as WINTER_COLUMNS
from geodata.models.base import Base
from tests.factories.ranked_country import make_ranked_country
from tests.support.mvt import read_tile

FOLDER = Path(__file__).parents[2] / "geodata/reference/field_classes"
CLASSES = ("public", "council", "department", "school", "restricted", "internal")
SENT_IN = {"ImportBatch", "ImportRefusal", "Problem"}
"""What programs that bring files get back, and problems: nothing of a school that is stored."""
RESTRICTED_TABLES = {"restricted_answer", "protection_count"}


def read(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


CLASS_OF = {(row["table"], row["column"]): row["class"] for row in read("columns.csv")}
SHOWN = {(row["channel"], row["field"]): row["columns"].split() for row in read("shown.csv")}


def declared(channel):
    return {field for one, field in SHOWN if one == channel}


def test_every_column_has_one_class_and_none_is_left_behind():
    rows = [(row["table"], row["column"]) for row in read("columns.csv")]
    there = {
        (table.name, column)
        for table in Base.metadata.tables.values()
        for column in (["*"] if (table.name, "*") in CLASS_OF else [one.name for one in table.columns])
    }

    assert len(rows) == len(set(rows))
    assert set(CLASS_OF.values()) <= set(CLASSES)
    assert there - set(rows) == set(), "give the new columns a class in geodata/reference/field_classes/columns.csv"
    assert set(rows) - there == set()


def test_secrets_people_and_protection_are_in_no_open_class():
    is_open = {place for place, kind in CLASS_OF.items() if kind in ("public", "council")}

    assert {place for place in is_open if place[0] in RESTRICTED_TABLES} == set()
    assert {
        place
        for place in is_open
        if any(word in place[1] for word in ("secret", "password", "token", "assessor", "surveyor", "account_id"))
    } == set()


def test_requirements_of_protection_are_restricted_and_all_others_public():
    path = FOLDER.parent / "standards/2026-proposal/criteria.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))

    assert {row["field_class"] for row in rows if row["group"] == "protection"} == {"restricted"}
    assert {row["field_class"] for row in rows if row["group"] != "protection"} == {"public"}
    assert sorted(row["code"] for row in rows if row["group"] == "protection") == [
        *(f"SEC-0{number}" for number in range(1, 5)),
        *(f"SOC-0{number}" for number in range(1, 6)),
    ]


@pytest.mark.parametrize("channel", sorted({one for one, _field in SHOWN}))
def test_a_channel_of_visitors_shows_public_columns_only(channel):
    closed = {
        field: [column for column in columns if CLASS_OF.get(tuple(column.split("."))) != "public"]
        for (one, field), columns in SHOWN.items()
        if one == channel
    }

    assert {field: columns for field, columns in closed.items() if columns} == {}


@pytest.mark.parametrize(
    ("channel", "fields"),
    [
        pytest.param("export", (*KEYS, *(row[0] for row in RUN_COLUMNS)), id="the list as a file"),
        *(
            pytest.param(f"tile:{part}", tuple(fields), id=f"tiles of {part}")
            for layer in [*LAYERS.values(), {"hazard": HAZARD["hazard"]}]
            for part, fields in layer.items()
        ),
        *(
            pytest.param(f"api:{name}", tuple(schema["properties"]), id=f"interface {name}")
            for name, schema in build_description()["components"]["schemas"].items()
            if name not in SENT_IN
        ),
        pytest.param("file:quality-areas", AREA_KEYS, id="file of quality by area"),
        pytest.param("file:quality-schools", SCHOOL_KEYS, id="file of quality by school"),
        pytest.param("file:survey-first", tuple(SURVEY_COLUMNS), id="file of schools to survey"),
        pytest.param("file:winter", tuple(WINTER_COLUMNS), id="file of winter readiness"),
        pytest.param("file:scenario-schools", SCENARIO_KEYS, id="file of a scenario"),
    ],
)
def test_what_a_channel_shows_is_what_is_written_down(channel, fields):
    assert set(fields) - declared(channel) == set(), "add the new fields to geodata/reference/field_classes/shown.csv"
    assert declared(channel) - set(fields) == set()


def test_features_and_tiles_hold_nothing_besides(client, session):
    made = make_ranked_country(session)
    schools = client.get("/ogc/collections/schools/items").get_json()["features"]
    areas = client.get("/ogc/collections/areas/items").get_json()["features"]
    tile = read_tile(client.get(f"/tiles/schools/0/0/0.mvt?run={made.run.hash}").data)

    assert {key for one in schools for key in one["properties"]} == declared("ogc:schools")
    assert {key for one in areas for key in one["properties"]} == declared("ogc:areas")
    assert {key for one in tile["schools"] for key in one.attributes} <= declared("tile:schools")
    assert tile["schools"]
