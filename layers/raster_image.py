"""A raster layer as one coloured picture for the map: PNG in Web Mercator, no data transparent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geodata.crs import WEB_MERCATOR, WGS84

if TYPE_CHECKING:
    from pathlib import Path

    from layers.manifest import HazardLayer

LARGEST_SIDE = 1600
Bounds = tuple[float, float, float, float]


def colour_raster(layer: HazardLayer, raster: Path, largest_side: int = LARGEST_SIDE) -> tuple[bytes, Bounds]:
    """Return a PNG of the layer's classes and its bounds (west, south, east, north, EPSG:4326).

    The picture is warped to EPSG:3857, so that a map may stretch it between its corners. Cells without
    data, and values of no class, are transparent.
    """
    import rasterio
    from rasterio.io import MemoryFile
    from rasterio.vrt import WarpedVRT
    from rasterio.warp import transform_bounds

    with (
        rasterio.open(raster, driver="GTiff") as source,
        WarpedVRT(
            source, crs=f"EPSG:{WEB_MERCATOR}", src_nodata=source.nodata, nodata=np.nan, dtype="float32"
        ) as warped,
    ):
        scale = min(1.0, largest_side / max(warped.width, warped.height))
        shape = (max(1, round(warped.height * scale)), max(1, round(warped.width * scale)))
        values = warped.read(1, out_shape=shape)
        bounds = transform_bounds(warped.crs, f"EPSG:{WGS84}", *warped.bounds)
    picture = _colours(layer, values)
    with MemoryFile() as file:
        with file.open(driver="PNG", width=shape[1], height=shape[0], count=4, dtype="uint8") as target:
            target.write(np.moveaxis(picture, -1, 0))
        return file.read(), bounds


def _colours(layer: HazardLayer, values: np.ndarray) -> np.ndarray:
    uppers = [found.upper for found in layer.classes]
    palette = np.array(
        [[*bytes.fromhex(found.colour[1:]), 255] for found in layer.classes] + [[0, 0, 0, 0]], dtype=np.uint8
    )
    at = np.searchsorted(uppers, values, side="right")
    at[np.isnan(values)] = len(uppers)
    return palette[at]
