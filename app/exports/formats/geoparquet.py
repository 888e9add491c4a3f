"""GeoParquet 1.1: the list for analysts, with what it is in the file's own metadata."""

from __future__ import annotations

import json
from pathlib import Path

from app.exports.document import ListDocument
from app.exports.exporter import Exporter
from app.i18n.marks import N_


def write(document: ListDocument, path: Path) -> None:
    """Write batch by batch; coordinates are longitude, latitude (OGC:CRS84, GeoParquet's default)."""
    from pyarrow import parquet

    from app.exports.arrow import GEOMETRY, read_batches
    from app.exports.formats.geojson import metadata

    schema, batches = read_batches(document)
    geo = {
        "version": "1.1.0",
        "primary_column": GEOMETRY,
        "columns": {GEOMETRY: {"encoding": "WKB", "geometry_types": ["Point"]}},
    }
    plain = schema.set(len(schema) - 1, schema.field(GEOMETRY).remove_metadata())
    plain = plain.with_metadata(
        {"geo": json.dumps(geo), "koopsuz_mektep": json.dumps(metadata(document), ensure_ascii=False)}
    )
    with parquet.ParquetWriter(path, plain, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch.cast(plain), row_group_size=50_000)


EXPORTER = Exporter("parquet", N_("Table for analysts (GeoParquet)"), "application/vnd.apache.parquet", write, order=7)
