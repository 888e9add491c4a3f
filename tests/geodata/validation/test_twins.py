"""A file that adds a unit beside the same one under another code is told so."""

from __future__ import annotations

from datetime import date

import pytest

from geodata.validation import KnownArea, validate
from geodata.validation.problems import sentence
from tests.support.import_files import AREAS, context, table

AT_BASHY, NARYN = "41704220000000", "41704000000000"
TOWN = KnownArea("41704220600010", 3, AT_BASHY, "city", "Баетов шаары", "город Баетов", "Baetov town", ("Думан",))
HEADINGS = ("soate_code", "name_ky", "name_ru", "parent_soate", "level", "type", "valid_to")


def told(*row, known=(TOWN,), others=()):
    rows = table(HEADINGS, *[tuple(one) + (None,) * (7 - len(one)) for one in (row, *others)])
    checked = validate("areas", rows, None, context(areas=(*AREAS, *known)))
    assert checked.refused == []
    return [
        (found.row, found.column, found.value, found.severity, found.params["code"])
        for found in checked.problems
        if found.code == "area_twin"
    ]


TWIN = [(2, "name_ky", "Баетов ш.", "warning", TOWN.code)]


def test_a_second_unit_of_one_name_is_told_with_its_place():
    assert told("41704220400010", "Баетов ш.", None, NARYN, "2", "city") == TWIN
    assert told("41704220400010", "Баетов ш.", None, AT_BASHY, "3", "city") == TWIN


def test_the_russian_name_is_enough():
    found = told("41704220400010", "Баетово", "г.Баетов", NARYN, "2", "city")

    assert [row[:3] for row in found] == [(2, "name_ky", "Баетово")]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param((TOWN.code, "Баетов ш.", None, AT_BASHY, "3", "city"), id="the unit itself"),
        pytest.param(("41704220810000", "Баетов а/ө", None, AT_BASHY, "3", "aiyl_aimak"), id="another kind of unit"),
        pytest.param(("41704245600010", "Баетов ш.", None, "41704245000000", "3", "city"), id="another rayon"),
        pytest.param(("41704220400010", "Думан ш.", None, AT_BASHY, "3", "city"), id="a former name"),
        pytest.param(
            ("41704220400010", "Баетов ш.", None, AT_BASHY, "3", "city", "2020-01-01"), id="a unit that ended"
        ),
        pytest.param(("41704220400010", "Баткак ш.", None, AT_BASHY, "3", "city"), id="a name that is only alike"),
    ],
)
def test_other_units_are_no_twins(row):
    assert told(*row) == []


def test_a_known_unit_that_ended_is_no_twin():
    ended = KnownArea(
        TOWN.code, 3, AT_BASHY, "city", TOWN.name_ky, TOWN.name_ru, TOWN.name_en, valid_to=date(2025, 1, 1)
    )

    assert told("41704220400010", "Баетов ш.", None, NARYN, "2", "city", known=(ended,)) == []


def test_a_file_that_ends_the_known_unit_itself_adds_no_second_one():
    ending = (TOWN.code, "Баетов шаары", None, AT_BASHY, "3", "city", "2025-01-01")

    assert told("41704220400010", "Баетов ш.", None, NARYN, "2", "city", others=(ending,)) == []


def test_the_warning_names_the_known_unit_and_what_to_do():
    rows = table(HEADINGS, ("41704220400010", "Баетов ш.", None, NARYN, "2", "city", None))
    checked = validate("areas", rows, None, context(areas=(*AREAS, TOWN)))
    twin = next(found for found in checked.problems if found.code == "area_twin")

    text = sentence(twin, lambda msgid: msgid)

    assert text.startswith('Row 2, Column "name_ky", value "Баетов ш.": "Баетов шаары" (code 41704220600010)')
    assert "put the code 41704220600010 into the row" in text
