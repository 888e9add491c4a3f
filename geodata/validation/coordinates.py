"""Places of rows: from geometries or from columns of coordinates; nothing is guessed, the swap is offered."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geodata.validation.country import lies_inside
from geodata.validation.mapping import heading_words
from geodata.validation.numbers import plain_floats, read_number
from geodata.validation.sheet import Fault, Reading, Sheet

if TYPE_CHECKING:
    from geodata.records.table import RawTable

DEGREES = re.compile(
    r"""([NSEWСЮВЗ]?)\s*(\d{1,3})\s*[°º˚d]\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*['’′‘m]\s*)?"""
    r"""(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:["”″“]|''|s)?\s*)?([NSEWСЮВЗ]?)""",
    re.IGNORECASE,
)
DECIMAL = r"[+-]?\d{1,3}(?:\.\d+)?"
PAIR = re.compile(
    rf"(?P<wkt>POINT\s*\(\s*)?(?P<a>{DECIMAL})\s*[,; ]\s*(?P<b>{DECIMAL})(?:[ ,;]+[\d.]+)*\s*\)?", re.IGNORECASE
)
COMMA_PAIR = re.compile(r"(?P<a>[+-]?\d{1,3}(?:,\d+)?)(?:\s*;\s*|,?\s+)(?P<b>[+-]?\d{1,3},\d+)")
"""Decimal commas: "42,0005 73,1507", "42,0005, 73,1507" or "42,0005; 73,1507"; a blank or ";" parts the numbers."""
LEAST_METRES = 1_000.0
"""Numbers below are no metres of a projection in this country: they are degrees out of range."""
REPEATED = 3


def read_coordinate(text: str) -> Reading:
    """Return degrees; degrees, minutes and seconds are converted and told; metres and words are refused."""
    number = read_number(text)
    if number.value is None:
        if found := DEGREES.fullmatch(text):
            return _from_degrees(*found.groups())
        return None, Fault(number.code or "number_invalid")
    if abs(number.value) > 180:
        return None, Fault(_out_of_range(number.value))
    return number.value, Fault(number.code, "warning", {"read": repr(number.value)}) if number.code else None


def _out_of_range(value: float) -> str:
    return "coordinates_metres" if abs(value) >= LEAST_METRES else "coordinates_out_of_range"


def _from_degrees(before: str, degrees: str, minutes: str | None, seconds: str | None, after: str) -> Reading:
    parts = [float((part or "0").replace(",", ".")) for part in (degrees, minutes, seconds)]
    if parts[1] >= 60 or parts[2] >= 60:
        return None, Fault("number_invalid")
    value = parts[0] + parts[1] / 60 + parts[2] / 3600
    if (before or after).upper() in ("S", "W", "Ю", "З"):
        value = -value
    return round(value, 7), Fault("coordinates_degrees", "warning", {"read": format(value, ".6f")})


def read_places(sheet: Sheet, tell_repeated: bool = True) -> list[Any]:
    """Return a shapely Point (EPSG:4326) or None per row; rows with a wrong place are refused."""
    if sheet.table.has_geometry:
        lon, lat = _from_geometries(sheet)
        name = None
    elif "coordinates" in sheet and not ("lat" in sheet and "lon" in sheet):
        lon, lat = _from_pairs(sheet)
        name = "coordinates"
    else:
        lon, lat = _from_columns(sheet)
        name = "lat"
    inside = lies_inside(lon, lat, sheet.context.country)
    for at in np.flatnonzero(~np.isnan(lon) & ~inside).tolist():
        _tell_outside(sheet, at, float(lon[at]), float(lat[at]), name)
    if tell_repeated:
        _tell_repeated(sheet, lon, lat)
    points: list[Any] = [None] * len(sheet)
    there = np.flatnonzero(inside)
    made = shapely.points(lon[there], lat[there])
    for where, point in zip(there.tolist(), made.tolist(), strict=True):
        points[where] = point
    return points


def _tell_outside(sheet: Sheet, at: int, lon: float, lat: float, name: str | None) -> None:
    shown = f"{lat:.6g}, {lon:.6g}"
    if lon == 0 and lat == 0:
        sheet.tell(at, name, shown, "coordinates_zero")
    elif lies_inside(np.array([lat]), np.array([lon]), sheet.context.country)[0]:
        sheet.tell(at, name, shown, "coordinates_swapped", swapped=f"{lon:.6g}, {lat:.6g}")
    elif abs(lat) > 90 or abs(lon) > 180:
        sheet.tell(at, name, shown, _out_of_range(max(abs(lat), abs(lon))))
    else:
        sheet.tell(at, name, shown, "coordinates_abroad")


def _from_columns(sheet: Sheet) -> tuple[Any, Any]:
    lat, lon = _degrees(sheet, "lat"), _degrees(sheet, "lon")
    lats, lons = (np.array(values, dtype=float) for values in (lat, lon))
    half = np.flatnonzero(np.isnan(lats) != np.isnan(lons))
    for at in half.tolist():
        if at not in sheet.bad:
            missing = "lat" if np.isnan(lats[at]) else "lon"
            sheet.tell(at, missing, None, "coordinate_half")
    lats[half] = lons[half] = np.nan
    return lons, lats


def _degrees(sheet: Sheet, name: str) -> list[float | None]:
    values = plain_floats(sheet.cells(name)) if name in sheet else None
    if values is not None and max(values) <= 180 and min(values) >= -180:
        return list(values)
    return sheet.read(name, read_coordinate)


def _from_pairs(sheet: Sheet) -> tuple[Any, Any]:
    def read(text: str) -> Reading:
        if commas := COMMA_PAIR.fullmatch(text):
            first, second = (float(commas[name].replace(",", ".")) for name in "ab")
            return (second, first), Fault("number_comma", "warning", {"read": f"{first!r}, {second!r}"})
        found = PAIR.fullmatch(text)
        if found is None:
            return None, Fault("coordinates_unreadable")
        first, second = float(found["a"]), float(found["b"])
        return ((first, second) if found["wkt"] else (second, first)), None

    pairs = sheet.read("coordinates", read)
    found = np.array([(np.nan, np.nan) if pair is None else pair for pair in pairs], dtype=float).reshape(-1, 2)
    return found[:, 0].copy(), found[:, 1].copy()


def excuse_unknown_places(table: RawTable) -> RawTable:
    """Return the table without the reader's word on missing geometries where columns state that the place is unknown.

    A file of features may carry coordinates a second time, as our own exports do: where both columns are empty too,
    the place is unknown and no shape was lost.
    """
    at = [index for index, column in enumerate(table.columns) if heading_words(column) in ("lat", "lon")]
    if not table.has_geometry or len(at) != 2:
        return table
    placeless = {row.number for row in table.rows if row.geometry is None and not any(row.cells[one] for one in at)}
    kept = [one for one in table.problems if not (one.code == "geometry_missing" and one.row in placeless)]
    return replace(table, problems=kept)


def _from_geometries(sheet: Sheet) -> tuple[Any, Any]:
    """Points as they are; an outline gives a point within it, told once; lines are no place."""
    shapes = np.array([row.geometry for row in sheet.table.rows], dtype=object)
    dimensions = shapely.get_dimensions(shapes)
    outlines = int((dimensions == 2).sum())
    for at in np.flatnonzero(dimensions == 1).tolist():
        sheet.tell(at, None, None, "geometry_wrong_type", expected="Point", found=shapes[at].geom_type)
    if outlines:
        sheet.tell_file("outlines_to_points", count=outlines)
    if len(shapes):
        many = (shapely.get_type_id(shapes) > 0) & (dimensions != 1)
        shapes[many] = shapely.point_on_surface(shapes[many])
    usable = [shape if shape is not None and shape.geom_type == "Point" else None for shape in shapes]
    points = np.array(usable, dtype=object)
    return (shapely.get_x(points), shapely.get_y(points)) if len(points) else (np.empty(0), np.empty(0))


def _tell_repeated(sheet: Sheet, lon: Any, lat: Any) -> None:
    """Many schools at one point: a copied cell or a place-holder, told once with the rows."""
    known = ~np.isnan(lon)
    if known.sum() < REPEATED:
        return
    pairs, index, counts = np.unique(
        np.column_stack([lon[known], lat[known]]), axis=0, return_inverse=True, return_counts=True
    )
    positions = np.flatnonzero(known)
    for which in np.flatnonzero(counts >= REPEATED)[:20].tolist():
        rows = [str(sheet.numbers[at]) for at in positions[np.ravel(index) == which][:12].tolist()]
        sheet.tell_file(
            "coordinates_repeated",
            "warning",
            place=f"{pairs[which][1]:.6g}, {pairs[which][0]:.6g}",
            count=int(counts[which]),
            rows=", ".join(rows),
        )
