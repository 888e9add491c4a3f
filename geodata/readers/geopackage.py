"""GeoPackage read as plain SQLite: immutable, nothing of the file's own code ever runs."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.crs import parse_crs
from geodata.readers.features import Features
from geodata.readers.geometry import GeometryError, from_wkb
from geodata.readers.limits import MAX_CELL_CHARACTERS, file_problem, refuse

if TYPE_CHECKING:
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

SAFE_NAME = re.compile(r"[^\W][\w .()\-№]*", re.UNICODE)
QUERY_SECONDS = 60
STEPS = 100_000
MAX_BLOB = 200_000_000
ENVELOPE_BYTES = (0, 32, 48, 48, 64)
ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})


def read_geopackage(path: Path, layer: str | None = None) -> tuple[Features, CRS]:
    """Return the features of one layer and its CRS.

    Raises:
        FileRefusedError: Plain SQLite, damaged pages, hostile layer names, views, unknown CRS.
    """
    with _open(path) as connection:
        try:
            tables = {row[0]: row[1] for row in connection.execute("SELECT name, type FROM sqlite_master")}
            if "gpkg_contents" not in tables or "gpkg_geometry_columns" not in tables:
                refuse("geopackage_plain_sqlite")
            features = Features()
            name, column, crs = _choose_layer(connection, layer, tables, features)
            _read_rows(connection, name, column, features)
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                refuse("too_slow", seconds=QUERY_SECONDS)
            refuse("geopackage_damaged")
        except (sqlite3.Error, UnicodeDecodeError, OverflowError):
            refuse("geopackage_damaged")
    return features, crs


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    """Open immutable and read-only: no journal is replayed, no trigger fires, only SELECT is obeyed."""
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(address, uri=True)
    except sqlite3.Error:
        refuse("geopackage_damaged")
    deadline = time.monotonic() + QUERY_SECONDS
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_BLOB)
        connection.set_authorizer(_authorise)
        connection.set_progress_handler(lambda: time.monotonic() > deadline, STEPS)
        yield connection
    except sqlite3.DatabaseError:
        refuse("geopackage_damaged")
    finally:
        connection.close()


def _authorise(action: int, *_: Any) -> int:
    return sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY


def _choose_layer(
    connection: sqlite3.Connection, wanted: str | None, tables: dict[str, str], features: Features
) -> tuple[str, str, CRS]:
    found = connection.execute(
        "SELECT c.table_name, g.column_name, g.srs_id FROM gpkg_contents AS c"
        " JOIN gpkg_geometry_columns AS g ON g.table_name = c.table_name"
        " WHERE c.data_type = 'features' ORDER BY c.rowid LIMIT 200"
    ).fetchall()
    names = [str(name) for name, _, _ in found]
    if not found:
        refuse("geopackage_plain_sqlite")
    for name in names:
        if not SAFE_NAME.fullmatch(name) or len(name) > 100 or name not in tables:
            refuse("layer_name_refused", layer=name[:100])
    if wanted is not None and wanted not in names:
        refuse("layer_missing", layer=wanted[:100], layers=", ".join(names))
    name, column, srs_id = next(row for row in found if wanted in (None, row[0]))
    if tables[name] != "table":
        refuse("layer_is_view", layer=name)
    features.layers = tuple(names)
    if len(names) > 1 and wanted is None:
        others = ", ".join(other for other in names if other != name)
        features.problems.append(file_problem("layers_other", layers=others, used=name))
    return name, str(column), _crs(connection, srs_id)


def _crs(connection: sqlite3.Connection, srs_id: Any) -> CRS:
    row = connection.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
        (srs_id,),
    ).fetchone()
    if row is None or srs_id in (0, -1):
        refuse("crs_missing")
    organisation, number, definition = row
    crs = parse_crs(f"EPSG:{int(number)}") if str(organisation).upper() == "EPSG" else None
    if crs is None and definition and str(definition).lower() != "undefined" and len(str(definition)) < 20_000:
        crs = parse_crs(str(definition))
    if crs is None:
        refuse("crs_unknown", crs=f"{organisation}:{number}"[:80])
    return crs


def _read_rows(connection: sqlite3.Connection, name: str, column: str, features: Features) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    cursor = connection.execute(f"SELECT * FROM {quoted}")  # noqa: S608  the name passed SAFE_NAME and is quoted
    names = [description[0] for description in cursor.description]
    if column not in names:
        refuse("geopackage_damaged")
    at = names.index(column)
    for number, row in enumerate(cursor, start=1):
        geometry = None
        try:
            geometry = _geometry(row[at])
        except GeometryError as error:
            features.tell(number, error.code, error.params)
        properties = {
            name: value[:MAX_CELL_CHARACTERS] if isinstance(value, bytes) else value
            for index, (name, value) in enumerate(zip(names, row, strict=True))
            if index != at
        }
        features.add(properties, geometry, number)


def _geometry(blob: Any) -> BaseGeometry:
    """Return the geometry of a GeoPackage blob: two letters, version, flags, SRS, envelope, WKB."""
    if blob is None:
        raise GeometryError("geometry_missing")
    if not isinstance(blob, bytes) or len(blob) == 0:
        raise GeometryError("geometry_empty")
    if len(blob) < 13 or blob[:2] != b"GP":
        raise GeometryError("geometry_damaged")
    flags = blob[3]
    if flags & 0x10:
        raise GeometryError("geometry_empty")
    envelope = (flags >> 1) & 0x07
    if envelope >= len(ENVELOPE_BYTES):
        raise GeometryError("geometry_damaged")
    return from_wkb(blob[8 + ENVELOPE_BYTES[envelope] :])
