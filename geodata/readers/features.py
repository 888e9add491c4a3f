"""Features to a raw table: properties of any kind as text, columns in order of first appearance."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from geodata.readers import limits
from geodata.readers.cells import HOSTILE_NAMES, check_headings, check_text
from geodata.readers.geometry import check_geometries
from geodata.readers.limits import file_problem, refuse
from geodata.records.table import RawRow, RawTable, RowProblem

if TYPE_CHECKING:
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry


@dataclass(slots=True)
class Features:
    """What a vector reader collects; numbers count features from 1, in the file's order."""

    numbers: list[int] = field(default_factory=list)
    properties: list[dict[str, Any]] = field(default_factory=list)
    geometries: list[BaseGeometry | None] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    layers: tuple[str, ...] = ()
    encoding: str | None = "utf-8"

    def add(self, properties: dict[str, Any], geometry: BaseGeometry | None, number: int) -> None:
        """Take one feature; ``geometry`` None means that its problem has been told."""
        if len(self.numbers) >= limits.MAX_ROWS:
            refuse("too_many_rows", limit=limits.MAX_ROWS)
        self.numbers.append(number)
        self.properties.append(properties)
        self.geometries.append(geometry)

    def tell(self, number: int, code: str, params: dict[str, object] | None = None) -> None:
        """Say what is wrong with one feature."""
        self.problems.append(RowProblem(number, None, None, code, "error", params or {}))


def make_table(features: Features, crs: CRS | None) -> RawTable:
    """Return the raw table; coordinates in another CRS are moved to EPSG:4326 and that is told."""
    from geodata.crs import WGS84, is_wgs84, name_crs, srid_of

    srid: int | None = WGS84
    if crs is not None:
        srid = srid_of(crs)
        if is_wgs84(crs):
            crs = None
        else:
            features.problems.append(file_problem("reprojected", crs=name_crs(crs)))
    geometries = check_geometries(features.geometries, features.numbers, crs, features.problems)
    columns: dict[str, None] = {}
    for properties in features.properties:
        columns.update(dict.fromkeys(properties))
        if len(columns) > limits.MAX_COLUMNS:
            refuse("too_many_columns", limit=limits.MAX_COLUMNS, found=len(columns))
    for name in HOSTILE_NAMES & columns.keys():
        del columns[name]
        features.problems.append(file_problem("column_name_refused", column=name))
    if len(columns) < 2_000:
        check_headings([name for name in columns if name.strip()])
    names = tuple(columns)
    rows = [
        RawRow(number, _cells(properties, names, number, features.problems), geometry)
        for number, properties, geometry in zip(features.numbers, features.properties, geometries, strict=True)
    ]
    if not rows:
        features.problems.append(file_problem("file_missing_rows", "warning"))
    return RawTable(
        names,
        rows,
        features.problems,
        layers=features.layers,
        encoding=features.encoding,
        srid=srid,
        has_geometry=True,
    )


def _cells(
    properties: dict[str, Any], names: tuple[str, ...], number: int, problems: list[RowProblem]
) -> tuple[str | None, ...]:
    found: list[str | None] = []
    for name in names:
        text = value_text(properties.get(name))
        if text is not None and (not text.isascii() or "?" in text or "\x00" in text or len(text) > 1_000):
            text, problem = check_text(text, number, name)
            if problem is not None:
                problems.append(problem)
        found.append(text or None)
    return tuple(found)


def value_text(value: Any) -> str | None:
    """Return a property as unambiguous text: no ".0", dates in ISO form, lists and objects as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value != value:
            return None
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
