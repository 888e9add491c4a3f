"""A raster layer as one coloured picture for the map: PNG in Web Mercator, no data transparent."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from geodata.crs import WEB_MERCATOR, WGS84
from layers.errors import UnreadableRasterError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from rasterio.vrt import WarpedVRT

    from layers.manifest import HazardLayer

LARGEST_SIDE = 1600
Bounds = tuple[float, float, float, float]


def colour_raster(
    layer: HazardLayer, raster: Path, largest_side: int = LARGEST_SIDE, levels: Collection[int | None] | None = None
) -> tuple[bytes, Bounds]:
    """Return a PNG of the layer's classes and its bounds (west, south, east, north, EPSG:4326).

    The picture is warped to EPSG:3857, so that a map may stretch it between its corners. Cells without
    data, values of no class, and classes whose level is not in ``levels`` (None: all) are transparent.

    Raises:
        UnreadableRasterError: The file is missing or no GeoTIFF.
    """
    from rasterio.io import MemoryFile

    with _warped(raster) as warped:
        scale = min(1.0, largest_side / max(warped.width, warped.height))
        shape = (max(1, round(warped.height * scale)), max(1, round(warped.width * scale)))
        values = warped.read(1, out_shape=shape)
        bounds = _bounds(warped)
    picture = _colours(layer, values, levels)
    with MemoryFile() as file:
        with file.open(driver="PNG", width=shape[1], height=shape[0], count=4, dtype="uint8") as target:
            target.write(np.moveaxis(picture, -1, 0))
        return file.read(), bounds


def picture_bounds(raster: Path) -> Bounds:
    """Return the bounds of the picture (west, south, east, north, EPSG:4326) without reading a cell.

    Raises:
        UnreadableRasterError: The file is missing or no GeoTIFF.
    """
    with _warped(raster) as warped:
        return _bounds(warped)


@contextmanager
def _warped(raster: Path) -> Iterator[WarpedVRT]:
    import rasterio
    from rasterio.errors import RasterioError
    from rasterio.vrt import WarpedVRT

    try:
        with (
            rasterio.open(raster, driver="GTiff") as source,
            WarpedVRT(
                source, crs=f"EPSG:{WEB_MERCATOR}", src_nodata=source.nodata, nodata=np.nan, dtype="float32"
            ) as warped,
        ):
            yield warped
    except RasterioError as error:
        raise UnreadableRasterError(f"{raster.name}: {error}") from error


def _bounds(warped: WarpedVRT) -> Bounds:
    from rasterio.warp import transform_bounds

    west, south, east, north = transform_bounds(warped.crs, f"EPSG:{WGS84}", *warped.bounds)
    return west, south, east, north


def _colours(layer: HazardLayer, values: np.ndarray, levels: Collection[int | None] | None) -> np.ndarray:
    uppers = [found.upper for found in layer.classes]
    palette = np.array(
        [
            [*bytes.fromhex(found.colour[1:]), 255 if levels is None or found.level in levels else 0]
            for found in layer.classes
        ]
        + [[0, 0, 0, 0]],
        dtype=np.uint8,
    )
    at = np.searchsorted(uppers, values, side="right")
    at[np.isnan(values)] = len(uppers)
    return palette[at]
