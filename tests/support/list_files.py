"""Read a file of the list back into rows of plain values, as a stranger would, with other libraries than ours."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.exports.columns import COLUMNS, values_of
from app.i18n.catalogue import translator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from app.exports.column import Column
    from geodata.records.priority import PriorityRow

    Rows = list[dict[str, Any]]

NUMBERS = ("decimal", "share", "degrees")


def expected_rows(rows: Iterable[PriorityRow], places: Mapping[str, str]) -> Rows:
    """Return what every file must hold; an empty name is a name nobody knows."""
    return [{key: value if value != "" else None for key, value in values_of(row, places).items()} for row in rows]


def read_csv(path: Path, language: str, columns: tuple[Column, ...] = COLUMNS) -> Rows:
    """Read the guarded CSV; the apostrophe before a formula is taken away again."""
    keys = [column.key for column in columns]
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "no byte order mark"
    lines = list(csv.reader(io.StringIO(content[3:].decode("utf-8"), newline=""), strict=True))
    assert lines[0][: len(keys)] == keys
    return [_typed([_unguarded(cell) for cell in line[: len(keys)]], columns) for line in lines[1:]]


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") else cell


def _typed(cells: list[str], columns: tuple[Column, ...]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=True):
        value: Any = cell or None
        if cell and column.kind in ("integer", "money"):
            value = int(cell)
        elif cell and column.kind in NUMBERS:
            value = float(cell)
        elif cell and column.kind == "boolean":
            value = {"true": True, "false": False}[cell]
        row[column.key] = value
    return row


def read_xlsx(path: Path, language: str, columns: tuple[Column, ...] = COLUMNS) -> Rows:
    """Read the first sheet; words of choices are turned back into codes."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    assert {sheet.sheet_state for sheet in book.worksheets} == {"visible"}
    assert len(book.worksheets) in (4, 5), "the list, filter, formula where the run states one, columns, sources"
    sheet = book.worksheets[0]
    say = translator(language)
    assert [cell.value for cell in sheet[1]] == [say(column.label) for column in columns]
    found = []
    for cells in sheet.iter_rows(min_row=2):
        row: dict[str, Any] = {}
        for column, cell in zip(columns, cells, strict=True):
            assert cell.data_type != "f", f"a formula in {column.key}"
            assert cell.hyperlink is None
            assert cell.comment is None
            row[column.key] = _from_sheet(column, cell.value, say)
        found.append(row)
    return found


def _from_sheet(column: Any, value: Any, say: Callable[[str], str]) -> Any:
    if column.choices is not None:
        codes = {say("Unknown"): None} | {say(word): code for code, word in column.choices.items()}
        code = codes[value]
        return None if column.key == "grade" and code == "unknown" else code
    if isinstance(value, datetime):
        return value.date().isoformat()
    if column.kind in NUMBERS and value is not None:
        return float(value)
    return value


def read_geojson(path: Path, language: str, columns: tuple[Column, ...] = COLUMNS) -> Rows:
    """Read the properties; the point must be the columns lon and lat."""
    body = json.loads(path.read_text(encoding="utf-8"))
    assert body["type"] == "FeatureCollection"
    for feature in body["features"]:
        place = feature["geometry"] and feature["geometry"]["coordinates"]
        properties = feature["properties"]
        assert place == (None if properties["lon"] is None else [properties["lon"], properties["lat"]])
    return [feature["properties"] for feature in body["features"]]


def read_layer(path: Path, language: str, columns: tuple[Column, ...] = COLUMNS) -> Rows:
    """Read a GeoPackage with GDAL."""
    import pyogrio
    import shapely

    meta, table = pyogrio.read_arrow(path, layer="schools")
    assert meta["crs"] == "EPSG:4326"
    return _from_arrow(table, meta["geometry_name"], shapely)


def read_parquet(path: Path, language: str, columns: tuple[Column, ...] = COLUMNS) -> Rows:
    """Read a GeoParquet file with pyarrow."""
    import shapely
    from pyarrow import parquet

    return _from_arrow(parquet.read_table(path), "geom", shapely)


def _from_arrow(table: Any, geometry: str, shapely: Any) -> Rows:
    found = []
    for row in table.to_pylist():
        point = shapely.from_wkb(row.pop(geometry))
        assert (point is None) == (row["lon"] is None)
        if point is not None:
            assert (point.x, point.y) == (row["lon"], row["lat"])
        row.pop("fid", None)
        found.append({key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()})
    return found


READERS: dict[str, Callable[..., Rows]] = {
    "csv": read_csv,
    "xlsx": read_xlsx,
    "geojson": read_geojson,
    "gpkg": read_layer,
    "parquet": read_parquet,
}
"""Formats that hold every column, and how to read them back."""
