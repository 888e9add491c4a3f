"""Cells around villages: a Voronoi coverage with natural-looking borders, clipped to the land of a unit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
EDGE_DEG = 0.02
GRID_DEG = 1e-5
WAVES = (
    # longitude and latitude frequency (radians a degree), phase, amplitude (degrees)
    (9.0, 4.0, 0.3, 0.022),
    (-5.0, 11.0, 1.1, 0.020),
    (23.0, -17.0, 2.2, 0.010),
    (-31.0, -37.0, 4.0, 0.006),
    (67.0, 53.0, 5.1, 0.003),
)
"""Borders follow no ruler: a smooth field bends every straight edge, the same for both neighbours."""


def bend(coordinates: FloatArray) -> FloatArray:
    """Return coordinates moved by the smooth field; shape (n, 2), degrees, at most about 0.06 degrees."""
    x, y = coordinates[:, 0], coordinates[:, 1]
    dx, dy = np.zeros_like(x), np.zeros_like(y)
    for fx, fy, phase, amplitude in WAVES:
        dx += amplitude * np.sin(fx * x + fy * y + phase)
        dy += 0.7 * amplitude * np.cos(fy * x - fx * y + phase)
    return np.column_stack([x + dx, y + dy])


def unbend(points: FloatArray) -> FloatArray:
    """Return where points must stand so that ``bend`` brings them to ``points`` (fixed-point iteration)."""
    found = points.copy()
    for _ in range(30):
        found = found - 0.7 * (bend(found) - points)
    return found


def cells_around(points: FloatArray, land: Any) -> list[Any]:
    """Return, for each point (n, 2), its cell of ``land``: a coverage without gaps or overlaps, EPSG:4326."""
    import shapely

    if len(points) == 1:
        return [land]
    straight = unbend(points)
    west, south, east, north = land.bounds
    frame = shapely.box(west - 2, south - 2, east + 2, north + 2)
    diagram = shapely.voronoi_polygons(shapely.multipoints(straight), extend_to=frame)
    polygons = np.array(shapely.get_parts(diagram), dtype=object)
    tree = shapely.STRtree(polygons)
    of_point, of_polygon = tree.query(shapely.points(straight), predicate="intersects")
    order = np.full(len(points), -1)
    order[of_point] = of_polygon
    bent = shapely.transform(shapely.segmentize(shapely.set_precision(polygons[order], 1e-9), EDGE_DEG), bend)
    clipped = shapely.intersection(shapely.make_valid(bent), land, grid_size=GRID_DEG)
    return [polygonal(cell) for cell in clipped]


def polygonal(geometry: Any) -> Any:
    """Return the polygons of a geometry; lines and points that an overlay left behind are let go."""
    import shapely

    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    return shapely.union_all([part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"])


def join(cells: list[Any]) -> Any:
    """Return cells as one polygon."""
    import shapely

    return polygonal(shapely.union_all(cells, grid_size=GRID_DEG))
