"""What ships with the project has a source, a licence and a hash; the standard has not been edited."""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections import Counter

import pytest

from geodata.readers.reference import (
    REFERENCE_DIR,
    read_areas,
    read_neighbours,
    read_outlines,
    read_settlements,
    read_water,
)
from geodata.readers.standard import read_edition

FILES = tomllib.loads((REFERENCE_DIR / "provenance.toml").read_text(encoding="utf-8"))["file"]
DATA_SUFFIXES = (".csv", ".geojson", ".tif", ".txt")
SHARE_ALIKE = ("fragility_gem.csv", "loss_ratios_gem.csv", "casualty_rates_gem.csv")


@pytest.mark.parametrize("row", FILES, ids=lambda row: row["path"])
def test_file_is_the_one_whose_source_is_told(row):
    content = (REFERENCE_DIR / row["path"]).read_bytes()

    assert hashlib.sha256(content).hexdigest() == row["sha256"]
    assert row["licence"]
    assert row["source"]
    assert row["date"]


def test_every_data_file_outside_the_parameters_has_its_source():
    told = {row["path"] for row in FILES}
    there = {
        path.relative_to(REFERENCE_DIR).as_posix()
        for path in REFERENCE_DIR.rglob("*")
        if path.suffix in DATA_SUFFIXES and path.parent.name != "params"
    }

    assert there == {path for path in told if not path.startswith("params/")}


def test_share_alike_rows_are_in_files_of_their_own():
    notice = (REFERENCE_DIR / "params/README.md").read_text(encoding="utf-8")
    for name in SHARE_ALIKE:
        assert (REFERENCE_DIR / "params" / name).exists()
        assert name in notice
    assert "Attribution-ShareAlike 4.0" in notice
    for path in (REFERENCE_DIR / "params").glob("*.csv"):
        if path.name not in SHARE_ALIKE:
            with path.open(encoding="utf-8", newline="") as stream:
                assert not [row for row in csv.DictReader(stream) if row.get("model") in ("F2-GEM", "GEM")], path.name


def test_86_units_with_codes_as_text():
    areas = read_areas()

    assert len(areas) == 86
    assert Counter(area.level for area in areas) == {0: 1, 1: 9, 2: 58, 3: 18}
    assert all(len(area.code) == 14 and area.code.isdigit() for area in areas)
    known = {area.code for area in areas}
    assert all(area.parent_code in known for area in areas if area.level)
    assert sum(area.population or 0 for area in areas if area.level == 1) == 7_404_329


def test_renamed_units_keep_their_former_names():
    former = {area.name_en: area.former_names for area in read_areas()}

    assert former["Aitmatov rayon"] == ("Kara-Buura rayon", "Кара-Бууринский район", "Кара-Буура району")
    assert former["Manas city"][0] == "Jalal-Abad city"
    assert former["Karakol city"] == ("Przhevalsk", "Пржевальск")


def test_the_edition_has_119_criteria_in_12_domains():
    edition = read_edition()
    criteria = edition["criteria"]

    assert len(criteria) == 119
    assert len(edition["domains"]) == 12
    assert edition["status"] == "draft"
    assert len({row["code"] for row in criteria}) == 119
    for row in criteria:
        assert row["weight"] in (1, 2, 3, 4, 5)
        assert row["text_ky"] != row["text_ru"]
        assert (row["cap"] == 25) == row["is_critical"]
        assert row["field_class"] in ("public", "restricted")
        assert (row["grouping"] == "protection") == (row["field_class"] == "restricted")


def test_the_protection_and_management_groups_are_those_of_the_method():
    groups = {row["code"]: row["grouping"] for row in read_edition()["criteria"]}

    protection = {code for code, group in groups.items() if group == "protection"}
    management = {code for code, group in groups.items() if group == "management"}
    assert protection == {f"SEC-0{n}" for n in range(1, 5)} | {f"SOC-0{n}" for n in range(1, 6)}
    assert management == {f"SOC-{n:02d}" for n in range(6, 13)}


def test_outlines_are_of_seven_oblasts_and_bishkek():
    outlines = read_outlines()

    assert len(outlines) == 8
    assert "41721000000000" not in outlines
    assert all(shape.is_valid for shape in outlines.values())


def test_the_base_map_knows_lakes_rivers_and_neighbours():
    lakes = {row["name_en"] for row in read_water() if row["kind"] == "lake"}
    rivers = {row["name_en"] for row in read_water() if row["kind"] == "river"}

    assert {"Issyk-Kul", "Song-Kol", "Chatyr-Kol"} <= lakes
    assert {"Naryn", "Chui", "Talas", "Kara-Darya", "Chatkal"} <= rivers
    assert {row["country"] for row in read_neighbours()} == {"KAZ", "CHN", "TJK", "UZB"}


def test_towns_bear_their_official_names():
    names = {place.geonameid: (place.name_ky, place.name_ru) for place in read_settlements()}

    assert len(names) == 111
    assert names[1527513] == ("Өзгөн", "Узген")
    assert names[1528249] == ("Манас", "Манас")
    assert names[1222562] == ("Сүлүктү", "Сулюкта")
