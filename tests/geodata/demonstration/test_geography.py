"""The maps cover the country without gaps or overlaps, and the reform turned 452 aimaks into 230."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geodata.demonstration.aimaks import REFORM
from geodata.readers.reference import read_areas, read_outlines

SQUARE_KM = 111.2**2 * 0.75
LARGEST_FLAW_KM2 = 1.0
"""In sum over 200,000 km²: what rounding to five decimals may leave."""


def parts_of(country, level):
    """Outlines of one level; towns lie beside the aimaks of their rayon and not in them."""
    outlines = country.geography.outlines
    if level == 1:
        return [shape for code, shape in outlines.items() if code[5:8] == "000"]
    return [shape for code, shape in outlines.items() if code[5:8] != "000" and code[8:11] == "000"]


def finest(country, *, old):
    towns = [shape for code, shape in country.geography.outlines.items() if code[8:11] != "000"]
    aimaks = [
        area.geometry for area in country.aimaks.areas if (area.valid_from is None if old else area.valid_to is None)
    ]
    return towns + aimaks


def flaws_km2(shapes, whole):
    """Return (overlap, gap, outside) in km²."""
    joined = shapely.union_all(np.array(shapes), grid_size=1e-6)
    overlap = sum(shapely.area(shapes)) - joined.area
    return tuple(
        area * SQUARE_KM
        for area in (overlap, shapely.difference(whole, joined).area, shapely.difference(joined, whole).area)
    )


@pytest.fixture(scope="module")
def land():
    return shapely.union_all(np.array(list(read_outlines().values())), grid_size=1e-6)


def test_first_level_covers_the_country(country, land):
    shapes = parts_of(country, 1)

    assert len(shapes) == 9
    assert all(abs(flaw) < LARGEST_FLAW_KM2 for flaw in flaws_km2(shapes, land))


def test_second_level_covers_all_but_osh_city(country, land):
    shapes = parts_of(country, 2)
    osh = country.geography.outlines["41721000000000"]

    assert len(shapes) == 40 + 4 + 14
    assert all(abs(flaw) < LARGEST_FLAW_KM2 for flaw in flaws_km2([*shapes, osh], land))


@pytest.mark.parametrize("old", [pytest.param(True, id="before the reform"), pytest.param(False, id="after it")])
def test_aimaks_and_towns_cover_the_rayons(country, old):
    rayons = shapely.union_all(
        np.array([shape for code, shape in country.geography.outlines.items() if code[5] == "2" and code[:5] != "41711"
                  and code[8:11] == "000"]),
        grid_size=1e-6,
    )  # fmt: skip

    assert all(abs(flaw) < LARGEST_FLAW_KM2 for flaw in flaws_km2(finest(country, old=old), rayons))


def test_452_aimaks_became_230(country):
    areas = country.aimaks.areas
    old = {area.code for area in areas if area.valid_from is None}
    new = {area.code for area in areas if area.valid_to is None}
    gone = {area.code for area in areas if area.valid_to is not None}

    assert (len(old), len(new)) == (452, 230)
    assert {step.predecessor_code for step in country.aimaks.successions} == gone
    assert {step.successor_code for step in country.aimaks.successions} <= new
    assert {step.on_date for step in country.aimaks.successions} == {REFORM}


def test_a_new_aimak_is_what_its_old_ones_were(country):
    shape_of = {area.code: area.geometry for area in country.aimaks.areas}
    by_successor: dict[str, list] = {}
    for step in country.aimaks.successions:
        by_successor.setdefault(step.successor_code, []).append(shape_of[step.predecessor_code])

    assert len(by_successor) > 100
    for code, parts in by_successor.items():
        assert len(parts) >= 2
        difference = shapely.symmetric_difference(shape_of[code], shapely.union_all(np.array(parts), grid_size=1e-6))
        assert difference.area * SQUARE_KM < LARGEST_FLAW_KM2


def test_every_aimak_is_marked_synthetic_and_a_sketch(country):
    for area in country.aimaks.areas:
        assert area.is_synthetic
        assert area.boundary_quality == "sketch"
        assert area.code.startswith("DEMO-")


def test_each_rayon_has_the_aimaks_of_its_list(country):
    listed = {
        area.code for area in read_areas() if area.level == 2 and area.kind == "rayon" and area.code[:5] != "41711"
    }

    assert {rayon.code for rayon in country.geography.rayons} == listed
    assert len(listed) == 40


def test_issyk_kul_lies_in_its_oblast(country):
    lake_middle = shapely.Point(77.2, 42.45)

    assert country.geography.outlines["41702000000000"].contains(lake_middle)
    assert shapely.area(country.geography.outlines["41702000000000"]) * SQUARE_KM == pytest.approx(43_000, rel=0.1)
