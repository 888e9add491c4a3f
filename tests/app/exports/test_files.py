"""Every format holds every cell of the list, and nothing that runs."""

from __future__ import annotations

import csv
import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.exports.columns import COLUMNS, KEYS
from app.exports.exporter import ListTooLongError, UnknownFormatError, find_exporter, load_exporters, write_file
from app.i18n.catalogue import translator
from app.i18n.languages import CODES
from app.workflows.export_list import describe_list, write_list
from app.workflows.rank_schools import rank_schools
from geodata.models import Run
from geodata.queries.list_file import copy_list, place_names
from geodata.queries.priorities import iterate_rows
from geodata.records.priority import ListFilter
from tests.factories.country import make_country
from tests.factories.listed_schools import HOSTILE_NAMES, make_listed_schools
from tests.support.list_files import READERS, expected_rows

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.listed_schools import ListedSchools


@pytest.fixture
def listed(session: Session) -> ListedSchools:
    return make_listed_schools(session)


def write(
    session: Session, listed: ListedSchools, key: str, folder: Path, language: str = "ky", **wish: object
) -> Path:
    path = folder / f"list.{key}"
    write_list(session, listed.run, ListFilter(**wish), find_exporter(key), language, path)
    return path


def test_every_format_is_found_and_named_in_three_languages():
    assert list(load_exporters()) == ["xlsx", "csv", "html", "gpkg", "geojson", "pdf", "parquet"]
    for exporter in load_exporters().values():
        assert translator("ky")(exporter.label) != translator("ru")(exporter.label) != exporter.label


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("key", READERS)
def test_a_file_holds_every_cell_of_the_list(session, listed, tmp_path, key, language):
    rows = iterate_rows(session, listed.run.id, ListFilter())
    expected = expected_rows(rows, place_names(session, language))

    found = READERS[key](write(session, listed, key, tmp_path, language), language)

    assert len(expected) == len(HOSTILE_NAMES)
    assert found == expected


def test_a_file_shows_no_value_of_what_nobody_assessed(session, tmp_path):
    country = make_country(session)
    run = session.get(Run, rank_schools(session).run_id)
    path = tmp_path / "list.csv"
    write_list(session, run, ListFilter(), find_exporter("csv"), "en", path)

    with path.open(encoding="utf-8-sig", newline="") as opened:
        rows = {row["code"]: row for row in csv.DictReader(opened)}
    nothing, assessed = (rows[country.schools[code].code] for code in ("S4", "S1"))
    assert {"C4", "C5"} <= set(nothing["unknown_factors"].split(";"))
    assert (nothing["c4_value"], nothing["c5_value"]) == ("", "")
    assert (float(nothing["c4_points"]), float(nothing["c5_points"])) == (10, 5)
    assert (float(assessed["c4_value"]), float(assessed["c5_value"])) == (0, 0)
    assert assessed["unknown_factors"] == "C7"


@pytest.mark.parametrize("key", READERS)
def test_an_empty_list_is_a_file_with_headings(session, listed, tmp_path, key):
    assert READERS[key](write(session, listed, key, tmp_path, q="жокмектепжок"), "ky") == []


def test_columns_are_explained_in_words_of_three_languages():
    assert len(KEYS) == len(set(KEYS))
    for column in COLUMNS:
        for language in ("ky", "ru"):
            say = translator(language)
            for text in (column.label, column.description, column.unit):
                assert not text or say(text) != text, f"{column.key}: {text!r} has no {language} words"


def test_a_spreadsheet_runs_nothing_of_a_csv(session, listed, tmp_path):
    text = write(session, listed, "csv", tmp_path).read_text(encoding="utf-8-sig")

    cells = [cell for line in csv.reader(text.splitlines(keepends=True)) for cell in line]
    risky = [cell for cell in cells if re.match(r"^[\s\u200b\ufeff]*[=+\-@\t\r＝＋－＠]", cell)]
    assert [cell for cell in risky if not re.fullmatch(r"-\d+([.,]\d+)?", cell)] == []
    assert "-12,5" in cells, "a real negative number stays as it is"
    assert "'-2+3" in cells
    assert "-0.25" in cells


def test_a_csv_says_its_run_in_every_row_and_ends_lines_as_the_standard_says(session, listed, tmp_path):
    content = write(session, listed, "csv", tmp_path).read_bytes().decode("utf-8-sig")

    heading = content.split("\r\n")[0]
    assert heading.endswith(",run,data_date")
    assert content.count(f"{listed.run.hash},2026-11-01\r\n") == len(HOSTILE_NAMES)
    assert content.endswith("\r\n")


def test_a_workbook_says_filter_run_columns_and_licences(session, listed, tmp_path):
    import openpyxl

    say = translator("ru")
    path = write(session, listed, "xlsx", tmp_path, "ru", area=listed.rayon.code, grades=("E", "unknown"))

    book = openpyxl.load_workbook(path)
    about = {row[0].value: row[1].value for row in book[say("Filter and run")].iter_rows()}
    assert about[say("Run")] == listed.run.hash
    assert about[say("Filter")] == f"{say('Area')}: {listed.rayon.name_ru}; {say('Grade')}: E, {say('Unknown')}"
    assert say("Synthetic data for demonstration: no real school.") == about[say("Attention")]
    columns = list(book.worksheets[2].iter_rows(values_only=True))
    assert [row[0] for row in columns[1:]] == list(KEYS)
    assert all(len({row[1], row[4], row[7]}) == 3 for row in columns[1:] if row[0] == "pupils")
    assert any("CC BY 4.0" in row for row in book.worksheets[3].iter_rows(values_only=True))
    with zipfile.ZipFile(path) as parts:
        names = parts.namelist()
        assert not [name for name in names if "external" in name.lower() or "comment" in name.lower() or "vba" in name]
        assert b"<f>" not in b"".join(parts.read(name) for name in names)


def test_a_geopackage_opens_styled_and_says_what_it_is(session, listed, tmp_path):
    path = write(session, listed, "gpkg", tmp_path, "ky")

    with closing(sqlite3.connect(path)) as base:
        style, default = base.execute("SELECT styleQML, useAsDefault FROM layer_styles").fetchone()
        about = dict(base.execute("SELECT key, value FROM about"))
        contents = base.execute("SELECT table_name FROM gpkg_contents").fetchall()
    assert default == 1
    assert 'attr="grade"' in style
    assert style.count("<category ") == 6
    assert about["run"] == listed.run.hash
    assert {name for (name,) in contents} >= {"schools", "about", "about_columns", "about_sources", "layer_styles"}


def test_parquet_carries_its_metadata(session, listed, tmp_path):
    from pyarrow import parquet

    found = parquet.read_schema(write(session, listed, "parquet", tmp_path)).metadata

    assert b'"primary_column": "geom"' in found[b"geo"]
    assert listed.run.hash.encode() in found[b"koopsuz_mektep"]


def test_a_list_that_a_format_cannot_hold_is_refused_before_anything_is_written(session, listed, tmp_path):
    from dataclasses import replace

    document = replace(describe_list(session, listed.run, ListFilter(), "ky"), count=2_000_000)

    with pytest.raises(ListTooLongError) as refused:
        write_file(find_exporter("xlsx"), document, tmp_path / "x.xlsx")

    assert refused.value.limit == 1_048_575
    assert not (tmp_path / "x.xlsx").exists()


def test_an_unknown_format_is_named():
    with pytest.raises(UnknownFormatError, match="docx"):
        find_exporter("docx")


def test_lines_come_in_blocks(session, listed, monkeypatch):
    monkeypatch.setattr("geodata.queries.list_file.BLOCK_BYTES", 1_000)

    blocks = list(copy_list(session, listed.run.id, ListFilter(), KEYS))

    assert len(blocks) > 3
    assert all(block.endswith(b"\r\n") for block in blocks)
