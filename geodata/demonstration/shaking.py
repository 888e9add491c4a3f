"""Invented shaking of the ground: peak acceleration with 475 years of return, higher along the real mountain fronts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEP = 0.02
FRONTS = (
    ((73.2, 42.62), (74.5, 42.62), (75.9, 42.60)),
    ((75.9, 42.80), (77.2, 42.90), (78.8, 42.90)),
    ((76.2, 42.12), (77.6, 42.10), (79.2, 42.45)),
    ((70.9, 42.70), (72.6, 41.75), (73.6, 41.15), (74.8, 40.45)),
    ((69.3, 39.85), (71.2, 39.90), (73.2, 40.25)),
    ((71.8, 39.45), (73.0, 39.55), (73.9, 39.65)),
    ((74.6, 40.40), (76.5, 40.60), (78.6, 41.45)),
    ((74.2, 41.25), (75.8, 41.28), (77.3, 41.50)),
    ((73.4, 42.10), (74.6, 42.05), (75.6, 42.10)),
    ((70.4, 41.45), (71.6, 42.00), (72.6, 42.30)),
    ((72.2, 41.05), (73.0, 40.95), (73.6, 40.75)),
)
"""Lines of (longitude, latitude) near real mountain fronts; their strength is invented."""
STRENGTH = (0.34, 0.36, 0.28, 0.30, 0.27, 0.33, 0.25, 0.20, 0.26, 0.24, 0.25)
GROUND_G = 0.10
WEST_END = 69.62
"""Degrees: the invented map ends here, so that places further west are unknown, as on real maps."""
ZONES = ((9, 0.28), (8, 0.14), (7, 0.0))
"""MSK-64 degree and the least acceleration (g) that it stands for: geometric means of 0.1, 0.2 and 0.4 g."""


@dataclass(frozen=True)
class Grid:
    """Values with NaN outside coverage, row 0 in the north, EPSG:4326; ``west`` and ``north`` are the edges."""

    values: NDArray[np.float32]
    west: float
    north: float
    step: float


def shaking(country: Any) -> Grid:
    """Return the acceleration in g on rock, 0.1 to 0.5, inside the country and two kilometres around it."""
    west, south, east, north = (round(edge / STEP) * STEP for edge in country.buffer(0.1).bounds)
    lon = np.arange(west + STEP / 2, east, STEP)
    lat = np.arange(north - STEP / 2, south, -STEP)
    x, y = np.meshgrid(lon, lat)
    plane = shapely.points(x * 0.75, y)
    value = np.full(x.shape, GROUND_G)
    for front, strength in zip(FRONTS, STRENGTH, strict=True):
        line = shapely.LineString([(a * 0.75, b) for a, b in front])
        away_km = shapely.distance(plane, line) * 111.2
        value = np.maximum(value, GROUND_G + strength * np.exp(-((away_km / 34) ** 2)))
    value *= 1 + 0.06 * np.sin(9 * x + 4 * y) + 0.05 * np.cos(7 * y - 5 * x)
    covered = shapely.contains_xy(country.buffer(0.02), x, y) & (x > WEST_END)
    return Grid(np.where(covered, np.round(value, 3), np.nan).astype(np.float32), west, north, STEP)


def as_geotiff(grid: Grid) -> bytes:
    """Return the grid as a GeoTIFF of 32-bit floats, nodata NaN; the same grid gives the same bytes."""
    from rasterio.io import MemoryFile
    from rasterio.transform import from_origin

    height, width = grid.values.shape
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff", width=width, height=height, count=1, dtype="float32", crs="EPSG:4326", nodata=np.nan,
            transform=from_origin(grid.west, grid.north, grid.step, grid.step), compress="deflate", predictor=3,
        ) as target:  # fmt: skip
            target.write(grid.values, 1)
        return bytes(memory.read())


def msk_zones(grid: Grid, country: Any) -> list[tuple[Any, int]]:
    """Return polygons of 7, 8 and 9 degrees MSK-64 that share their borders, cut to the country."""
    import json

    from rasterio.features import shapes, sieve
    from rasterio.transform import from_origin

    filled = np.nan_to_num(grid.values, nan=-1.0)
    degree = np.zeros(filled.shape, dtype=np.uint8)
    for zone, least in reversed(ZONES):
        degree[filled >= max(least, 1e-6)] = zone
    degree = sieve(degree, size=40)
    transform = from_origin(grid.west, grid.north, grid.step, grid.step)
    found = [(shapely.from_geojson(json.dumps(g)), int(v)) for g, v in shapes(degree, transform=transform)]
    smooth = shapely.coverage_simplify(np.array([piece for piece, _ in found]), 0.03)
    cut = shapely.intersection(smooth, country, grid_size=1e-4)
    return [
        (part, zone)
        for piece, (_, zone) in zip(cut, found, strict=True)
        if zone
        for part in shapely.get_parts(piece)
        if part.geom_type == "Polygon" and part.area > 1e-5
    ]
