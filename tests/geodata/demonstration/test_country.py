"""The schools stand where schools can stand, keep to the published numbers, and come from the seed alone."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
import shapely

from geodata.demonstration.country import SEED, make_country
from geodata.demonstration.counts import PUPILS, SCHOOLS, SHIFT_SHARES
from geodata.demonstration.terrain import altitude_m, lakes
from geodata.readers.reference import read_settlements
from geodata.readers.standard import read_edition

KM_PER_DEGREE = 111.2
PUBLISHED = {
    "41705000000000": 226, "41711000000000": 97, "41721000000000": 52, "41703000000000": 467,
    "41704000000000": 141, "41706000000000": 515, "41707000000000": 107,
}  # fmt: skip
"""Public schools, April 2023; Chui and Issyk-Kul are missing there."""


def fingerprint(country):
    digest = hashlib.sha256()
    sites = country.schools.sites
    for values in (sites.lon, sites.lat, country.schools.pupils, country.blocks.year_built, country.blocks.area_m2,
                   country.answers.state, country.answers.criterion, country.visits.coverage):  # fmt: skip
        digest.update(np.ascontiguousarray(values).tobytes())
    digest.update(repr(country.schools.names).encode())
    digest.update(b"".join(shapely.to_wkb(area.geometry) for area in country.aimaks.areas))
    return digest.hexdigest()


def kilometres(lon, lat, places):
    """Distance of each school to the nearest place, on a sphere."""
    nearest = np.full(len(lon), np.inf)
    for place_lon, place_lat in places:
        dx = (lon - place_lon) * np.cos(np.radians(lat)) * KM_PER_DEGREE
        nearest = np.minimum(nearest, np.hypot(dx, (lat - place_lat) * KM_PER_DEGREE))
    return nearest


def test_counts_are_the_published_ones(country):
    level = country.schools.first_level
    public = country.schools.ownership != "private"

    assert len(level) == 2394
    assert int(public.sum()) == 2170
    for code, number in PUBLISHED.items():
        assert int((public & (level == code)).sum()) == number, code
    rest = public & np.isin(level.astype(str), ["41708000000000", "41702000000000"])
    assert int(rest.sum()) == 2170 - sum(PUBLISHED.values())
    assert {code: int((level == code).sum()) for code in SCHOOLS} == SCHOOLS


def test_no_school_lies_in_a_lake(country):
    sites = country.schools.sites

    assert not shapely.contains_xy(lakes(), sites.lon, sites.lat).any()


def test_every_school_lies_inside_its_unit(country):
    sites = country.schools.sites
    shape_of = {area.code: area.geometry for area in country.aimaks.areas} | country.geography.outlines
    unit = [shape_of[sites.settlements[row].area_code] for row in sites.settlement]

    assert shapely.contains_xy(np.array(unit), sites.lon, sites.lat).all()


def test_no_school_lies_above_3600_m(country):
    sites = country.schools.sites
    altitude = altitude_m(sites.lon, sites.lat)

    assert not np.isnan(altitude).any()
    assert altitude.max() < 3600


def test_no_school_is_15_km_from_a_settlement(country):
    sites = country.schools.sites
    places = [(place.lon, place.lat) for place in sites.settlements]

    assert kilometres(sites.lon, sites.lat, places).max() < 15


def test_most_schools_are_near_a_place_with_known_coordinates(country):
    sites = country.schools.sites
    real = [(place.lon, place.lat) for place in read_settlements()]

    assert (kilometres(sites.lon, sites.lat, real) < 15).mean() > 0.75


def test_same_seed_same_country(country):
    again = make_country(read_edition()["criteria"])

    assert fingerprint(again) == fingerprint(country)


def test_other_seed_other_country(country):
    other = make_country(read_edition()["criteria"], seed=SEED + 1)

    assert fingerprint(other) != fingerprint(country)
    assert len(other.schools.pupils) == 2394


def test_pupils_and_shifts_are_as_published(country):
    shifts = country.schools.shifts
    count = len(shifts)

    assert country.schools.pupils.sum() == pytest.approx(PUPILS, rel=0.002)
    assert (shifts == 1).sum() / count == pytest.approx(SHIFT_SHARES[0], abs=0.01)
    assert (shifts == 2).sum() / count == pytest.approx(SHIFT_SHARES[1], abs=0.01)
    assert (shifts < 0).sum() / count == pytest.approx(SHIFT_SHARES[2], abs=0.01)


def test_schools_are_as_crowded_as_published(country):
    known = country.schools.seats > 0
    pupils, seats = country.schools.pupils, country.schools.seats
    bishkek = country.schools.first_level == "41711000000000"

    assert pupils[known & ~bishkek].sum() / seats[known & ~bishkek].sum() == pytest.approx(1.5, abs=0.08)
    assert pupils[known & bishkek].sum() / seats[known & bishkek].sum() == pytest.approx(2.5, abs=0.15)


def test_buildings_are_old_and_partly_unknown(country):
    blocks = country.blocks
    main = blocks.number == 1
    year = blocks.year_built[main]
    known = year > 0
    public_bishkek = ((country.schools.first_level == "41711000000000") & (country.schools.ownership != "private"))[
        blocks.school[main]
    ]

    assert len(blocks.school) == pytest.approx(7000, rel=0.03)
    assert ((year[known & public_bishkek] >= 1950) & (year[known & public_bishkek] < 1960)).mean() == pytest.approx(
        0.6, abs=0.1
    )
    assert (year[known] < 1976).mean() == pytest.approx(0.33, abs=0.12)
    assert 0.05 < (blocks.building_type == "KG-UNK").mean() < 0.2


def test_shares_of_pupils_sum_to_one(country):
    total = np.bincount(country.blocks.school, weights=country.blocks.pupil_share)

    assert total == pytest.approx(np.ones(2394), abs=1e-9)
    assert (country.blocks.pupil_share >= 0).all()


def test_some_schools_are_unassessed_and_others_twice(country):
    visits = np.bincount(country.visits.school, minlength=2394)

    assert 0.1 < (visits == 0).mean() < 0.25
    assert (visits >= 2).mean() > 0.2
    assert visits.max() <= 3


def test_names_are_kyrgyz_russian_and_english(country):
    for kyrgyz, russian, english in country.schools.names[:200]:
        assert kyrgyz.startswith("№ ")
        assert "№" in russian
        assert russian != kyrgyz
        assert english.isascii()
