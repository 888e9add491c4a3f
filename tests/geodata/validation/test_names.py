"""Names fold as the database folds them, and areas are found whatever the spelling."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from geodata.validation.names import fold_name, match_area
from tests.support.import_files import AREAS

NAMES = (
    "Өзгөн үлгүсү №1 орто мектеби", "Джалал-Абад", "Жалал-Абад ш.", "Ysyk-Köl", "Иссык-Кульская область", "Shchuchye",
    "Dzhety-Oguz", "Чүй", "Ташкөмүр", "Ноокат (Nookat)", "Йылдыз ъь", "kh KH Kyrgyz", "№ 11 «Манас»", "Aravan raion!!",
    "ЁЛКА ёлка", "Sülüktü", "ıñ İ", "", "  ", "a\tb\nc", "Сары-Таш--Гүлчө", "О\u0308з",
)  # fmt: skip


def test_fold_is_the_database_s(session):
    for name in NAMES:
        assert fold_name(name) == session.execute(text("SELECT fold_name(:name)"), {"name": name}).scalar_one(), name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Ак-Суйский", "41702205000000"),
        ("Ak Suu", "41702205000000"),
        ("аксуу району", "41702205000000"),
        ("Ак-Bashy", None),
        ("Атбашы", "41704220000000"),
        ("At-Bashi rayon", "41704220000000"),
        ("Ysyk-Köl oblast", "41702000000000"),
        ("Иссык-Кульский район", "41702215000000"),
        ("г. Ош", "41721000000000"),
        ("Ошская область", "41706000000000"),
        ("Чуйская", "41708000000000"),
        ("Париж", None),
    ],
)
def test_area_is_found(name, code):
    match = match_area(name, AREAS)

    assert (match.area.code if match.area else None) == code


def test_a_name_of_several_areas_is_ambiguous():
    match = match_area("Нарын", AREAS)

    assert match.area is None
    assert match.is_ambiguous
    assert {area.code for area in match.nearest} == {"41704000000000", "41704245000000"}
    assert match_area("Нарын", AREAS, level=2).area.code == "41704245000000"
    assert match_area("Нарын", AREAS, parent="41704000000000", level=2).area is not None
