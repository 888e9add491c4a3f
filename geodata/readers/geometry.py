"""Geometries as they come: built from GeoJSON or WKB, checked, and their damage told by feature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from geodata.readers import limits
from geodata.records.table import RowProblem

if TYPE_CHECKING:
    from pyproj import CRS

DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
REPAIR_TOLERANCE = 0.001
"""A self-intersection is repaired when it changes the area by no more than this share."""
HALF_WORLD_DEGREES = (180.0, 90.0)


class GeometryError(Exception):
    """A geometry cannot be taken; ``code`` and ``params`` say why."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def from_geojson(value: Any, depth: int = 0) -> BaseGeometry:
    """Return the shapely geometry of a GeoJSON geometry object.

    Raises:
        GeometryError: With the code of what is wrong; never anything else.
    """
    if value is None:
        raise GeometryError("geometry_missing")
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "GeometryCollection":
        if depth >= limits.MAX_GEOMETRY_DEPTH:
            raise GeometryError("geometry_too_deep")
        parts = value.get("geometries")
        if not isinstance(parts, list):
            raise GeometryError("geometry_damaged")
        return shapely.GeometryCollection([from_geojson(part, depth + 1) for part in parts])
    if kind not in DEPTHS:
        raise GeometryError("geometry_type_unknown", type=str(kind)[:40])
    coordinates = value.get("coordinates")
    if coordinates == []:
        raise GeometryError("geometry_empty")
    try:
        return _build(kind, coordinates)
    except (ShapelyError, ValueError, TypeError, IndexError, RecursionError, OverflowError):
        raise GeometryError("geometry_damaged") from None


def _build(kind: str, coordinates: Any) -> BaseGeometry:
    if kind == "Point":
        return shapely.Point(_positions([coordinates])[0])
    if kind == "MultiPoint":
        return shapely.MultiPoint(_positions(coordinates))
    if kind == "LineString":
        return shapely.LineString(_positions(coordinates))
    if kind == "MultiLineString":
        return shapely.MultiLineString([_positions(line) for line in coordinates])
    if kind == "Polygon":
        return _polygon(coordinates)
    return shapely.MultiPolygon([_polygon(rings) for rings in coordinates])


def _polygon(rings: Any) -> BaseGeometry:
    checked = []
    for ring in rings:
        positions = _positions(ring)
        if len(positions) < 4 or (positions[0] != positions[-1]).any():
            raise GeometryError("ring_unclosed")
        checked.append(positions)
    if not checked:
        raise GeometryError("geometry_empty")
    return shapely.Polygon(checked[0], checked[1:])


def _positions(values: Any) -> np.ndarray:
    """Return positions as longitude and latitude; heights are left out, text is no number."""
    if not isinstance(values, list):
        raise GeometryError("coordinates_not_numbers")
    if len(values) > limits.MAX_FEATURE_VERTICES:
        raise GeometryError("geometry_too_many_vertices", limit=limits.MAX_FEATURE_VERTICES)
    for position in values:
        if not isinstance(position, list) or len(position) < 2:
            raise GeometryError("coordinates_not_numbers")
        if not all(type(number) in (float, int) for number in position[:2]):
            raise GeometryError("coordinates_not_numbers")
    return np.array([position[:2] for position in values], dtype=float)


def from_wkb(raw: bytes) -> BaseGeometry:
    """Return the geometry of WKB in two dimensions."""
    try:
        return shapely.force_2d(shapely.from_wkb(raw, on_invalid="raise"))
    except (ShapelyError, ValueError, TypeError):
        raise GeometryError("geometry_damaged") from None


def check_geometries(
    geometries: list[BaseGeometry | None], numbers: list[int], crs: CRS | None, problems: list[RowProblem]
) -> list[BaseGeometry | None]:
    """Return the geometries in EPSG:4326 after all checks; a refused one is None and told in ``problems``.

    Args:
        geometries: As read; None where a problem has been told already.
        numbers: Feature numbers, in the same order.
        crs: What the coordinates are in; None when they are WGS 84 already.
        problems: Problems are appended here.
    """
    from geodata.crs import to_wgs84

    checked = [
        _told(_check_shape, geometry, number, problems) for geometry, number in zip(geometries, numbers, strict=True)
    ]
    vertices = int(sum(shapely.get_num_coordinates(np.array(checked, dtype=object)))) if checked else 0
    if vertices > limits.MAX_FILE_VERTICES:
        limits.refuse("geometry_too_many_vertices", limit=limits.MAX_FILE_VERTICES)
    if crs is not None and checked:
        checked = list(to_wgs84(np.array(checked, dtype=object), crs))
    return [_told(_check_place, geometry, number, problems) for geometry, number in zip(checked, numbers, strict=True)]


def _told(check: Any, geometry: BaseGeometry | None, number: int, problems: list[RowProblem]) -> BaseGeometry | None:
    if geometry is None:
        return None
    try:
        geometry, warning = check(geometry)
    except GeometryError as error:
        problems.append(RowProblem(number, None, None, error.code, "error", error.params))
        return None
    if warning:
        problems.append(RowProblem(number, None, None, "geometry_repaired", "warning", {"reason": warning}))
    return geometry


def _check_shape(geometry: BaseGeometry) -> tuple[BaseGeometry, str | None]:
    if geometry.is_empty:
        raise GeometryError("geometry_empty")
    if shapely.get_num_coordinates(geometry) > limits.MAX_FEATURE_VERTICES:
        raise GeometryError("geometry_too_many_vertices", limit=limits.MAX_FEATURE_VERTICES)
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        raise GeometryError("coordinates_not_finite")
    if geometry.is_valid:
        return geometry, None
    reason = shapely.is_valid_reason(geometry).partition("[")[0].strip()
    if shapely.get_dimensions(geometry) < 2 or "Self-intersection" not in reason:
        raise GeometryError("geometry_invalid", reason=reason)
    repaired = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    if repaired.is_empty or abs(repaired.area - geometry.area) > REPAIR_TOLERANCE * repaired.area:
        raise GeometryError("geometry_invalid", reason=reason)
    return repaired, reason


def _check_place(geometry: BaseGeometry) -> tuple[BaseGeometry, None]:
    west, south, east, north = geometry.bounds
    if not np.isfinite([west, south, east, north]).all() or not (
        west >= -180 and east <= 180 and south >= -90 and north <= 90
    ):
        raise GeometryError("coordinates_out_of_range")
    if east - west >= HALF_WORLD_DEGREES[0] or north - south >= HALF_WORLD_DEGREES[1]:
        raise GeometryError("geometry_too_large")
    return geometry, None
