"""Whole result sets as numpy arrays and back, in PostgreSQL's binary forms: no Python loop over rows."""

from __future__ import annotations

import hashlib
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
from psycopg import sql

from geodata.errors import GeodataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

BIG_ENDIAN = {"int8": ">i8", "int4": ">i4", "int2": ">i2", "float8": ">f8"}
HEADER = b"PGCOPY\n\xff\r\n\x00" + struct.pack(">ii", 0, 0)
TRAILER = struct.pack(">h", -1)
BLOCK = 50_000
PACKED = 20_000
"""Rows that PostgreSQL packs into one value."""


IN_ORDER = sql.SQL("""
    SELECT string_agg(packed, ''::bytea ORDER BY number), count(*)
    FROM (
        SELECT {packed} AS packed, row_number() OVER () AS number FROM ({query}) AS found ({names})
    ) AS numbered
    GROUP BY (number - 1) / {size}
    ORDER BY (number - 1) / {size}
""")
IN_ANY_ORDER = sql.SQL("""
    SELECT string_agg({packed}, ''::bytea), count(*) FROM ({query}) AS found ({names}) GROUP BY {first} %% 64
""")


class NullInColumnError(GeodataError):
    """A query for arrays returned NULL, which an array of numbers cannot hold."""


def _layout(columns: Mapping[str, str]) -> np.dtype:
    """Return the layout of one row of binary COPY: a count, then for each field its length and value."""
    fields: list[tuple[str, str]] = [("_count", ">i2")]
    for name, kind in columns.items():
        fields += [(f"_length_{name}", ">i4"), (name, BIG_ENDIAN[kind])]
    return np.dtype(fields)


def _cursor(session: Session, *, binary: bool = False) -> Any:
    connection = session.connection().connection.driver_connection
    assert connection is not None
    return connection.cursor(binary=binary)


def read_arrays(
    session: Session,
    query: str,
    columns: Mapping[str, str],
    parameters: Mapping[str, Any] | None = None,
    *,
    in_order: bool = True,
) -> dict[str, NDArray[Any]]:
    """Return the columns of ``query`` as arrays, in its order of rows (or, quicker, in any).

    PostgreSQL packs the rows, ``PACKED`` of them to a value, so that Python handles values and not rows.

    Args:
        query: Our own text; ``parameters`` fill its ``%(name)s``.
        columns: Each column's type (int8, int4, int2, float8), in the query's order.

    Raises:
        NullInColumnError: A value is NULL; queries write NaN or a stand-in.
    """
    names = [sql.Identifier(name) for name in columns]
    sends = [
        sql.SQL("{}({}::{})").format(sql.SQL(f"{kind}send"), name, sql.SQL(kind))
        for name, kind in zip(names, columns.values(), strict=True)
    ]
    statement = (IN_ORDER if in_order else IN_ANY_ORDER).format(
        packed=sql.SQL(" || ").join(sends),
        query=sql.SQL(query),
        names=sql.SQL(", ").join(names),
        first=names[0],
        size=sql.Literal(PACKED),
    )
    with _cursor(session, binary=True) as cursor:
        parts = cursor.execute(statement, parameters or {}).fetchall()
    layout = np.dtype([(name, BIG_ENDIAN[kind]) for name, kind in columns.items()])
    content = b"".join(packed or b"" for packed, _ in parts)
    if len(content) != layout.itemsize * sum(count for _, count in parts):
        raise NullInColumnError(f"one of {', '.join(columns)} is NULL")
    rows = np.frombuffer(content, dtype=layout)
    return {name: rows[name].astype(layout[name].newbyteorder("=")) for name in columns}


ARRAY_HEADER = 20
"""Bytes before the first element of a one-dimensional array in binary form."""


def read_aggregates(
    session: Session, query: str, columns: Mapping[str, str], parameters: Mapping[str, Any] | None = None
) -> dict[str, NDArray[Any]]:
    """Return the arrays of a query of one row, each column an ``array_agg`` of numbers that are not NULL.

    Columns of one scan that nobody sorts or packs: a third of the work of ``read_arrays``. An aggregate over nothing is
    empty. PostgreSQL holds at most 1 GB of a value, about 80 million numbers.

    Args:
        query: Our own text; ``parameters`` fill its ``%(name)s``.
        columns: Each column's type (int8, int4, int2, float8), in the query's order.
    """
    with _cursor(session, binary=True) as cursor:
        cursor.execute(query, parameters or {})
        values = [cursor.pgresult.get_value(0, place) for place in range(len(columns))]
    return {name: _unpack(value, BIG_ENDIAN[kind]) for (name, kind), value in zip(columns.items(), values, strict=True)}


def _unpack(value: bytes | None, kind: str) -> NDArray[Any]:
    """Return the elements of an array in binary form: after the header, each behind its length."""
    layout = np.dtype([("length", ">i4"), ("value", kind)])
    found = np.frombuffer(value[ARRAY_HEADER:] if value else b"", dtype=layout)["value"]
    return found.astype(found.dtype.newbyteorder("="))


def hash_rows(session: Session, query: str, parameters: Mapping[str, Any] | None = None) -> str:
    """Return the SHA-256 of ``query`` as CSV (PostgreSQL's text of each value, NULL empty), in its order of rows."""
    digest = hashlib.sha256()
    with _cursor(session) as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT CSV, HEADER)", parameters) as copy:
        for part in copy:
            digest.update(part)
    return digest.hexdigest()


def copy_rows_text(session: Session, query: str, parameters: Mapping[str, Any] | None = None) -> bytes:
    """Return ``query`` as the CSV that ``hash_rows`` hashes."""
    with _cursor(session) as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT CSV, HEADER)", parameters) as copy:
        return b"".join(bytes(part) for part in copy)


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
