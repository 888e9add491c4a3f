"""Columns that name a school's area at several levels: the deepest counts, the others must lie above it."""

from __future__ import annotations

from datetime import date

import pytest

from geodata.records.table import RawRow, RawTable
from geodata.validation import KnownArea, validate
from geodata.validation.names import match_area
from tests.support.import_files import AREAS, context

NARYN, NARYN_RAYON, AT_BASHY, ISSYK_KUL = "41704000000000", "41704245000000", "41704220000000", "41702000000000"
EMGEKCHIL = KnownArea(
    "41704245800010", 3, NARYN_RAYON, "aiyl_aimak", "Эмгекчил айыл аймагы", "Эмгекчилский аймак", None
)
OTHER_EMGEKCHIL = KnownArea("41704220800010", 3, AT_BASHY, "aiyl_aimak", "Эмгекчил айыл аймагы", None, None)
DOBOLU = KnownArea("41704245800020", 3, NARYN_RAYON, "aiyl_aimak", "Дөбөлү айыл аймагы", "Добулинский аймак", None)
KNOWN = (*AREAS, EMGEKCHIL, OTHER_EMGEKCHIL, DOBOLU)


def check(columns, *rows):
    table = RawTable(
        ("code", "name_ru", *columns),
        [RawRow(at + 2, (f"0000000{at}", f"Школа № {at}", *row)) for at, row in enumerate(rows)],
    )
    return validate("schools", table, None, context(areas=KNOWN))


def said(checked):
    return [
        (problem.row, problem.column, problem.code, problem.severity) for problem in checked.problems if problem.row
    ]


def test_the_deepest_of_three_code_columns_is_the_area():
    checked = check(
        ("Код области", "Код района", "Код айылного аймака"),
        (NARYN, NARYN_RAYON, EMGEKCHIL.code),
        (NARYN, NARYN_RAYON, None),
        (NARYN, None, None),
    )

    assert [record.area_code for _, record in checked.records] == [EMGEKCHIL.code, NARYN_RAYON, NARYN]
    assert said(checked) == []


def test_a_code_that_does_not_lie_above_the_deeper_one_refuses_the_row():
    checked = check(("Код области", "Код района"), (ISSYK_KUL, NARYN_RAYON), (NARYN, NARYN_RAYON))

    assert [number for number, _ in checked.records] == [3]
    assert said(checked) == [(2, "Код области", "area_codes_disagree", "error")]
    assert next(problem.params for problem in checked.problems if problem.row) == {
        "code": NARYN_RAYON,
        "name": "Нарын району",
    }


def test_an_aimak_is_found_within_the_rayon_that_the_row_names():
    checked = check(
        ("Облус", "Район", "Айыл аймагы"),
        ("Нарын", "Нарынский", "Эмгекчил"),
        ("Нарын", "Ат-Башы", "эмгекчил а/а"),
        ("Нарын", "Нарын", "Добулу"),
    )

    assert [record.area_code for _, record in checked.records] == [EMGEKCHIL.code, OTHER_EMGEKCHIL.code, DOBOLU.code]
    assert said(checked) == []


def test_an_aimak_that_nobody_knows_leaves_the_school_in_its_rayon_and_says_so():
    checked = check(("Район", "Айыл аймагы"), ("Нарынский район", "Лондон"))

    assert [record.area_code for _, record in checked.records] == [NARYN_RAYON]
    assert said(checked) == [(2, "Айыл аймагы", "area_name_unknown", "warning")]


def test_a_doubtful_rayon_refuses_the_row_though_the_aimak_is_unknown_too():
    checked = check(("Облус", "Район", "Айыл аймагы"), ("Нарын", "Лондон", "Париж"))

    assert checked.records == []
    assert said(checked) == [(2, "Район", "area_name_unknown", "error")]


def test_an_aimak_of_another_rayon_than_the_code_refuses_the_row():
    checked = check(("Код района", "Айыл аймагы"), (AT_BASHY, "Дөбөлү"))

    assert checked.records == []
    assert said(checked) == [(2, "Айыл аймагы", "area_disagrees", "error")]


@pytest.mark.parametrize(
    ("valid_to", "code"),
    [
        pytest.param(
            date(2025, 1, 1), "41704245800099", id="today's unit is meant, not its predecessor of the same name"
        ),
        pytest.param(None, None, id="two units of today with one name are asked about"),
    ],
)
def test_a_name_that_a_former_unit_had_too(valid_to, code):
    former = KnownArea(DOBOLU.code, 3, NARYN_RAYON, "aiyl_aimak", "Дөбөлү айыл аймагы", None, None, valid_to=valid_to)
    today = KnownArea("41704245800099", 3, NARYN_RAYON, "aiyl_aimak", "Дөбөлү айыл аймагы", None, None)

    found = match_area("Дөбөлү", (*AREAS, former, today))

    assert (found.area.code if found.area else None) == code


def test_a_former_unit_can_still_be_named():
    former = KnownArea(
        DOBOLU.code, 3, NARYN_RAYON, "aiyl_aimak", "Дөбөлү айыл аймагы", None, None, valid_to=date(2025, 1, 1)
    )

    assert match_area("Дөбөлү айыл аймагы", (*AREAS, former)).area == former
