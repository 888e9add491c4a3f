"""A new map of aiyl aimaks through the importer: merged, split, renamed, joined; aggregates of a day; undo."""

from __future__ import annotations

import json
import os
from datetime import date

import pytest

from geodata.database import open_session
from geodata.queries import areas, standard_editions
from geodata.readers.standard import read_edition
from tests.support import database as test_database
from tests.support.command_line import CommandLine

DAY = "2025-01-01"
BEFORE, AFTER = date(2024, 12, 31), date(2025, 1, 1)
COUNTRY, OBLAST, RAYON = "41700000000000", "41708000000000", "41708213000000"
OLD = {
    "41708213800010": ("Биринчи", 0, 1),
    "41708213800020": ("Экинчи", 1, 2),
    "41708213800030": ("Үчүнчү", 2, 4),
    "41708213800040": ("Төртүнчү", 4, 5),
    "41708213800050": ("Бешинчи", 5, 6),
    "41708213800060": ("Алтынчы", 6, 7),
}
"""Aimaks side by side along a line: name, first and last tenth of a degree east of 74.0."""
NEW = {
    "41708213900010": ("Бирикме", 0, 2),
    "41708213900030": ("Үчүнчү Батыш", 2, 3),
    "41708213900031": ("Үчүнчү Чыгыш", 3, 4),
    "41708213900040": ("Жаңы Төртүнчү", 4, 5),
    "41708213800050": ("Жаңы Бешинчи", 5, 6),
}
"""The first two are merged, the third is split, the fourth gets a new code, the fifth only a new name."""


def box(first, last):
    west, east = 74 + first / 10, 74 + last / 10
    return [[[west, 42.6], [east, 42.6], [east, 42.8], [west, 42.8], [west, 42.6]]]


def feature(code, name, level, parent, first, last):
    properties = {"code": code, "name_ky": name, "level": level, "parent_code": parent}
    geometry = {"type": "Polygon", "coordinates": box(first, last)}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def aimaks(units):
    return [feature(code, f"{name} айыл аймагы", 3, RAYON, first, last) for code, (name, first, last) in units.items()]


ABOVE = [
    feature(COUNTRY, "Кыргыз Республикасы", 0, None, 0, 7),
    feature(OBLAST, "Чүй облусу", 1, COUNTRY, 0, 7),
    feature(RAYON, "Кемин району", 2, OBLAST, 0, 7),
]
SCHOOLS = "code,name_ky,lat,lon,pupils\n" + "".join(
    f"S-{at}{half},Мектеп {at}{half},42.7,{74.025 + at / 10 + half / 20:.3f},100\n"
    for at in range(7)
    for half in (0, 1)
)
PLACELESS = "code,name_ky,area_code,pupils\nP-1,Мектеп,41708213800010,100\nP-3,Мектеп,41708213800030,100\n"


@pytest.fixture
def mektep(tmp_path, monkeypatch, capfd):
    database = test_database.create(f"mektep_succession_{os.getpid()}")
    made = CommandLine(database, tmp_path / "var", monkeypatch, capfd)
    yield made
    made.engine.dispose()
    test_database.drop(database)


@pytest.fixture
def take_in(mektep, tmp_path):
    def run(kind, content, *options):
        path = tmp_path / ("file.csv" if isinstance(content, str) else "file.geojson")
        if not isinstance(content, str):
            content = json.dumps({"type": "FeatureCollection", "features": content}, ensure_ascii=False)
        path.write_text(content, encoding="utf-8")
        done = mektep("import", kind, path, "--json", *options)
        assert done.code == 0, done.out + done.err
        return done.json

    return run


@pytest.fixture
def country(mektep, take_in):
    """Six aimaks with two schools each (four in the third), two schools of unknown place, ranked."""
    take_in("areas", ABOVE + aimaks(OLD))
    take_in("schools", SCHOOLS)
    take_in("schools", PLACELESS)
    return mektep


def schools_by_aimak(mektep, on):
    """Return the number of schools of each aimak on the map of a day, by name, as lists and the area page count."""
    found = mektep.rows(
        """
        SELECT area.name_ky, count(school_area.school_id) FROM area
        LEFT JOIN school_area ON school_area.area_id = area.id
        WHERE area.level = 3 AND area.valid_from <= :on AND (area.valid_to IS NULL OR area.valid_to > :on)
        GROUP BY area.id, area.name_ky ORDER BY area.name_ky
        """,
        on=on,
    )
    return {name.removesuffix(" айыл аймагы"): count for name, count in found}


def everything(mektep):
    return {
        "areas": mektep.rows("SELECT code, name_ky, former_names, valid_from, valid_to FROM area ORDER BY code"),
        "outlines": mektep.rows("SELECT area_id, md5(ST_AsBinary(geom)) FROM area_boundary ORDER BY area_id"),
        "schools": mektep.rows("SELECT school_id, area_id FROM school_area ORDER BY 1, 2"),
        "steps": mektep.rows("SELECT count(*) FROM area_succession"),
    }


OLD_COUNTS = {"Биринчи": 3, "Экинчи": 2, "Үчүнчү": 5, "Төртүнчү": 2, "Бешинчи": 2, "Алтынчы": 2}


def test_a_new_map_merges_splits_and_renames_and_the_old_one_can_still_be_asked(country, take_in):
    assert schools_by_aimak(country, BEFORE) == OLD_COUNTS

    done = take_in("areas", aimaks(NEW), "--valid-from", DAY)

    closed = {one["value"] for one in done["problems"] if one["code"] == "area_closed"}
    assert closed == {code for code in OLD if code[-2:] in ("10", "20", "30", "40")}
    steps = country.rows("""
        SELECT old.code, new.code, step.kind, step.on_date::text FROM area_succession AS step
        JOIN area AS old ON old.id = predecessor_id JOIN area AS new ON new.id = successor_id ORDER BY 1, 2
    """)
    assert steps == [
        ("41708213800010", "41708213900010", "merge", DAY),
        ("41708213800020", "41708213900010", "merge", DAY),
        ("41708213800030", "41708213900030", "split", DAY),
        ("41708213800030", "41708213900031", "split", DAY),
        ("41708213800040", "41708213900040", "rename", DAY),
    ]
    assert country.rows("SELECT name_ky, former_names FROM area WHERE code = '41708213800050'") == [
        ("Жаңы Бешинчи айыл аймагы", ["Бешинчи айыл аймагы"])
    ]
    before = OLD_COUNTS | {"Жаңы Бешинчи": 2}
    del before["Бешинчи"]
    assert schools_by_aimak(country, BEFORE) == before
    assert schools_by_aimak(country, AFTER) == {
        "Бирикме": 5, "Үчүнчү Батыш": 2, "Үчүнчү Чыгыш": 2, "Жаңы Төртүнчү": 2, "Жаңы Бешинчи": 2, "Алтынчы": 2,
    }  # fmt: skip


def test_aggregates_are_of_the_map_of_the_day_that_is_asked(country, take_in):
    take_in("areas", aimaks(NEW), "--valid-from", DAY)
    with open_session(country.engine, "national") as session:
        standard_editions.add_edition(session, read_edition())
    ranked = country("rank", "--json")
    assert ranked.code == 0, ranked.err
    with open_session(country.engine, "national") as session:
        run = country.value("SELECT max(id) FROM run")
        rows = {
            day: {row.code: row.schools for row in areas.area_rows(session, run, level=3, on=day)}
            for day in (BEFORE, AFTER)
        }

    assert rows[BEFORE] == dict(zip(OLD, OLD_COUNTS.values(), strict=True))
    assert rows[AFTER] == {
        "41708213900010": 5, "41708213900030": 2, "41708213900031": 2, "41708213900040": 2, "41708213800050": 2,
        "41708213800060": 2,
    }  # fmt: skip


def test_a_new_map_can_be_taken_back_whole(country, take_in):
    before = everything(country)
    done = take_in("areas", aimaks(NEW), "--valid-from", DAY)
    assert everything(country) != before

    undone = country("import", "undo", done["batch"])

    assert undone.code == 0, undone.err
    assert everything(country) == before


def test_an_aimak_that_joins_one_which_keeps_its_code(country, take_in):
    joined = {"41708213800050": ("Бешинчи", 5, 7)}

    done = take_in("areas", aimaks(joined), "--valid-from", DAY)

    step = country.rows("SELECT kind FROM area_succession")
    told = [one for one in done["problems"] if one["code"] == "area_territory_changed"]
    assert step == [("merge",)]
    assert [one["value"] for one in told] == ["41708213800050"]
    assert schools_by_aimak(country, AFTER)["Бешинчи"] == 4
