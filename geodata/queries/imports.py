"""Import batches: their state, their rows, their problems."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, bindparam, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import JSONB

from geodata.models import ImportBatch, ImportProblem, ImportRow
from geodata.records.imports import ImportSummary, RowChange
from geodata.records.table import RowProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.orm import Session

_COLUMNS = tuple(
    getattr(ImportBatch, name) for name in ImportSummary.__dataclass_fields__ if hasattr(ImportBatch, name)
)


def add_batch(session: Session, **values: Any) -> int:
    """Add a batch and return its number."""
    made = session.scalar(insert(ImportBatch).values(**values).returning(ImportBatch.id))
    assert made is not None
    return made


def change_batch(session: Session, batch_id: int, *, options: dict[str, Any] | None = None, **values: Any) -> None:
    """Change columns of a batch; ``options`` are added to those that it has."""
    if options is not None:
        values["options"] = ImportBatch.options.op("||")(bindparam("more", options, type_=JSONB))
    session.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(**values))


def find_batch(session: Session, batch_id: int, *, lock: bool = False) -> ImportSummary | None:
    """Return a batch, held against others until the end of the transaction with ``lock``; None when absent."""
    query = select(*_COLUMNS).where(ImportBatch.id == batch_id)
    row = session.execute(query.with_for_update() if lock else query).first()
    return ImportSummary(*row) if row else None


def may_see_restricted(session: Session) -> bool:
    """Return whether this session sees answers of the protection group of every school."""
    return bool(session.scalar(text("SELECT app_everywhere('see_restricted')")))


def find_by_key(session: Session, idempotency_key: str) -> ImportSummary | None:
    """Return the batch that was made under a key of the caller's choice."""
    row = session.execute(select(*_COLUMNS).where(ImportBatch.idempotency_key == idempotency_key)).first()
    return ImportSummary(*row) if row else None


def list_batches(session: Session, limit: int = 50, offset: int = 0) -> list[ImportSummary]:
    """Return batches, newest first."""
    query = select(*_COLUMNS).order_by(ImportBatch.id.desc()).limit(limit).offset(offset)
    return [ImportSummary(*row) for row in session.execute(query)]


def count_batches(session: Session) -> int:
    """Return how many batches there are."""
    return int(session.scalar(select(func.count()).select_from(ImportBatch)) or 0)


NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def hold_key(session: Session, key: str) -> None:
    """Wait until no other transaction works under ``key``; held until the end of this one."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 724003))"), {"key": key})


def clear(session: Session, batch_id: int) -> None:
    """Forget rows and problems of an earlier check of the same batch."""
    session.execute(text("DELETE FROM import_row WHERE batch_id = :batch_id"), {"batch_id": batch_id})
    session.execute(text("DELETE FROM import_problem WHERE batch_id = :batch_id"), {"batch_id": batch_id})


def add_problems(session: Session, batch_id: int, problems: Iterable[RowProblem]) -> None:
    """Store problems in their order."""
    from geodata.database import copy_rows

    copy_rows(
        session,
        "import_problem",
        ("batch_id", "row_number", "column_name", "value", "code", "severity", "params"),
        (
            (batch_id, one.row, _without_nul(one.column), _without_nul(one.value), one.code, one.severity, _json(one))
            for one in problems
        ),
    )


def _without_nul(text_of_file: str | None) -> str | None:
    """Return text with the replacement character for NUL, the one character that PostgreSQL cannot hold."""
    return text_of_file if text_of_file is None else text_of_file.replace("\0", "\ufffd")


def _json(problem: RowProblem) -> str:
    """Return what a problem is about as JSON; a NUL in it, not an escaped backslash before ``u0000``, is replaced."""
    return NUL.sub(r"\1\\ufffd", json.dumps(problem.params, default=str))


def problems(
    session: Session, batch_id: int, limit: int = 100, offset: int = 0, severity: str | None = None
) -> list[RowProblem]:
    """Return one page of a batch's problems: errors first, then the file's order."""
    query = _problems(batch_id, severity).limit(limit).offset(offset)
    return [RowProblem(*row) for row in session.execute(query)]


def iterate_problems(session: Session, batch_id: int) -> Iterator[RowProblem]:
    """Yield every problem of a batch in blocks."""
    for row in session.execute(_problems(batch_id, None), execution_options={"yield_per": 5_000}):
        yield RowProblem(*row)


def _problems(batch_id: int, severity: str | None) -> Any:
    order = func.array_position(text("ARRAY['error','warning','note']"), ImportProblem.severity.cast(Text))
    query = select(
        ImportProblem.row_number,
        ImportProblem.column_name,
        ImportProblem.value,
        ImportProblem.code,
        ImportProblem.severity,
        ImportProblem.params,
    ).where(ImportProblem.batch_id == batch_id)
    if severity is not None:
        query = query.where(ImportProblem.severity == severity)
    return query.order_by(order, ImportProblem.row_number.asc().nulls_first(), ImportProblem.id)


def count_problems(session: Session, batch_id: int) -> dict[str, int]:
    """Return the number of problems by severity."""
    query = (
        select(ImportProblem.severity, func.count())
        .where(ImportProblem.batch_id == batch_id)
        .group_by(ImportProblem.severity)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def changes(session: Session, batch_id: int, action: str, limit: int = 50, offset: int = 0) -> list[RowChange]:
    """Return one page of rows with ``action``; outlines are left out of ``old`` and ``new`` but named there."""
    shown = [
        func.coalesce(column, text("'{}'::jsonb")).op("-")(text("ARRAY['_','provenance']"))
        for column in (ImportRow.old, ImportRow.new)
    ]
    query = (
        select(ImportRow.row_number, ImportRow.action, ImportRow.key, *shown)
        .where(ImportRow.batch_id == batch_id, ImportRow.action == action)
        .order_by(ImportRow.row_number, ImportRow.part)
        .limit(limit)
        .offset(offset)
    )
    return [RowChange(*row) for row in session.execute(query)]


def touched_ids(session: Session, batch_id: int, actions: tuple[str, ...] = ("added", "changed")) -> list[int]:
    """Return the ids of the records that a committed batch wrote."""
    query = select(ImportRow.record_id).where(
        ImportRow.batch_id == batch_id, ImportRow.action.in_(actions), ImportRow.record_id.is_not(None)
    )
    return [found for found in session.scalars(query) if found is not None]


def today(session: Session) -> Any:
    """Return the date of the database clock: a device's clock is only a claim."""
    return session.scalar(select(func.current_date()))


def mark_committed(session: Session, batch_id: int) -> None:
    """Note that a batch is in, by the database clock."""
    change_batch(session, batch_id, status="committed", committed_at=func.clock_timestamp())


def mark_undone(session: Session, batch_id: int) -> None:
    """Note that a batch has been taken back, by the database clock."""
    change_batch(session, batch_id, status="undone", undone_at=func.clock_timestamp())


def count_closed(session: Session, batch_id: int) -> int:
    """Return how many stored units a batch ends without naming them."""
    query = select(func.count()).where(ImportRow.batch_id == batch_id, ImportRow.action == "closed")
    return int(session.scalar(query) or 0)
