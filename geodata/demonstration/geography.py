"""Rayons, cities and aiyl aimaks inside the outlines of the oblasts, derived from real centres: sketches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.demonstration.cells import GRID_DEG, bend, cells_around, join, polygonal, unbend
from geodata.demonstration.ground import place_villages, settle
from geodata.demonstration.towns import CITY_OBLAST, OSH_CITY, Town, read_towns
from geodata.demonstration.villages import Land, Village, read_villages
from geodata.readers.reference import read_areas, read_outlines

FloatArray = NDArray[np.float64]
BISHKEK = "41711000000000"
OSH_OBLAST = "41706000000000"


@dataclass(frozen=True, slots=True)
class Place:
    """A settlement with its place, EPSG:4326, and the unit whose cell holds it.

    ``owner`` is the number of an aimak of the old map within its rayon, or None in a town.
    """

    name: str
    lon: float
    lat: float
    rayon_code: str
    owner: int | None


@dataclass(slots=True)
class RayonSketch:
    """One rayon: its land without towns, and the cells of its old aimaks in the order of the village list."""

    code: str
    land: Any
    names: list[str] = field(default_factory=list)
    cells: list[Any] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)


@dataclass(slots=True)
class Geography:
    """Outlines by SOATE code (levels 1 and 2, towns of level 3), EPSG:4326, and the rayons' sketches."""

    outlines: dict[str, Any]
    rayons: list[RayonSketch]
    towns: list[Town]


def draw(rng: np.random.Generator) -> Geography:
    """Return the whole geography; only villages without coordinates depend on ``rng``."""
    outlines = read_outlines()
    towns = read_towns()
    circles = {town.code: _circle(town) for town in towns}
    outlines[OSH_CITY] = polygonal(_cut(circles[OSH_CITY], outlines[OSH_OBLAST]))
    outlines[OSH_OBLAST] = _without(outlines[OSH_OBLAST], [outlines[OSH_CITY]])
    outlines |= _districts(outlines[BISHKEK])
    villages, lands = read_villages()
    seeds: list[Village | Land] = [*villages, *lands]
    rayon_oblast = {area.code: str(area.parent_code) for area in read_areas() if area.level == 2}
    sketches: list[RayonSketch] = []
    for oblast in sorted({rayon_oblast[village.rayon_code] for village in villages}):
        own = [town for town in towns if CITY_OBLAST[town.code] == oblast and town.level > 1]
        for town in own:
            outlines[town.code] = polygonal(_cut(circles[town.code], outlines[oblast]))
        known = [
            (point.rayon_code, point.lon, point.lat)
            for point in seeds
            if point.lon is not None and rayon_oblast[point.rayon_code] == oblast
        ]
        cells = cells_around(np.array([(lon, lat) for _, lon, lat in known]), outlines[oblast])
        cities = [outlines[town.code] for town in own if town.level == 2]
        for rayon in dict.fromkeys(code for code, _, _ in known):
            land = join([cell for (code, _, _), cell in zip(known, cells, strict=True) if code == rayon])
            outlines[rayon] = _without(land, cities)
            inner = [outlines[town.code] for town in own if town.level == 3 and town.parent_code == rayon]
            sketches.append(_rayon(rayon, _without(outlines[rayon], inner), villages, lands, rng))
        for town in own:
            if town.level == 3:
                outlines[town.code] = _cut(outlines[town.code], outlines[town.parent_code])
    return Geography(outlines, sketches, towns)


def _rayon(code: str, land: Any, villages: list[Village], lands: list[Land], rng: np.random.Generator) -> RayonSketch:
    own = [village for village in villages if village.rayon_code == code]
    extra = [(land_point.lon, land_point.lat) for land_point in lands if land_point.rayon_code == code]
    points = np.array([(village.lon or np.nan, village.lat or np.nan) for village in own])
    is_lost = np.isnan(points[:, 0])
    points[~is_lost] = settle(points[~is_lost], land, rng)
    if is_lost.any():
        points[is_lost] = place_villages(land, points[~is_lost], int(is_lost.sum()), rng)
    cells = cells_around(np.vstack([points, np.array(extra).reshape(-1, 2)]), land)
    owners = _owners([village.names_aimak for village in own] + [False] * len(extra), cells)
    sketch = RayonSketch(code, land)
    numbers = {index: number for number, index in enumerate(i for i, village in enumerate(own) if village.names_aimak)}
    for index in numbers:
        sketch.names.append(own[index].name)
        sketch.cells.append(join([cell for cell, owner in zip(cells, owners, strict=True) if owner == index]))
    for index, village in enumerate(own):
        owner = numbers[owners[index]]
        sketch.places.append(Place(village.name, float(points[index, 0]), float(points[index, 1]), code, owner))
    return sketch


def _owners(names_aimak: list[bool], cells: list[Any]) -> list[int]:
    """Give each cell without an aimak to the neighbour with the longest common border."""
    owners = [index if named else -1 for index, named in enumerate(names_aimak)]
    while -1 in owners:
        index, neighbour = max(
            (
                (index, other)
                for index, owner in enumerate(owners)
                if owner == -1
                for other, other_owner in enumerate(owners)
                if other_owner != -1
            ),
            key=lambda pair: (_border(cells[pair[0]], cells[pair[1]]), -pair[0], -pair[1]),
        )
        owners[index] = owners[neighbour]
    return owners


def _border(one: Any, other: Any) -> float:
    return float(one.intersection(other, grid_size=GRID_DEG).length) if one.intersects(other) else -one.distance(other)


def _circle(town: Town) -> Any:
    """Return a town's land: a bent circle around its centre."""
    import shapely

    centre = unbend(np.array([[town.lon, town.lat]]))
    circle = shapely.buffer(shapely.points(centre)[0], town.radius_deg, quad_segs=24)
    return shapely.set_precision(shapely.transform(circle, bend), GRID_DEG)


def _cut(shape: Any, land: Any) -> Any:
    return polygonal(shape.intersection(land, grid_size=GRID_DEG))


def _without(land: Any, holes: list[Any]) -> Any:
    import shapely

    return polygonal(shapely.difference(land, shapely.union_all(holes), grid_size=GRID_DEG)) if holes else land


def _districts(bishkek: Any) -> dict[str, Any]:
    """Return the four districts of Bishkek, cut around its centre: west, south, north-east and east."""
    lon, lat = bishkek.centroid.x, bishkek.centroid.y
    centres = np.array(
        [(lon - 0.05, lat + 0.01), (lon - 0.01, lat - 0.04), (lon + 0.01, lat + 0.03), (lon + 0.06, lat + 0.0)]
    )
    codes = ("41711201000000", "41711202000000", "41711203000000", "41711204000000")
    return dict(zip(codes, cells_around(centres, bishkek), strict=True))
