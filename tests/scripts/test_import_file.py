"""Files through the command line: small made ones, undo, exit codes."""

from __future__ import annotations

import csv
import os

import pytest

from tests.geodata.readers.test_footprint import polygons, raster
from tests.support import database as test_database
from tests.support.command_line import CommandLine

HEADING = "code,name_ky,lat,lon,pupils,seats\n"
GOOD = HEADING + "S-1,Ак-Терек мектеби,42.81,74.61,300,250\nS-2,Көк-Жар мектеби,42.82,74.62,200,210\n"


@pytest.fixture(scope="module")
def own_database():
    """A database of this module: commands commit."""
    made = test_database.create(f"mektep_cli_{os.getpid()}")
    yield made
    test_database.drop(made)


@pytest.fixture
def mektep(own_database, tmp_path, monkeypatch, capfd):
    made = CommandLine(own_database, tmp_path / "var", monkeypatch, capfd)
    with made.engine.begin() as connection:
        from sqlalchemy import text

        connection.execute(text("SELECT set_config('app.scope', 'national', true)"))
        for table in ("assessment", "building", "school", "area_boundary", "hazard_layer"):
            connection.execute(text(f"DELETE FROM {table}"))
    yield made
    made.engine.dispose()


@pytest.fixture
def write(tmp_path):
    def make(content: str, name: str = "file.csv"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return make


def test_dry_run_stores_nothing_and_the_same_file_again_changes_nothing(mektep, write):
    file = write(GOOD)

    dry = mektep("import", "schools", file, "--dry-run", "--json")
    assert (dry.code, dry.json["added"], mektep.value("SELECT count(*) FROM school")) == (0, 2, 0)
    first = mektep("import", "schools", file, "--json")
    again = mektep("import", "schools", file, "--json")

    counts = ("added", "changed", "unchanged", "refused")
    assert [first.json[name] for name in counts] == [2, 0, 0, 0]
    assert [again.json[name] for name in counts] == [0, 0, 2, 0]
    assert mektep.rows("SELECT code, pupils, seats FROM school ORDER BY code") == [("S-1", 300, 250), ("S-2", 200, 210)]
    tags = mektep.rows("SELECT tag FROM audit_event WHERE subject = :batch", batch=str(first.json["batch"]))
    assert tags == [("import:committed",)]


def test_rows_with_problems_change_nothing_until_the_good_ones_are_accepted(mektep, write, tmp_path):
    file = write(GOOD + "S-3,Үчүнчү мектеп,42.8,74.6,many,1\n")

    refused = mektep("import", "schools", file, "--report", tmp_path / "report.csv", "--json")
    assert (refused.code, refused.json["refused"], mektep.value("SELECT count(*) FROM school")) == (3, 1, 0)
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as stream:
        (problem,) = [row for row in csv.DictReader(stream) if row["row"] == "4"]
    assert (problem["column"], problem["value"]) == ("pupils", "many")
    assert problem["message"]
    assert "Nothing was changed" in refused.err

    accepted = mektep("import", "schools", file, "--accept-good-rows", "--json")
    assert (accepted.code, accepted.json["added"], accepted.json["refused"]) == (0, 2, 1)


def test_a_refused_file_and_wrong_use_end_with_two(mektep, write):
    assert mektep("import", "schools", write("")).code == 2
    assert mektep("import", "schools", "/no/such/file").code == 2
    assert mektep("import", "schools", write(GOOD), "--map", "code").code == 2
    assert mektep("import", "hazard", "nothing", write(GOOD)).code == 2
    assert mektep("import", "undo", 999_999).code == 2
    assert mektep.value("SELECT count(*) FROM school") == 0


def test_undo_restores_changed_values_and_removes_added_schools(mektep, write):
    mektep("import", "schools", write(GOOD), "--source", "first")
    before = mektep.rows("SELECT code, pupils, provenance, batch_id FROM school ORDER BY code")
    changed = GOOD.replace(",300,", ",333,") + "S-9,Тогузунчу мектеп,42.8,74.6,90,80\n"
    second = mektep("import", "schools", write(changed), "--json", "--source", "second").json["batch"]
    assert mektep.value("SELECT pupils FROM school WHERE code = 'S-1'") == 333

    undone = mektep("import", "undo", second)

    assert undone.code == 0, undone.err
    assert mektep.rows("SELECT code, pupils, provenance, batch_id FROM school ORDER BY code") == before
    assert mektep("import", "undo", second).code == 2


def test_undo_is_refused_and_names_the_later_import(mektep, write):
    first = mektep("import", "schools", write(GOOD), "--json").json["batch"]
    later = mektep("import", "schools", write(GOOD.replace(",300,", ",301,")), "--json").json["batch"]

    refused = mektep("import", "undo", first)

    assert refused.code == 2
    assert f"batch {later}" in refused.err
    assert mektep.value("SELECT pupils FROM school WHERE code = 'S-1'") == 301


def test_columns_are_named_by_hand(mektep, write):
    file = write("нөмүр,аты,lat,lon,x,y\nS-7,Жетинчи мектеп,42.8,74.6,100,90\n")

    answer = mektep(
        "import", "schools", file, "--map", "нөмүр=code", "--map", "аты=name_ky", "--map", "y=pupils", "--json"
    )

    assert answer.code == 0, answer.err
    assert mektep.rows("SELECT code, name_ky, pupils FROM school") == [("S-7", "Жетинчи мектеп", 90)]


def test_an_empty_cell_keeps_and_the_word_unknown_clears(mektep, write):
    mektep("import", "schools", write(GOOD))

    mektep("import", "schools", write(HEADING + "S-1,,,,,белгисиз\nS-2,,,,,\n"))

    assert mektep.rows("SELECT code, pupils, seats FROM school ORDER BY code") == [
        ("S-1", 300, None),
        ("S-2", 200, 210),
    ]


@pytest.mark.parametrize(
    ("value", "answer"),
    [(20.0, "in which they are: % g"), (196.0, "in which they are: cm/s²"), (-0.4, "they cannot be in g")],
    ids=["percent of g", "cm/s2", "negative"],
)
def test_a_layer_of_shaking_in_another_unit_is_refused_and_never_converted(mektep, tmp_path, value, answer):
    path = raster(tmp_path / "pga.tif", value=value)
    made = mektep("import", "hazard", "pga_475", str(path), "--source", "trial", "--licence", "CC-BY-4.0")

    assert made.code == 2
    assert answer in made.out + made.err
    assert mektep.rows("SELECT 1 FROM hazard_layer WHERE code = 'pga_475'") == []


def test_zones_that_are_no_intensity_are_refused(mektep, tmp_path):
    path = polygons(tmp_path / "zones.geojson", msk=90)
    made = mektep("import", "hazard", "demo_msk_64", str(path), "--map", "value=msk")

    assert made.code == 2
    assert "they cannot be in" in made.out + made.err


@pytest.mark.parametrize(
    ("row", "field", "answer"),
    [
        ("S-1,B1,KG-BRICK,1000", "building_type", "KG-BRICK"),
        ("S-1,B1,KG-CM,-5000000", "replacement_som", "-5000000"),
        ("S-9,B1,KG-CM,5000000", "school_code", "S-9"),
        (",B1,KG-CM,5000000", "school_code", ""),
    ],
    ids=["unknown type", "negative cost", "no such school", "a building without a school"],
)
def test_a_wrong_building_is_refused_with_its_row_field_and_reason(mektep, write, row, field, answer):
    mektep("import", "schools", write(GOOD))
    file = write(f"school_code,code,building_type,replacement_som\n{row}\n", "buildings.csv")
    made = mektep("import", "buildings", file, "--accept-good-rows", "--json")
    problems = mektep.rows("""
        SELECT row_number, column_name, value FROM import_problem
        WHERE severity = 'error' AND batch_id = (SELECT max(id) FROM import_batch)
    """)

    assert made.json["refused"] == 1
    assert [(number, column) for number, column, _ in problems] == [(2, field)], problems
    assert answer in (problems[0][2] or "")
    assert mektep.rows("SELECT 1 FROM building") == []
