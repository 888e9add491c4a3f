"""Telephone numbers as people write them: one form, nothing guessed, and no name is kept."""

from __future__ import annotations

import pytest

from geodata.records.table import RawRow, RawTable
from geodata.validation import validate
from geodata.validation.mapping import guess_mapping
from geodata.validation.phones import read_phones
from tests.support.import_files import context

OFFICE, SECOND = "+996312621234", "+996555010203"


@pytest.mark.parametrize(
    "written",
    [
        "+996312621234",
        "+996 (312) 62-12-34",
        "996312621234",
        "00996 312 62 12 34",
        "0312621234",
        "(0312) 62-12-34",
        "0312 62–12–34",
        "312 62 12 34",
        "тел.: 0312 62 12 34",
        "Tel. +996\u00a0312\u00a0621234",
    ],
)
def test_every_usual_form_is_the_same_number(written):
    assert read_phones(written) == ((OFFICE,), None)


@pytest.mark.parametrize(
    "written",
    [
        "0312 62-12-34, 0555 01 02 03",
        "0312621234; +996555010203; 0312 62 12 34",
        "0312 62 12 34 / 0555 01 02 03",
        "0312621234\n0555010203",
        "0312 621234 жана 0555 010203",
        "0312 621234 или 0555 010203",
    ],
)
def test_several_numbers_keep_their_order_and_stand_once(written):
    assert read_phones(written) == ((OFFICE, SECOND), None)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        pytest.param("Асанова Айгүл 0555 01 02 03", "phone_words", id="a name"),
        pytest.param("0312 62 12 34 доб. 12", "phone_extension", id="an extension"),
        pytest.param("62-12-34", "phone_without_area", id="no code of the town"),
        pytest.param("0312 62 12 3", "phone_length", id="a digit missing"),
        pytest.param("8 0312 62 12 34 5", "phone_length", id="too many digits"),
        pytest.param("0312 62-12-34/35", "phone_signs", id="a shortened second number"),
        pytest.param("+7 495 123 45 67", "phone_abroad", id="another country"),
        pytest.param("+996 312 62 12", "phone_abroad", id="whole form, too short"),
        pytest.param("0000000000", "phone_unassigned", id="zeros"),
        pytest.param("+996 000 12 34 56", "phone_unassigned", id="a number of samples"),
        pytest.param("3.12621E+08", "phone_words", id="what a spreadsheet made of it"),
        pytest.param("0312#621234", "phone_signs", id="a sign"),
        pytest.param(", ".join(f"0312 62 12 {n:02d}" for n in range(6)), "phones_too_many", id="six numbers"),
    ],
)
def test_what_is_no_number_is_refused_by_its_reason(written, code):
    value, fault = read_phones(written)

    assert value is None
    assert fault is not None
    assert (fault.code, fault.severity) == (code, "error")


def test_sample_data_takes_the_numbers_that_nobody_can_call_and_nothing_else_unassigned():
    assert read_phones("+996 000 12 34 56", is_sample=True) == (("+996000123456",), None)
    assert read_phones("+996 100 12 34 56", is_sample=True)[1].code == "phone_unassigned"


@pytest.mark.parametrize(
    "heading",
    ["Телефон", "тел. директора", "phone", "Phone number", "Телефон школы", "Мектептин телефону", "телефон номери"],
)
def test_the_column_is_told_by_its_heading(heading):
    columns = ("Код школы", "Название", heading, "Учащихся")
    rows = [RawRow(n, (f"S-{n}", f"Школа № {n}", f"0312 62 12 {n:02d}", "300")) for n in range(2, 12)]

    assert guess_mapping(columns, rows, "schools").columns["phones"] == heading


def test_a_wrong_cell_refuses_its_row_with_column_and_value_and_a_gap_is_unknown():
    columns = ("code", "name_ru", "Телефон")
    rows = [
        RawRow(2, ("S-1", "Школа № 1", "0312 62 12 34")),
        RawRow(3, ("S-2", "Школа № 2", "Асанова 0555 010203")),
        RawRow(4, ("S-3", "Школа № 3", None)),
    ]
    table = RawTable(columns=columns, rows=rows)
    found = validate("schools", table, {"code": "code", "name_ru": "name_ru", "phones": "Телефон"}, context())

    assert {record.code: record.phones for _row, record in found.records} == {"S-1": (OFFICE,), "S-3": ()}
    assert [(one.row, one.column, one.value) for one in found.problems if one.code == "phone_words"] == [
        (3, "Телефон", "Асанова 0555 010203")
    ]
