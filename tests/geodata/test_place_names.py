"""Names of places in Russian and English: as the reference data state them, by letters only where they do not."""

from __future__ import annotations

import pytest

from geodata.demonstration.towns import read_towns
from geodata.demonstration.villages import read_villages
from geodata.readers.reference import REFERENCE_DIR, read_areas, read_rows
from geodata.reference.names import in_english, in_russian


@pytest.mark.parametrize(
    ("kyrgyz", "russian", "english"),
    [
        pytest.param("Өзгөн", "Узген", "Uzgen", id="a city of the register"),
        pytest.param("Сүлүктү", "Сулюкта", "Suluktu", id="a city by its register, not by its letters"),
        pytest.param("Кара-Көл", "Кара-Куль", "Kara-Kul", id="another city"),
        pytest.param("Каныш-Кыя", "Каныш-Кыя", "Kanysh-Kyya", id="a settlement of GeoNames"),
        pytest.param("Түп", "Тюп", "Tyup", id="a village of our list"),
        pytest.param("Төмөнкү Ала-Арча", "Нижняя Ала-Арча", "Nizhnyaya Ala-Archa", id="a name that is translated"),
        pytest.param("Жаңы-Өзөк", "Джаны-Озок", "Jany-Ozok", id="a name that nobody states"),
    ],
)
def test_a_place_is_named_as_the_sources_name_it(kyrgyz, russian, english):
    assert (in_russian(kyrgyz), in_english(kyrgyz)) == (russian, english)


def test_every_city_has_its_names_of_the_register():
    by_code = {area.code: area for area in read_areas()}
    for town in read_towns():
        area = by_code[town.code]

        assert area.name_ru == f"город {in_russian(town.name_ky)}"
        assert area.name_en.rsplit(" ", 1)[0] == in_english(town.name_ky)


def test_the_list_names_villages_that_there_are_once_each():
    rows = list(read_rows(REFERENCE_DIR / "settlements/place_names.csv"))
    villages = {village.name for village in read_villages()[0]}

    names = [row["name_ky"] for row in rows]
    assert len(set(names)) == len(names)
    assert set(names) <= villages
    assert all(row["name_ru"] for row in rows)


def test_no_kyrgyz_letter_is_left_in_a_russian_name():
    villages = {village.name for village in read_villages()[0]}

    assert not [name for name in villages if set(in_russian(name).lower()) & set("ңөү")]
    assert all(in_english(name).isascii() for name in villages)
