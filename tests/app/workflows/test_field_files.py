"""Exports of KoBoToolbox as tables hold the same forms as its API: with names or labels, with a sheet of buildings."""

from __future__ import annotations

import csv
import io
import json

import pytest
import xlsxwriter
from sqlalchemy import text

from app.exports.field.survey import survey_rows
from app.workflows.field_files import form_labels, read_delivery
from app.workflows.field_form import form_contents
from app.workflows.take_submissions import take_submissions
from geodata.errors import FileRefusedError
from geodata.models import Building
from geodata.readers.submissions import read_json
from tests.factories.schools import make_school
from tests.support.field_forms import kobo, kobo_page, shipped_edition


@pytest.fixture
def place(session):
    mark = shipped_edition(session)
    school = make_school(session, name_ky="№ 5 (эски) мектеп")
    session.add(Building(code=f"{school.code}-1", school_id=school.id))
    session.flush()
    return mark, school


@pytest.fixture
def sent(place):
    """One form as the API has it."""
    mark, school = place
    blocks = ({"block_code": f"{school.code}-1", "STR_03": "fails"},)
    return kobo(mark, school.code, {"SOC-06": "meets", "ENG-05": "partly"}, blocks=blocks, ENG_05_rooms="8",
                ENG_05_passed="6", SOC_06_note="жазуу")  # fmt: skip


def workbook(path, sent, labels=None, school_label=None):
    """Write the export: a sheet of forms and a sheet of the repeat, with paths of groups."""
    spoken = {name: label for label, name in (labels or {}).items()}

    def heading(key):
        group, _, name = key.rpartition("/")
        return f"{group}/{spoken[name]}" if name in spoken else key

    block = sent["block"][0]
    main = {key: value for key, value in sent.items() if isinstance(value, str)}
    if school_label:
        main["visit/school"] = school_label
    with xlsxwriter.Workbook(path) as book:
        first, second = book.add_worksheet("Safe school"), book.add_worksheet("block")
        rows = {**{heading(key): value for key, value in main.items()}, "_index": "1"}
        for sheet, row in (
            (first, rows),
            (second, {**{heading(key): value for key, value in block.items()}, "_parent_index": "1"}),
        ):
            for at, (key, value) in enumerate(row.items()):
                sheet.write_string(0, at, key)
                sheet.write_string(1, at, value)


def take(session, path):
    return take_submissions(session, read_delivery(path, form_labels(session)), path.name)


def answers(session):
    rows = text("""
        SELECT criterion.code, state, room_share, note FROM answer JOIN criterion ON criterion.id = criterion_id
        ORDER BY 1
    """)
    return [tuple(row) for row in session.execute(rows)]


WHOLE = [("ENG-05", "partly", 0.75, None), ("SOC-06", "meets", None, "жазуу"), ("STR-03", "fails", None, None)]


def test_an_export_with_names_is_the_same_form_as_the_api_sends(session, place, sent, tmp_path):
    path = tmp_path / "export.xlsx"
    workbook(path, sent)

    outcome = take(session, path)
    again = take_submissions(session, read_json(kobo_page([sent])), "api")

    assert (outcome.added, outcome.problems) == (1, [])
    assert answers(session) == WHOLE
    assert again.unchanged == 1


@pytest.mark.parametrize("language", [0, 1, 2], ids=["ky", "ru", "en"])
def test_an_export_with_labels_in_any_language_is_read_too(session, place, sent, tmp_path, language):
    _mark, school = place
    rows = survey_rows(form_contents(session))
    labels = {row.label[language]: row.name for row in rows if row.label[language] and not row.type.startswith("begin")}
    path = tmp_path / "labels.xlsx"
    workbook(path, sent, labels, f"{school.name_ky} ({school.code})")

    outcome = take(session, path)
    again = take_submissions(session, read_json(kobo_page([sent])), "api")

    assert (outcome.added, outcome.problems) == (1, [])
    assert answers(session) == WHOLE
    assert again.unchanged == 1


def test_a_csv_with_semicolons_brings_what_is_not_repeated(session, place, sent, tmp_path):
    flat = {key: value for key, value in sent.items() if isinstance(value, str)}
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerows([flat.keys(), flat.values()])
    path = tmp_path / "export.csv"
    path.write_text(buffer.getvalue(), encoding="utf-8")

    outcome = take(session, path)

    assert (outcome.added, outcome.problems) == (1, [])
    assert answers(session) == WHOLE[:2]


def test_rows_are_named_by_their_line_in_the_file(session, place, sent, tmp_path):
    path = tmp_path / "export.xlsx"
    workbook(path, sent | {"visit/school": "nowhere"})

    outcome = take(session, path)

    assert [(one.row, one.column, one.value, one.code) for one in outcome.problems] == [
        (2, "school", "nowhere", "school_unknown")
    ]


def test_a_picture_under_another_name_is_refused(session, tmp_path):
    path = tmp_path / "export.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(60))

    with pytest.raises(FileRefusedError):
        read_delivery(path, {})


def test_json_is_known_by_its_content_whatever_it_is_called(session, place, sent, tmp_path):
    path = tmp_path / "forms.txt"
    path.write_text(json.dumps([sent]), encoding="utf-8-sig")

    assert len(read_delivery(path, {}).submissions) == 1
