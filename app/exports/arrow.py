"""The list as Arrow record batches with a point in each row; memory stays at a few batches."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.exports.document import BlockReader, ListDocument

if TYPE_CHECKING:
    import pyarrow as pa

GEOMETRY = "geom"
BLOCK_BYTES = 4 * 1024 * 1024
CRS = "EPSG:4326"
WKB_POINT = [("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")]
"""A point as well-known binary, little-endian, without padding: 21 bytes."""


def _types(document: ListDocument) -> dict[str, Any]:
    import pyarrow as pa

    of_kind = {
        "integer": pa.int32(),
        "money": pa.int64(),
        "decimal": pa.float64(),
        "share": pa.float64(),
        "degrees": pa.float64(),
        "boolean": pa.bool_(),
    }
    return {column.key: of_kind.get(column.kind, pa.string()) for column in document.columns}


def _with_points(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    import numpy as np
    import pyarrow as pa

    lon = batch.column("lon").to_numpy(zero_copy_only=False)
    lat = batch.column("lat").to_numpy(zero_copy_only=False)
    known = ~(np.isnan(lon) | np.isnan(lat))
    points = np.empty(len(lon), dtype=WKB_POINT)
    points["order"], points["kind"], points["x"], points["y"] = 1, 1, lon, lat
    buffers = [pa.array(known).buffers()[1], pa.py_buffer(points.tobytes())]
    found = pa.Array.from_buffers(pa.binary(points.itemsize), len(lon), buffers).cast(pa.binary())
    return pa.RecordBatch.from_arrays([*batch.columns, found], schema=schema)


def read_batches(document: ListDocument) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """Return the schema and the rows; the last column is the point as WKB (null = place unknown)."""
    import pyarrow as pa
    from pyarrow import csv

    types = _types(document)
    geometry = pa.field(
        GEOMETRY, pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb", "ARROW:extension:metadata": "{}"}
    )
    schema = pa.schema([*(pa.field(key, kind) for key, kind in types.items()), geometry])

    def batches() -> Iterator[pa.RecordBatch]:
        if not document.count:
            return
        reader = csv.open_csv(
            io.BufferedReader(BlockReader(document.lines(False, False)), 1024 * 1024),
            read_options=csv.ReadOptions(column_names=list(types), block_size=BLOCK_BYTES),
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types=types, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True
            ),
        )
        done = 0
        for batch in reader:
            done += batch.num_rows
            document.report(min(1.0, done / document.count))
            yield _with_points(batch, schema)

    return schema, batches()
