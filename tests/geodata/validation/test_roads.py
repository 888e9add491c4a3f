"""How limits, directions, classes and kinds of services are read."""

from __future__ import annotations

import pytest
import shapely

from geodata.records.table import RawRow, RawTable
from geodata.validation import validate
from geodata.validation.mapping import guess_mapping
from geodata.validation.roads import read_direction, read_limit
from tests.support.import_files import context

LINE = shapely.LineString([(74.2, 42.8), (74.4, 42.8)])


def check(kind, columns, *rows, geometry=LINE):
    table = RawTable(
        tuple(columns), [RawRow(number, row, geometry) for number, row in enumerate(rows, 1)], has_geometry=True
    )
    return validate(kind, table, guess_mapping(table.columns, table.rows, kind, True), context())


@pytest.mark.parametrize(
    ("text", "kmh", "code"),
    [
        ("60", 60, None), ("60 km/h", 60, None), ("60 км/ч", 60, None), ("37,5", 37.5, None),
        ("50 mph", 80.4672, None), ("0", None, "speed_zero"), ("RU:urban", None, "speed_word"),
        ("none", None, "speed_word"), ("-20", None, "speed_impossible"), ("400", None, "speed_impossible"),
    ],
)  # fmt: skip
def test_a_limit_is_read_with_its_unit_and_nonsense_is_told(text, kmh, code):
    value, fault = read_limit(text)

    assert value == (kmh if kmh is None else pytest.approx(kmh))
    assert (fault.code if fault else None) == code


@pytest.mark.parametrize(
    ("text", "direction", "is_told"),
    [("yes", 1, False), ("F", 1, False), ("-1", -1, False), ("T", -1, False), ("B", 0, False), ("no", 0, False),
     ("sideways", 0, True)],
)  # fmt: skip
def test_directions_of_openstreetmap_and_of_its_extracts(text, direction, is_told):
    value, fault = read_direction(text)

    assert (value, fault is not None) == (direction, is_told)


def test_headings_of_extracts_and_words_of_road_services_are_known():
    osm = check("roads", ("fclass", "maxspeed", "oneway", "surface"), ("primary_link", "60", "no", "gravel"))
    service = check("roads", ("Категория дороги", "Скорость", "Покрытие"), ("республиканская", "70", "асфальт"))

    first, second = osm.records[0][1], service.records[0][1]
    assert (first.road_class, first.limit_kmh, first.direction, first.is_paved) == ("primary", 60, 0, False)
    assert (second.road_class, second.limit_kmh, second.is_paved) == ("primary", 70, True)


def test_what_says_nothing_is_unknown_and_an_unknown_class_is_told_once():
    found = check("roads", ("highway", "maxspeed", "surface"), ("goat_road", None, "?"), (None, "unknown", None))

    assert [record.road_class for _, record in found.records] == ["other", "other"]
    assert all(record.limit_kmh is None and record.is_paved is None for _, record in found.records)
    assert [one.params["count"] for one in found.problems if one.code == "road_class_unknown"] == [1]


def test_services_are_points_of_two_kinds_and_the_rest_is_left_out():
    point = shapely.Point(74.3, 42.8)
    rows = (("fire_station", "1"), ("Больница", "2"), ("cafe", "3"))
    found = check("services", ("amenity", "name"), *rows, geometry=point)
    nothing = check("services", ("amenity", "name"), ("cafe", "3"), geometry=point)

    assert [record.kind for _, record in found.records] == ["fire_station", "hospital"]
    assert found.left_out == [3]
    assert nothing.file_is_refused
