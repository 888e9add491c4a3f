"""Every sample file of bad input is answered as its manifest says, through the sandbox and the validators."""

from __future__ import annotations

import re

import pytest

from app.i18n.catalogue import translator
from geodata.errors import FileRefusedError
from geodata.readers.sandbox import read_in_sandbox, read_raster_in_sandbox
from geodata.validation import validate
from geodata.validation.problems import sentence
from tests.support.import_files import BAD_INPUTS, context, manifest

TABLES = ("csv", "xlsx", "xls", "xlsm", "geojson", "gpkg", "zip")
ROWS = [row for row in manifest() if (BAD_INPUTS / row["file"]).exists()]


def _said(problems: list) -> str:
    return "\n".join(
        f"{problem.row} {sentence(problem, translator(lang))}" for problem in problems for lang in ("ky", "ru", "en")
    )


def _lawful(row: dict[str, str]) -> set[str]:
    return {row["expected"], *row["also_ok"].split("|")} - {""}


def _attempt(read, row):
    try:
        return read(BAD_INPUTS / row["file"]), None
    except FileRefusedError as error:
        return None, error.problem


def test_the_sample_is_whole():
    assert {row["format"] for row in ROWS} >= {"csv", "xlsx", "geojson", "gpkg", "zip", "tif"}
    assert len([row for row in ROWS if row["format"] in TABLES]) == 68


@pytest.mark.parametrize("row", [pytest.param(r, id=r["file"]) for r in ROWS if r["format"] in TABLES])
def test_table_is_answered_as_its_manifest_says(row):
    table, refusal = _attempt(read_in_sandbox, row)
    if table is None:
        assert "REJECT" in _lawful(row), refusal
        _mentions(row, [refusal])
        return
    checked = validate("schools", table, None, context())
    severities = {problem.severity for problem in checked.problems}
    outcome = "ROWS" if checked.refused else "WARN" if "warning" in severities else "ACCEPT"

    assert outcome in _lawful(row), [problem for problem in checked.problems if problem.severity != "note"]
    if outcome == "ROWS" and row["expected"] == "ROWS":
        assert len(checked.records) == int(row["rows_good"])
        assert checked.refused == [int(number) for number in row["bad_lines"].split()]
    elif outcome != "ROWS":
        assert len(checked.records) == int(row["rows_total"])
    _mentions(row, checked.problems)


def _mentions(row: dict[str, str], problems: list) -> None:
    if row["message_should_mention"] and problems:
        assert re.search(row["message_should_mention"], _said(problems), re.IGNORECASE), _said(problems)


@pytest.mark.parametrize("row", [pytest.param(r, id=r["file"]) for r in ROWS if r["format"] == "tif"])
def test_raster_is_answered_as_its_manifest_says(row):
    raster, refusal = _attempt(read_raster_in_sandbox, row)
    if raster is None:
        assert "REJECT" in _lawful(row), refusal
        _mentions(row, [refusal])
        return
    outcome = "WARN" if raster.problems else "ACCEPT"

    assert outcome in _lawful(row)
    assert raster.srid == 4326


def test_mojibake_never_reaches_a_record():
    table = read_in_sandbox(BAD_INPUTS / "enc_mojibake_saved.csv")

    checked = validate("schools", table, None, context())

    assert checked.records[0][1].name_ru == "Тестовая средняя школа № 1 (синтетика)"


def test_thousands_are_read_whatever_separates_them():
    table = read_in_sandbox(BAD_INPUTS / "num_thousands.csv")

    checked = validate("schools", table, None, context())

    costs = [record.provenance["declared_building"]["replacement_som"] for _, record in checked.records[2:6]]
    assert costs == [12_000_000] * 4


def test_hostile_text_stays_text():
    table = read_in_sandbox(BAD_INPUTS / "text_sql_template.csv")

    names = [record.name_ru for _, record in validate("schools", table, None, context()).records]

    assert names[2] == "'); DROP TABLE schools;--"
    assert names[3] == "{{7*7}}{{config.items()}}"
