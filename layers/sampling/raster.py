"""Rasters: the cell at a place, or the greatest cell within the layer's positional accuracy.

Read window by window in the raster's own order, so that memory is bounded by one window however many
places there are; ``rasterio.sample`` costs thirty times as much a place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geodata.crs import WGS84, is_wgs84, parse_crs
from layers.classify import classify
from layers.sampling import LayerData, Sample

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from rasterio import DatasetReader

    from layers.manifest import HazardLayer

KINDS = ("raster",)
WINDOW = 1024
METRES_PER_DEGREE = 111_320.0


def sample(layer: HazardLayer, data: LayerData, places: NDArray[Any]) -> Sample:
    """Return the raster's value at each place and its level by the layer's classes.

    A footprint is read at a point inside it. Cells of no data, and places off the raster, are unknown.

    Args:
        layer: ``sampling.statistic`` "max" looks at all cells within ``sampling.buffer_m``.
        data: ``raster`` is a GeoTIFF of any CRS; band 1 counts.
        places: Points or footprints, EPSG:4326, shape (n,), none missing.
    """
    import rasterio

    values = np.full(len(places), np.nan)
    if data.raster is not None and len(places):
        with rasterio.open(data.raster, driver="GTiff") as source:
            rows, columns = _cells(source, places)
            margin = _margin(source, layer.sampling.buffer_m) if layer.sampling.statistic == "max" else (0, 0)
            _read(source, rows, columns, margin, values)
    return Sample(values, classify(values, layer.classes), ~np.isnan(values))


def _cells(source: DatasetReader, places: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    points = places if (shapely.get_type_id(places) == 0).all() else shapely.point_on_surface(places)
    x, y = shapely.get_x(points), shapely.get_y(points)
    crs = parse_crs(source.crs.to_wkt())
    if crs is not None and not is_wgs84(crs):
        from pyproj import Transformer

        x, y = Transformer.from_crs(WGS84, crs, always_xy=True).transform(x, y)
    inverse = ~source.transform
    columns = np.floor(inverse.a * x + inverse.b * y + inverse.c)
    rows = np.floor(inverse.d * x + inverse.e * y + inverse.f)
    inside = (rows >= 0) & (rows < source.height) & (columns >= 0) & (columns < source.width)
    return np.where(inside, rows, -1).astype(np.int64), np.where(inside, columns, -1).astype(np.int64)


def _margin(source: DatasetReader, buffer_m: float) -> tuple[int, int]:
    """Return the buffer as (rows, columns), rounded up: too wide rather than too narrow."""
    height, width = abs(source.transform.e), abs(source.transform.a)
    if source.crs.is_geographic:
        middle = np.cos(np.radians((source.bounds.top + source.bounds.bottom) / 2))
        height, width = height * METRES_PER_DEGREE, width * METRES_PER_DEGREE * middle
    return int(np.ceil(buffer_m / height)), int(np.ceil(buffer_m / width))


def _read(
    source: DatasetReader,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    margin: tuple[int, int],
    values: NDArray[np.float64],
) -> None:
    across = source.width // WINDOW + 1
    window_of = np.where(rows < 0, -1, (rows // WINDOW) * across + columns // WINDOW)
    order = np.argsort(window_of, kind="stable")
    starts = np.flatnonzero(np.diff(window_of[order], prepend=-2))
    for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
        number = window_of[order[start]]
        if number < 0:
            continue
        chosen = order[start:end]
        top, left = (number // across) * WINDOW, (number % across) * WINDOW
        values[chosen] = _window(source, int(top), int(left), margin, rows[chosen], columns[chosen])


def _window(
    source: DatasetReader,
    top: int,
    left: int,
    margin: tuple[int, int],
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
) -> NDArray[np.float64]:
    from rasterio.windows import Window

    first_row, first_column = max(0, top - margin[0]), max(0, left - margin[1])
    end_row = min(source.height, top + WINDOW + margin[0])
    end_column = min(source.width, left + WINDOW + margin[1])
    window = Window(first_column, first_row, end_column - first_column, end_row - first_row)
    cells = source.read(1, window=window, masked=True)
    values = np.ma.filled(cells.astype(np.float64), np.nan)
    if margin != (0, 0):
        from scipy.ndimage import maximum_filter

        size = (2 * margin[0] + 1, 2 * margin[1] + 1)
        greatest = maximum_filter(np.where(np.isnan(values), -np.inf, values), size=size, mode="nearest")
        values = np.where(np.isneginf(greatest), np.nan, greatest)
    return values[rows - first_row, columns - first_column]
