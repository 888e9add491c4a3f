"""Rows of hazard files and of closed units: those that no code in the database is compared with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from geodata.database import copy_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

COLUMNS = ("batch_id", "row_number", "part", "action", "key", "old", "new")

ADD_CLOSED = text("""
    INSERT INTO import_row (batch_id, row_number, part, action, key, record_id, old, new)
    SELECT :batch_id, :row_number, 0, 'closed', t.code, t.id,
        jsonb_build_object('valid_to', NULL, '_', jsonb_strip_nulls(jsonb_build_object(
            'batch', t.batch_id, 'provenance', t.provenance))),
        CAST(:new AS jsonb)
    FROM area AS t WHERE t.id = :area_id
""")


def add_rows(session: Session, batch_id: int, rows: Iterable[tuple[int, str, str, Any, Any]]) -> None:
    """Store (row number, action, key, old, new)."""
    copy_rows(
        session,
        "import_row",
        COLUMNS,
        ((batch_id, number, 0, action, key, _json(old), _json(new)) for number, action, key, old, new in rows),
    )


def add_closed(session: Session, batch_id: int, row_number: int, area_id: int, new: dict[str, Any]) -> None:
    """Store that a batch ends a unit which its file does not name; ``row_number`` is below zero."""
    session.execute(
        ADD_CLOSED, {"batch_id": batch_id, "row_number": row_number, "area_id": area_id, "new": json.dumps(new)}
    )


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
