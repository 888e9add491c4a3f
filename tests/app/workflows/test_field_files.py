"""Exports of KoBoToolbox as tables hold the same forms as its API: with names or labels, with a sheet of buildings."""

from __future__ import annotations

import csv
import io
import json
import zipfile

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
from tests.support.field_forms import kobo, kobo_page, odk, odk_page, shipped_edition


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


def central(path, forms, *, prefix="", more=(), remove=()):
    """Write ODK Central's export: a table of forms, one of the repeat, media; groups stand before names."""

    def flat(values, before=""):
        for key, value in values.items():
            if isinstance(value, dict) and key != "__system":
                yield from flat(value, f"{before}{key}-")
            elif not isinstance(value, (list, dict)) and "@" not in key and key != "__id":
                yield before + key, "" if value is None else str(value)

    def table(rows):
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)
        return buffer.getvalue()

    mains, blocks = [], []
    for form in forms:
        system = form["__system"]
        head = {"SubmissionDate": system["submissionDate"]} | dict(flat(form))
        tail = {"KEY": form["__id"], "SubmitterID": "5", "SubmitterName": system["submitterName"], "ReviewState": "",
                "Edits": str(system["edits"]), "FormVersion": system["formVersion"]}  # fmt: skip
        mains.append({name: value for name, value in (head | tail).items() if name not in remove})
        for at, block in enumerate(form["block"], 1):
            told = {f"d_all-{name}": value for name, value in block.items() if name != "__id"}
            blocks.append(told | {"PARENT_KEY": form["__id"], "KEY": f"{form['__id']}/block[{at}]"})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{prefix}safe.csv", table(mains))
        if blocks:
            archive.writestr(f"{prefix}safe-block.csv", table(blocks))
        archive.writestr(f"{prefix}media/1690000000000.jpg", b"\xff\xd8\xff")
        for name, content in more:
            archive.writestr(name, content)
    return path


@pytest.fixture
def entity(place):
    """The same form as ODK Central has it."""
    mark, school = place
    blocks = ({"block_code": f"{school.code}-1", "STR_03": "fails"},)
    return odk(mark, school.code, {"SOC-06": "meets", "ENG-05": "partly"}, blocks=blocks, ENG_05_rooms="8",
               ENG_05_passed="6", SOC_06_note="жазуу")  # fmt: skip


def test_the_zipped_csv_of_odk_central_brings_the_same_as_its_api(session, entity, tmp_path):
    outcome = take(session, central(tmp_path / "safe.csv.zip", [entity]))
    again = take_submissions(session, read_json(odk_page([entity])), "central")

    assert (outcome.added, outcome.problems) == (1, [])
    assert answers(session) == WHOLE
    assert (again.unchanged, again.added) == (1, 0)


def test_an_edit_in_the_archive_is_a_version_of_the_same_form(session, place, entity, tmp_path):
    mark, school = place
    instance = entity["__id"].removeprefix("uuid:")
    edited = odk(mark, school.code, {"SOC-06": "fails"}, instance=instance, edits=1)
    take(session, central(tmp_path / "first.zip", [entity]))

    outcome = take(session, central(tmp_path / "second.zip", [edited], prefix="export/"))

    assert (outcome.added, outcome.edited, outcome.problems) == (0, 1, [])
    assert answers(session) == [("SOC-06", "fails", None, None)]


@pytest.mark.parametrize(
    ("more", "remove", "code"),
    [
        pytest.param([], ["KEY"], "archive_without_forms", id="a table without keys"),
        pytest.param([("../evil.csv", "x")], [], "archive_unsafe_name", id="a name that leads out"),
        pytest.param([("inner.zip", "PK")], [], "archive_nested", id="an archive in the archive"),
        pytest.param([(f"t{at}.csv", "a\n1\n") for at in range(60)], [], "archive_many_files", id="too many tables"),
        pytest.param([("bomb.csv", b"0" * 60_000_000)], [], "archive_bomb", id="a table that unpacks to millions"),
    ],
)
def test_what_is_no_export_is_refused_whole(session, entity, tmp_path, more, remove, code):
    with pytest.raises(FileRefusedError) as refused:
        take(session, central(tmp_path / "wrong.zip", [entity], more=more, remove=remove))

    assert refused.value.problem.code == code
    assert answers(session) == []


def test_an_archive_that_is_cut_off_and_one_without_tables_are_refused(session, entity, tmp_path):
    whole = central(tmp_path / "whole.zip", [entity]).read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[: len(whole) // 2])
    empty = tmp_path / "empty.zip"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("media/x.jpg", b"\xff\xd8\xff")

    for path in (cut, empty):
        with pytest.raises(FileRefusedError):
            take(session, path)


def test_rows_of_a_repeat_that_belong_to_no_form_are_left_out(session, entity, tmp_path):
    stray = "block_code,d_all-STR_03,PARENT_KEY,KEY\nX,meets,uuid:nobody,uuid:nobody/block[1]\n"

    outcome = take(session, central(tmp_path / "stray.zip", [entity], more=[("safe-other.csv", stray)]))

    assert (outcome.added, outcome.problems) == (1, [])
    assert answers(session) == WHOLE
