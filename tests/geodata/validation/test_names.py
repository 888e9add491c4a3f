"""Names fold as the database folds them, and areas are found whatever the spelling."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from geodata.validation.names import core_of, fold_name, likeness, match_area, unit_kind
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
        ("Ош ш.", "41721000000000"),
        ("Ат-Башы р-ну", "41704220000000"),
        ("р-н Ат-Башы", "41704220000000"),
        ("Нарын обл.", "41704000000000"),
        ("Таласская обл.", "41707000000000"),
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


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Кара-Ой", None),
        ("с. Кара-Ой", None),
        ("пос. Кара-Ой", None),
        ("Кара-Ой кыш.", None),
        ("Кара-Ой айылы", "aiyl"),
        ("Кара-Ой а/ө", "aiyl"),
        ("Кара-Ой айыл өкмөтү", "aiyl"),
        ("Кара-Ойский а/о", "aiyl"),
        ("Кара-Ойский айылный аймак", "aiyl"),
        ("Кара-Ой ayil okmotu", "aiyl"),
        ("г.Кара-Ой", "city"),
        ("Кара-Ой ш.", "city"),
        ("Кара-Ой города областного значения", "city"),
        ("Kara-Oy (city)", "city"),
        ("Кара-Ой р-ну", "rayon"),
        ("Кара-Ой обл.", "oblast"),
    ],
)
def test_words_for_the_kind_of_unit_are_no_part_of_its_name(name, kind):
    assert (core_of(name), unit_kind(name)) == ("кара ои", kind)


def test_a_letter_of_another_alphabet_stands_for_the_kyrgyz_one():
    assert likeness("Тоӊ", "Тоң району") == 1.0
