"""Invented hazards shaped by the real ground: flood, mudflow, landslide, avalanche, rockfall, outbursts.

A model of how such maps look, not a statement about any place. Fixed seed: the same code gives the same shapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import shapely.affinity

from geodata.demonstration.drainage import Ground, load_ground
from geodata.demonstration.terrain import lakes

if TYPE_CHECKING:
    from numpy.typing import NDArray

Shape = tuple[Any, int]
"""A geometry in EPSG:4326 and its level, 2..4; what no shape touches has level 1."""
KM = 1 / 111.2
"""Degrees of latitude in a kilometre; degrees of longitude are stretched at 41.5 degrees north."""
STRETCH = 1.335
GRID = 1e-4


def buffer_km(geometry: Any, km: float | NDArray[np.float64]) -> Any:
    """Return geometries widened by kilometres (on a plane stretched at 41.5 degrees north)."""
    plane = shapely.transform(geometry, lambda xy: xy * [1 / STRETCH, 1.0])
    return shapely.transform(shapely.buffer(plane, np.asarray(km) * KM, quad_segs=4), lambda xy: xy * [STRETCH, 1.0])


def floods(country: Any) -> list[Shape]:
    """Strips along rivers that gather over 700 km² where the valley floor is flat."""
    ground = load_ground()
    is_river = (ground.gathered_km2 > 700) & (ground.slope < 0.06)
    lines = shapely.difference(_water_lines(ground, is_river), lakes())
    return _level(lines, 1.3, 2, country) + _level(lines, 0.55, 3, country) + _level(lines, 0.2, 4, country)


def mudflows(country: Any) -> list[Shape]:
    """Fans where streams of 10 to 120 km² leave steep ground; level 4 in the channel, level 2 at the rim."""
    ground = load_ground()
    gathered, downstream, slope = ground.gathered_km2.ravel(), ground.downstream.ravel(), ground.slope.ravel()
    leaves = (gathered > 10) & (gathered < 120) & (slope > 0.09) & (ground.altitude_m.ravel() < 2600)
    below = downstream.clip(0)
    mouths = np.flatnonzero(leaves & (slope[below] <= 0.09) & (downstream >= 0) & (downstream[below] >= 0))
    ways = np.array([shapely.LineString(ground.path_down(mouth, 4.5)) for mouth in mouths])
    heads = np.array([shapely.LineString(ground.path_down(mouth, 2.5)) for mouth in mouths])
    return _level(ways, 0.75, 2, country) + _level(ways, 0.32, 3, country) + _level(heads, 0.13, 4, country)


def outburst_ways(country: Any) -> list[Any]:
    """Ways of the water below 60 invented lakes at the edge of glaciers, 70 km long."""
    ground = load_ground()
    rng = np.random.default_rng(368)
    high = (
        (ground.altitude_m > 3350) & (ground.altitude_m < 3900) & (ground.gathered_km2 > 4) & (ground.gathered_km2 < 25)
    )
    candidates = np.flatnonzero(high.ravel())
    rng.shuffle(candidates)
    points = np.array([ground.place(index) for index in candidates])
    inside = shapely.contains_xy(country, points[:, 0], points[:, 1])
    chosen: list[int] = []
    for index, point in zip(candidates[inside], points[inside], strict=True):
        apart = [np.hypot((point[0] - ground.place(o)[0]) / STRETCH, point[1] - ground.place(o)[1]) for o in chosen]
        if not apart or min(apart) > 0.2:
            chosen.append(int(index))
        if len(chosen) == 60:
            break
    ways = np.array([_smooth(ground.path_down(index, 70.0)) for index in chosen])
    cut = shapely.intersection(ways, shapely.buffer(country, 0.02), grid_size=GRID)
    return [part for part in shapely.get_parts(shapely.line_merge(cut)) if part.length > 0.05]


def landslides(country: Any) -> list[Shape]:
    """Bodies on the loess foothills around the Fergana valley (Uzgen, Suzak, Kara-Kulja, Alay), a few elsewhere."""
    ground = load_ground()
    rng = np.random.default_rng(5000)
    weight = np.where((ground.altitude_m > 850) & (ground.altitude_m < 2300), ground.slope.clip(0, 0.3), 0.0)
    weight[ground.slope < 0.05] = 0
    rows, columns = np.indices(weight.shape)
    lon = ground.west + (columns + 0.5) * ground.step
    lat = ground.north - (rows + 0.5) * ground.step
    loess = np.exp(-(((lon - 73.3) / 0.75) ** 2) - ((lat - 40.85) / 0.40) ** 2)
    south = np.exp(-(((lon - 72.8) / 1.2) ** 2) - ((lat - 40.25) / 0.22) ** 2)
    weight = weight * (loess + 0.35 * south + 0.012) * np.exp(-_km_to(ground, ground.slope < 0.05) / 1.2)
    points = rng.choice(weight.size, size=900, replace=False, p=(weight / weight.sum()).ravel())
    bodies = [_blob(rng, *ground.place(index), rng.uniform(0.35, 1.1)) for index in points]
    return (
        _level(np.array(bodies), 1.1, 2, country)
        + _level(np.array(bodies[:520]), 0.5, 3, country)
        + _level(np.array([shapely.affinity.scale(body, 1.1, 1.1) for body in bodies[:210]]), 0.1, 4, country)
    )


def avalanches(country: Any) -> list[Shape]:
    """Steep slopes above 2,000 m and what lies below them."""
    ground = load_ground()
    found: list[Shape] = []
    for level, slope, reach in ((2, 0.33, 2.2), (3, 0.38, 1.3), (4, 0.46, 0.7)):
        mask = (ground.slope > slope) & (ground.altitude_m > 2000)
        found += _from_mask(ground, mask, reach, level, country, least_km2=3.0)
    return found


def rockfalls(country: Any) -> list[Shape]:
    """The foot of steep slopes below 2,600 m."""
    ground = load_ground()
    found: list[Shape] = []
    for level, slope, reach in ((2, 0.33, 1.5), (4, 0.42, 1.0)):
        mask = (ground.slope > slope) & (ground.altitude_m < 2600)
        found += _from_mask(ground, mask, reach, level, country, least_km2=1.2)
    return found


def _km_to(ground: Ground, mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Distance of each cell to the nearest cell of ``mask``, in kilometres (north-south cell size)."""
    from scipy.ndimage import distance_transform_edt

    step = ground.step * 111.2
    return distance_transform_edt(~mask, sampling=(step, step / STRETCH))


def _blob(rng: np.random.Generator, lon: float, lat: float, radius_km: float) -> Any:
    turn = np.linspace(0, 2 * np.pi, 13)[:-1]
    radius = radius_km * KM * rng.uniform(0.7, 1.3, 12)
    return shapely.Polygon(np.column_stack([lon + STRETCH * radius * np.cos(turn), lat + radius * np.sin(turn)]))


def _smooth(way: list[tuple[float, float]]) -> Any:
    line = np.array(way)
    if len(line) > 4:
        line[1:-1] = (line[:-2] + 2 * line[1:-1] + line[2:]) / 4
        line[1:-1] = (line[:-2] + 2 * line[1:-1] + line[2:]) / 4
    return shapely.set_precision(shapely.simplify(shapely.LineString(line), 0.0015), GRID)


def _water_lines(ground: Ground, mask: NDArray[np.bool_]) -> NDArray[Any]:
    downstream = ground.downstream.ravel()
    parts = []
    for index in np.flatnonzero(mask.ravel()):
        if downstream[index] >= 0:
            parts.append(shapely.LineString([ground.place(index), ground.place(downstream[index])]))
    return shapely.get_parts(shapely.simplify(shapely.line_merge(shapely.union_all(parts)), 0.003))


def _level(shapes: NDArray[Any], width_km: float, level: int, country: Any) -> list[Shape]:
    """Widen, join what touches, cut to the country, and thin out."""
    wide = buffer_km(shapes, width_km) if width_km else shapes
    joined = shapely.union_all(np.array(wide), grid_size=GRID)
    cut = shapely.intersection(shapely.simplify(joined, 0.0012), country, grid_size=GRID)
    return [(part, level) for part in shapely.get_parts(cut) if part.geom_type == "Polygon" and part.area > 1e-6]


def _from_mask(
    ground: Ground, mask: NDArray[np.bool_], reach_km: float, level: int, country: Any, least_km2: float
) -> list[Shape]:
    import json

    from rasterio.features import shapes, sieve
    from rasterio.transform import from_origin

    kept = sieve(mask.astype("uint8"), size=max(2, int(least_km2 / 0.64)), connectivity=8)
    transform = from_origin(ground.west, ground.north, ground.step, ground.step)
    pieces = [
        shapely.from_geojson(json.dumps(g)) for g, value in shapes(kept, mask=kept == 1, transform=transform) if value
    ]
    round_pieces = shapely.simplify(np.array(pieces), 0.008)
    return _level(round_pieces, reach_km, level, country)
