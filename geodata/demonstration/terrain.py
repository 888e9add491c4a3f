"""Altitude and lakes: where a village or a school may stand."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.readers.reference import REFERENCE_DIR, read_water

ALTITUDE_PATH = REFERENCE_DIR / "altitude/gebco_2023_kgz.tif"
FloatArray = NDArray[np.float64]


@cache
def _grid() -> tuple[FloatArray, float, float, float]:
    import rasterio

    with rasterio.open(ALTITUDE_PATH, driver="GTiff") as source:
        cells = source.read(1).astype(float)
        return cells, source.transform.c, source.transform.f, source.transform.a


def altitude_m(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return the altitude in metres at points in EPSG:4326 (cells of 30 arc-seconds, GEBCO 2023); NaN outside."""
    cells, west, north, step = _grid()
    rows = np.floor((north - np.asarray(lat)) / step).astype(int)
    columns = np.floor((np.asarray(lon) - west) / step).astype(int)
    inside = (rows >= 0) & (rows < cells.shape[0]) & (columns >= 0) & (columns < cells.shape[1])
    found = np.full(np.shape(lon), np.nan)
    found[inside] = cells[rows[inside], columns[inside]]
    return found


def roughness_m(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return how far the altitude differs within a cell's neighbours, in metres: small on valley floors."""
    here = altitude_m(lon, lat)
    step = 0.02
    around = [
        altitude_m(np.asarray(lon) + dx, np.asarray(lat) + dy)
        for dx, dy in ((step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step))
    ]
    return np.nanmax(np.abs(np.array(around) - here), axis=0)


@cache
def lakes() -> Any:
    """Return the union of the lakes, EPSG:4326."""
    import shapely

    return shapely.union_all([row["geometry"] for row in read_water() if row["kind"] == "lake"])
