"""Where schools stand: near real settlements, inside their unit, on dry ground below 3,600 m."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.demonstration.aimaks import Aimaks
from geodata.demonstration.counts import SCHOOLS
from geodata.demonstration.geography import BISHKEK, Geography
from geodata.demonstration.terrain import altitude_m, lakes
from geodata.demonstration.towns import CITY_OBLAST, OSH_CITY

FloatArray = NDArray[np.float64]
SPREAD_DEG = 0.013
HIGHEST_M = 3_500.0
TRIES = 25
BISHKEK_NAME, OSH_NAME = "Бишкек", "Ош"


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where schools may stand. ``weight`` is its share of its first-level unit's schools; ``land`` EPSG:4326."""

    name: str
    lon: float
    lat: float
    area_code: str
    first_level: str
    weight: float
    is_town: bool
    land: Any


@dataclass(frozen=True, slots=True)
class Sites:
    """One row per school: row of its settlement, and its place, EPSG:4326."""

    settlements: list[Settlement]
    settlement: NDArray[np.int64]
    lon: FloatArray
    lat: FloatArray


def list_settlements(geography: Geography, aimaks: Aimaks) -> list[Settlement]:
    """Return villages (in the new aimaks), towns, and the districts of Bishkek."""
    import shapely

    lands = {area.code: area.geometry for area in aimaks.areas}
    found: list[Settlement] = []
    for rayon in geography.rayons:
        for place in rayon.places:
            assert place.owner is not None
            code = aimaks.new_of[rayon.code, place.owner]
            old = lands[aimaks.old_of[rayon.code, place.owner]]
            found.append(Settlement(place.name, place.lon, place.lat, code, CITY_OBLAST[rayon.code], 1.0, False, old))
    for town in geography.towns:
        if town.code == OSH_CITY:
            continue
        land = geography.outlines[town.code]
        weight = max(1.5, town.population / 3_500)
        centre = shapely.Point(town.lon, town.lat)
        if not land.contains(centre):  # the coarse outline of the country leaves it abroad
            centre = land.representative_point()
        found.append(
            Settlement(town.name_ky, centre.x, centre.y, town.code, CITY_OBLAST[town.code], weight, True, land)
        )
    for code, first, name in [(OSH_CITY, OSH_CITY, OSH_NAME)] + [
        (code, BISHKEK, BISHKEK_NAME) for code in sorted(geography.outlines) if code.startswith("417112")
    ]:
        land = geography.outlines[code]
        centre = land.representative_point()
        found.append(Settlement(name, centre.x, centre.y, code, first, 1.0, True, land))
    return found


def place_schools(settlements: list[Settlement], count: int, rng: np.random.Generator) -> Sites:
    """Return ``count`` sites: the published number for each first-level unit, scaled when ``count`` differs."""
    settlement = np.repeat(np.arange(len(settlements)), _counts(settlements, count))
    lon = np.array([row.lon for row in settlements])[settlement]
    lat = np.array([row.lat for row in settlements])[settlement]
    for row in np.flatnonzero(np.bincount(settlement, minlength=len(settlements))):
        own = np.flatnonzero(settlement == row)
        lon[own], lat[own] = _scatter(settlements[row], len(own), rng)
    return Sites(settlements, settlement, lon, lat)


def _counts(settlements: list[Settlement], count: int) -> NDArray[np.int64]:
    total = sum(SCHOOLS.values())
    units = sorted(SCHOOLS)
    per_unit = _share_out(np.array([SCHOOLS[unit] for unit in units]) / total, count)
    counts = np.zeros(len(settlements), dtype=np.int64)
    for unit, number in zip(units, per_unit, strict=True):
        own = [row for row, settlement in enumerate(settlements) if settlement.first_level == unit]
        weights = np.array([settlements[row].weight for row in own])
        counts[own] = _share_out(weights / weights.sum(), int(number))
    return counts


def _share_out(shares: FloatArray, count: int) -> NDArray[np.int64]:
    """Return whole numbers in proportion to ``shares`` with the sum ``count`` (largest remainder)."""
    exact = shares * count
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: count - int(whole.sum())]] += 1
    return whole


def _scatter(settlement: Settlement, count: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Return points around the settlement's centre that stand on its land; the centre serves when none is found."""
    import shapely

    shapely.prepare(settlement.land)
    west, south, east, north = settlement.land.bounds
    spread = max(SPREAD_DEG, 0.25 * min(east - west, north - south)) if settlement.is_town else SPREAD_DEG
    lon, lat = np.full(count, settlement.lon), np.full(count, settlement.lat)
    open_rows = np.arange(count)
    for _ in range(TRIES):
        x = settlement.lon + rng.normal(0, spread, len(open_rows))
        y = settlement.lat + rng.normal(0, spread * 0.75, len(open_rows))
        fits = (
            shapely.contains_xy(settlement.land, x, y)
            & ~shapely.contains_xy(lakes(), x, y)
            & (altitude_m(x, y) < HIGHEST_M)
        )
        lon[open_rows[fits]], lat[open_rows[fits]] = x[fits], y[fits]
        open_rows = open_rows[~fits]
        if not len(open_rows):
            break
    return np.round(lon, 6), np.round(lat, 6)
