"""Places for villages that have a name and no coordinates: low, even ground near their rayon's villages."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.demonstration.terrain import altitude_m, lakes, roughness_m

FloatArray = NDArray[np.float64]
STEP_DEG = 0.03
HIGHEST_M = 3_000.0
KEEP_APART_DEG = 0.035


def place_villages(land: Any, taken: FloatArray, count: int, rng: np.random.Generator) -> FloatArray:
    """Return ``count`` points (n, 2) on suitable ground of ``land``, apart from each other and from ``taken``.

    Ground is the better the lower, the evener and the nearer to ``taken`` it is.
    """
    import shapely

    west, south, east, north = land.bounds
    lon, lat = (
        axis.ravel()
        for axis in np.meshgrid(np.arange(west, east, STEP_DEG), np.arange(south, north, STEP_DEG * 0.75))
    )
    lon = lon + rng.uniform(-0.01, 0.01, len(lon))
    lat = lat + rng.uniform(-0.0075, 0.0075, len(lat))
    shapely.prepare(land)
    fits = shapely.contains_xy(shapely.buffer(land, -0.01), lon, lat) & ~shapely.contains_xy(
        shapely.buffer(lakes(), 0.02), lon, lat
    )
    lon, lat = lon[fits], lat[fits]
    height = altitude_m(lon, lat)
    near = np.min(np.hypot(lon[:, None] - taken[None, :, 0], 1.3 * (lat[:, None] - taken[None, :, 1])), axis=1)
    cost = height / 1_000 + roughness_m(lon, lat) / 250 + 4.0 * near
    cost[~(height < HIGHEST_M)] += 1_000
    chosen: list[FloatArray] = []
    known = taken
    for index in np.argsort(cost, kind="stable"):
        point = np.array([lon[index], lat[index]])
        apart = KEEP_APART_DEG if len(chosen) < count else np.inf
        if np.min(np.hypot(known[:, 0] - point[0], known[:, 1] - point[1])) >= apart:
            chosen.append(point)
            known = np.vstack([known, point])
        if len(chosen) == count:
            break
    if len(chosen) < count:
        raise ValueError(f"no ground for {count - len(chosen)} villages")
    return np.array(chosen).reshape(-1, 2)
