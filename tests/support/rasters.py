"""Tiny synthetic rasters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import rasterio
from rasterio.transform import from_origin

if TYPE_CHECKING:
    from pathlib import Path


def write_raster(path: Path, cells: object, west: float = 74.0, north: float = 42.0, step: float = 0.1) -> Path:
    """Write ``cells`` (rows from north) as float32 in EPSG:4326; NaN becomes the no-data value -9999."""
    values = np.asarray(cells, dtype=np.float32)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=values.shape[0],
        width=values.shape[1],
        count=1,
        dtype="float32",
        crs="EPSG:4326",
        transform=from_origin(west, north, step, step),
        nodata=-9999.0,
    ) as target:
        target.write(np.where(np.isnan(values), -9999.0, values).astype(np.float32), 1)
    return path
