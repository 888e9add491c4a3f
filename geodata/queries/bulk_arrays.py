"""Whole result sets as numpy arrays and back, by PostgreSQL's binary COPY: no Python loop over rows."""

from __future__ import annotations

import hashlib
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

BIG_ENDIAN = {"int8": ">i8", "int4": ">i4", "int2": ">i2", "float8": ">f8"}
HEADER = b"PGCOPY\n\xff\r\n\x00" + struct.pack(">ii", 0, 0)
TRAILER = struct.pack(">h", -1)
BLOCK = 50_000


def _layout(columns: Mapping[str, str]) -> np.dtype:
    """Return the layout of one row of binary COPY: a count, then for each field its length and value."""
    fields: list[tuple[str, str]] = [("_count", ">i2")]
    for name, kind in columns.items():
        fields += [(f"_length_{name}", ">i4"), (name, BIG_ENDIAN[kind])]
    return np.dtype(fields)


def _cursor(session: Session) -> Any:
    connection = session.connection().connection.driver_connection
    assert connection is not None
    return connection.cursor()


def read_arrays(
    session: Session, query: str, columns: Mapping[str, str], parameters: Mapping[str, Any] | None = None
) -> dict[str, NDArray[Any]]:
    """Return the columns of ``query`` as arrays, in its order of rows.

    ``columns`` names each column's type (int8, int4, int2, float8), in the query's order. No value may be
    NULL (write NaN or a stand-in): a row of another length is refused. ``parameters`` fill ``%(name)s``.
    """
    layout = _layout(columns)
    statement = f"COPY ({query}) TO STDOUT (FORMAT BINARY)"
    with _cursor(session) as cursor, cursor.copy(statement, parameters) as copy:
        content = b"".join(bytes(part) for part in copy)
    body = memoryview(content)[len(HEADER) : -len(TRAILER)]
    if len(body) % layout.itemsize:
        raise ValueError("a column of the query is NULL or of another type than stated")
    rows = np.frombuffer(body, dtype=layout)
    if len(rows) and not (rows["_count"] == len(columns)).all():
        raise ValueError("a column of the query is NULL or of another type than stated")
    return {name: rows[name].astype(np.dtype(BIG_ENDIAN[kind]).newbyteorder("=")) for name, kind in columns.items()}


def hash_rows(session: Session, query: str, parameters: Mapping[str, Any] | None = None) -> str:
    """Return the SHA-256 of ``query`` as CSV (PostgreSQL's text of each value, NULL empty), in its order of rows."""
    digest = hashlib.sha256()
    with _cursor(session) as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT CSV, HEADER)", parameters) as copy:
        for part in copy:
            digest.update(part)
    return digest.hexdigest()


def stage_arrays(session: Session, table: str, columns: Mapping[str, tuple[str, NDArray[Any]]]) -> None:
    """Make the temporary table ``table`` (dropped at the end of the transaction) from arrays of equal length.

    ``columns``: name -> (type, values). NaN is written as NaN; readers turn it into NULL.
    """
    kinds = {name: kind for name, (kind, _) in columns.items()}
    layout = _layout(kinds)
    total = len(next(iter(columns.values()))[1])
    fields = sql.SQL(", ").join(
        sql.SQL("{} {} NOT NULL").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in kinds.items()
    )
    name = sql.Identifier(table)
    with _cursor(session) as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(name))
        cursor.execute(sql.SQL("CREATE TEMP TABLE {} ({}) ON COMMIT DROP").format(name, fields))
        with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(name)) as copy:
            copy.write(HEADER)
            for start in range(0, total, BLOCK):
                stop = min(start + BLOCK, total)
                rows = np.empty(stop - start, dtype=layout)
                rows["_count"] = len(kinds)
                for column, (kind, values) in columns.items():
                    rows[f"_length_{column}"] = np.dtype(BIG_ENDIAN[kind]).itemsize
                    rows[column] = values[start:stop]
                copy.write(rows.tobytes())
            copy.write(TRAILER)
        cursor.execute(sql.SQL("ANALYZE {}").format(name))
