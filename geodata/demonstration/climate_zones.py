"""Invented zones of extreme cold and heat: by altitude, latitude, closed high valleys and the warm lake.

A model of how such maps look, not a statement about any place. No chance is in it: the same ground, the same zones.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.demonstration.drainage import Ground, load_ground
from geodata.demonstration.terrain import lakes

Shape = tuple[Any, int]
"""A geometry in EPSG:4326 and its level, 1..4; zones share their borders and cover the country."""
FloatArray = NDArray[np.float64]
GRID = 1e-4
COLD_BOUNDS_C = (-15.0, -22.0, -29.0)
"""Below each bound the next level begins: as in ``layers/catalogue/demo_cold.toml``."""
HEAT_BOUNDS_DAYS = (5.0, 15.0, 30.0)
"""From each bound on the next level begins: as in ``layers/catalogue/demo_heat.toml``."""
LEAST_CELLS = 60
"""Smaller patches join what surrounds them: about 40 km²."""
SMOOTH_CELLS = 2.0
LEAST_AREA_DEG2 = 1e-5


def cold_zones(country: Any) -> list[Shape]:
    """Return zones of the invented temperature of the coldest five days."""
    field = coldest_c(load_ground())
    return _zones(1 + np.sum([field < bound for bound in COLD_BOUNDS_C], axis=0), country)


def heat_zones(country: Any) -> list[Shape]:
    """Return zones of the invented number of days above 35 °C a year."""
    field = hot_days(load_ground())
    return _zones(1 + np.sum([field >= bound for bound in HEAT_BOUNDS_DAYS], axis=0), country)


def coldest_c(ground: Ground) -> FloatArray:
    """Return the invented temperature of the coldest five days, °C, for each cell of ``ground``.

    Colder with height and to the north, six degrees colder where cold air stays in flat valleys above 1,800 m, up to
    nine warmer near Issyk-Kul, which does not freeze.
    """
    from scipy.ndimage import distance_transform_edt, gaussian_filter

    altitude, latitude = _smooth(ground)
    flat = gaussian_filter((ground.slope < 0.07).astype(float), 3.0)
    stays = np.clip((altitude - 1600) / 400, 0, 1) * np.clip(2 * flat, 0, 1)
    km_per_cell = ground.step * 111.2
    away_km = distance_transform_edt(~_is_lake(ground), sampling=(km_per_cell, 0.75 * km_per_cell))
    lake = 9.0 * np.exp(-((away_km / 22) ** 2))
    return -12.0 - 0.0075 * (altitude - 600) - 3.0 * (latitude - 40.5) - 6.0 * stays + lake


def hot_days(ground: Ground) -> FloatArray:
    """Return the invented days above 35 °C a year for each cell of ``ground``: fewer with height and to the north."""
    altitude, latitude = _smooth(ground)
    warmest_c = 37.0 - 0.0062 * (altitude - 500) - 0.9 * (latitude - 40.5)
    return 62.0 / (1.0 + np.exp(-(warmest_c - 36.0) / 1.6))


def _smooth(ground: Ground) -> tuple[FloatArray, FloatArray]:
    from scipy.ndimage import gaussian_filter

    rows = np.arange(ground.altitude_m.shape[0])
    latitude = ground.north - (rows + 0.5) * ground.step
    altitude = gaussian_filter(ground.altitude_m.astype(float), SMOOTH_CELLS)
    return altitude, np.broadcast_to(latitude[:, None], altitude.shape)


def _is_lake(ground: Ground) -> NDArray[np.bool_]:
    from rasterio.features import rasterize
    from rasterio.transform import from_origin

    largest = max(shapely.get_parts(lakes()), key=lambda lake: lake.area)
    transform = from_origin(ground.west, ground.north, ground.step, ground.step)
    return rasterize([largest], out_shape=ground.altitude_m.shape, transform=transform).astype(bool)


def _zones(level: NDArray[np.int64], country: Any) -> list[Shape]:
    """Return the zones of a grid of levels, with simple borders that neighbours share, cut to the country."""
    from rasterio.features import shapes, sieve
    from rasterio.transform import from_origin

    ground = load_ground()
    transform = from_origin(ground.west, ground.north, ground.step, ground.step)
    joined = sieve(level.astype(np.uint8), size=LEAST_CELLS)
    found = [
        (shapely.from_geojson(json.dumps(shape)), int(value)) for shape, value in shapes(joined, transform=transform)
    ]
    simple = shapely.coverage_simplify(np.array([shape for shape, _ in found]), 0.02)
    cut = shapely.intersection(simple, country, grid_size=GRID)
    return [
        (part, value)
        for piece, (_, value) in zip(cut, found, strict=True)
        for part in shapely.get_parts(piece)
        if part.geom_type == "Polygon" and part.area > LEAST_AREA_DEG2
    ]
