"""Places for villages that have a name and no coordinates: low, even ground near their rayon's villages."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.demonstration.terrain import altitude_m, lakes, roughness_m

FloatArray = NDArray[np.float64]
STEP_DEG = 0.03
HIGHEST_M = 3_250.0
KEEP_APART_DEG = 0.035


def ground_of(land: Any, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Return points (n, 2) of ``land`` where people may live, and their altitude in metres."""
    import shapely

    west, south, east, north = land.bounds
    lon, lat = (
        axis.ravel() for axis in np.meshgrid(np.arange(west, east, STEP_DEG), np.arange(south, north, STEP_DEG * 0.75))
    )
    lon = lon + rng.uniform(-0.01, 0.01, len(lon))
    lat = lat + rng.uniform(-0.0075, 0.0075, len(lat))
    fits = is_ground(lon, lat, land)
    points = np.column_stack([lon[fits], lat[fits]])
    if len(points):
        return points, altitude_m(points[:, 0], points[:, 1])
    centre = shapely.get_coordinates(shapely.point_on_surface(land))
    return centre, altitude_m(centre[:, 0], centre[:, 1])


def is_ground(lon: FloatArray, lat: FloatArray, land: Any, margin_deg: float = 0.006) -> NDArray[np.bool_]:
    """Return which points lie within ``land``, off its border and the lakes, and not too high."""
    import shapely

    inner = shapely.buffer(land, -margin_deg)
    inner = land if inner.is_empty else inner
    wet = shapely.contains_xy(shapely.buffer(lakes(), 0.012), lon, lat)
    return shapely.contains_xy(inner, lon, lat) & ~wet & (altitude_m(lon, lat) < HIGHEST_M)


def settle(points: FloatArray, land: Any, rng: np.random.Generator) -> FloatArray:
    """Return ``points`` with those that lie off the ground of ``land`` moved to the nearest ground."""
    wrong = ~is_ground(points[:, 0], points[:, 1], land)
    if not wrong.any():
        return points
    ground, _ = ground_of(land, rng)
    moved = points.copy()
    for index in np.flatnonzero(wrong):
        distance = np.hypot(ground[:, 0] - points[index, 0], 1.3 * (ground[:, 1] - points[index, 1]))
        taken = np.min(np.hypot(ground[:, None, 0] - moved[None, :, 0], ground[:, None, 1] - moved[None, :, 1]), axis=1)
        moved[index] = ground[np.argmin(distance + np.where(taken < 0.01, 10.0, 0.0))]
    return moved


def place_villages(land: Any, taken: FloatArray, count: int, rng: np.random.Generator) -> FloatArray:
    """Return ``count`` points (n, 2) on suitable ground of ``land``, apart from each other and from ``taken``.

    Ground is the better the lower, the evener and the nearer to ``taken`` it is.
    """
    points, height = ground_of(land, rng)
    apart_of = points[:, None, :] - taken[None, :, :]
    near = np.min(np.hypot(apart_of[..., 0], 1.3 * apart_of[..., 1]), axis=1)
    cost = height / 1_000 + roughness_m(points[:, 0], points[:, 1]) / 250 + 4.0 * near
    chosen: list[FloatArray] = []
    known = taken
    apart = KEEP_APART_DEG
    while len(chosen) < count:
        for index in np.argsort(cost, kind="stable"):
            if np.min(np.hypot(*(known - points[index]).T)) >= apart:
                chosen.append(points[index])
                known = np.vstack([known, points[index]])
            if len(chosen) == count:
                break
        apart /= 2
        if apart < 0.001:
            raise ValueError(f"no ground for {count - len(chosen)} villages")
    return np.array(chosen).reshape(-1, 2)
