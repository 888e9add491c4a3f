"""Pupils and hours by shift: a column a shift or one cell, first shift first, and what does not fit together."""

import pytest

from geodata.records.table import RawRow, RawTable
from geodata.validation import validate
from tests.support.import_files import context

BASE = {"code": "00000001", "name_ru": "Школа № 1", "area_code": "41704245000000"}


def check(**cells):
    row = BASE | cells
    return validate("schools", RawTable(tuple(row), [RawRow(2, tuple(row.values()))]), None, context())


def told(checked):
    return [(one.code, one.severity, one.params) for one in checked.problems if one.code.startswith("shift_")]


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({"1 смена": "409", "2 смена": "322"}, id="a column a shift in Russian"),
        pytest.param({"1-сменадагы окуучулар": "409", "2-сменадагы окуучулар": "322", "3 смена": ""}, id="in Kyrgyz"),
        pytest.param({"Учащиеся по сменам": "409 + 322"}, id="one cell, added"),
        pytest.param({"pupils by shift": "409; 322"}, id="one cell, by semicolon"),
        pytest.param({"Контингент по сменам": "409/322"}, id="one cell, by a stroke"),
    ],
)
def test_pupils_by_shift_are_read(cells):
    checked = check(**cells)

    assert checked.records[0][1].shift_pupils == (409, 322)
    assert told(checked) == []


def test_hours_are_read_with_either_comma():
    checked = check(**{"1 смена": "409", "2 смена": "322", "Часы смен": "5,5; 5"})
    assert checked.records[0][1].shift_hours == (5.5, 5.0)


def test_nothing_stated_is_nothing_known():
    school = check(pupils="700", shifts="2").records[0][1]
    assert (school.shift_pupils, school.shift_hours) == ((), ())


def test_a_sum_that_differs_is_told_and_kept():
    checked = check(**{"pupils": "700", "1 смена": "409", "2 смена": "322"})

    assert told(checked) == [("shift_sum_differs", "warning", {"sum": 731, "pupils": 700})]
    assert checked.records[0][1].shift_pupils == (409, 322)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        pytest.param({"1 смена": "", "2 смена": "322"}, "shift_missing", id="the first is missing"),
        pytest.param({"shifts": "1", "1 смена": "409", "2 смена": "322"}, "shift_count_differs", id="more than shifts"),
        pytest.param({"1 смена": "409", "часы смен": "5,5; 5"}, "shift_count_differs", id="more hours than shifts"),
        pytest.param({"учащиеся по сменам": "1+2+3+4"}, "shift_too_many", id="four shifts"),
    ],
)
def test_what_does_not_fit_refuses_the_row(cells, code):
    checked = check(**cells)

    assert [(found, severity) for found, severity, _ in told(checked)] == [(code, "error")]
    assert checked.records == []


@pytest.mark.parametrize("cell", ["много", "12,5 + 3", "-4 + 5", "30000 + 1"])
def test_what_is_no_number_of_pupils_is_refused(cell):
    assert check(**{"учащиеся по сменам": cell}).records == []


@pytest.mark.parametrize("heading", ["Проживает в интернате", "Жатаканада жашаган окуучулар", "Boarders"])
def test_pupils_who_board_are_read_and_nothing_said_stays_unknown(heading):
    said, silent = check(**{"Окуучулар": "300", heading: "120"}), check(**{"Окуучулар": "300", heading: ""})

    assert said.records[0][1].boarding_pupils == 120
    assert silent.records[0][1].boarding_pupils is None


def test_more_boarders_than_pupils_are_refused():
    checked = check(Окуучулар="300", Boarders="301")

    assert checked.records == []
    assert ("boarding_exceeds_pupils", {"pupils": 300}) in [(one.code, one.params) for one in checked.problems]
