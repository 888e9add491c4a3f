"""GeoPackage: the layer, its QGIS style, and tables that say what it is; opens styled in QGIS."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from app.exports.document import ListDocument
from app.exports.exporter import Exporter
from app.exports.formats.qgis_style import style_qml
from app.i18n.marks import N_

LAYER = "schools"

STYLES = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))
"""
REGISTER = "INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES (?, 'attributes', ?, ?)"


def write(document: ListDocument, path: Path) -> None:
    """Write the layer through Arrow, then style and descriptions."""
    import pyarrow as pa
    import pyogrio

    from app.exports.arrow import CRS, GEOMETRY, read_batches

    schema, batches = read_batches(document)
    pyogrio.write_arrow(
        pa.RecordBatchReader.from_batches(schema, batches),
        path,
        layer=LAYER,
        driver="GPKG",
        geometry_name=GEOMETRY,
        geometry_type="Point",
        crs=CRS,
        layer_metadata={key: value for key, _label, value in document.about()},
        layer_options={"DESCRIPTION": _description(document), "SPATIAL_INDEX": "YES"},
    )
    with closing(sqlite3.connect(path)) as base, base:
        _add_tables(base, document)


def _description(document: ListDocument) -> str:
    return "; ".join(f"{label}: {value}" for _key, label, value in document.about())


def _add_tables(base: sqlite3.Connection, document: ListDocument) -> None:
    say = document.translate
    base.execute(STYLES)
    base.execute(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
        "styleQML, useAsDefault, description) VALUES ('', '', ?, 'geom', ?, ?, 1, ?)",
        (LAYER, say(N_("Grade")), style_qml(say), say(N_("Schools by grade: shape and colour"))),
    )
    base.execute("CREATE TABLE about (key TEXT, label TEXT, value TEXT)")
    base.executemany("INSERT INTO about VALUES (?, ?, ?)", document.about())
    base.execute("CREATE TABLE about_columns (key TEXT, label TEXT, meaning TEXT, unit TEXT)")
    base.executemany(
        "INSERT INTO about_columns VALUES (?, ?, ?, ?)",
        [
            (column.key, say(column.label), say(column.description), say(column.unit) if column.unit else None)
            for column in document.columns
        ],
    )
    base.execute("CREATE TABLE about_sources (source TEXT, publisher TEXT, licence TEXT)")
    base.executemany("INSERT INTO about_sources VALUES (?, ?, ?)", document.source_words())
    base.execute(REGISTER, ("layer_styles", "layer_styles", ""))
    base.execute(REGISTER, ("about", "about", say(N_("About this file"))))
    base.execute(REGISTER, ("about_columns", "about_columns", say(N_("Columns"))))
    base.execute(REGISTER, ("about_sources", "about_sources", say(N_("Sources and licences"))))


EXPORTER = Exporter("gpkg", N_("Map layer for QGIS (GeoPackage)"), "application/geopackage+sqlite3", write, order=4)
