"""From a file to the database in two steps, the same for command line, wizard and API.

``check_file`` keeps the original, reads it in a process of its own, compares it with what is stored and writes
the batch: what would be added and changed, and every problem. ``commit_batch`` takes a checked batch in, in one
transaction. ``undo_batch`` takes it back. Each function commits its own transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.i18n.marks import N_
from app.workflows.import_check import OpenedFile, add_batch, check_within, find_mapping, open_file
from app.workflows.import_commit import commit_within
from app.workflows.import_options import (
    BatchStateError,
    Folders,
    ImportOptions,
    KeptFile,
    ProblemsRemainError,
    Report,
    UnknownBatchError,
)
from app.workflows.import_preview import preview_columns
from app.workflows.import_undo import undo_within
from app.workflows.measure_ways import at_once
from geodata.queries import imports

if TYPE_CHECKING:
    from app.workflows.measure_ways import WorkOutWays
    from geodata.database import Session
    from geodata.records.imports import ImportSummary

LARGE_ROWS = 5_000
"""Files with more rows are checked and committed by a job."""


def check_file(
    session: Session,
    kept: KeptFile,
    options: ImportOptions,
    *,
    opened: OpenedFile | None = None,
    batch_id: int | None = None,
    idempotency_key: str | None = None,
    report: Report | None = None,
) -> ImportSummary:
    """Check a kept file and return its batch, with status checked or refused.

    Raises:
        UnknownHazardError, KeyUsedError: See ``import_check``.
    """
    opened = opened or _open(session, kept, options, report)
    summary = check_within(session, opened, options, batch_id=batch_id, idempotency_key=idempotency_key, report=report)
    session.commit()
    return summary


def commit_batch(
    session: Session,
    batch_id: int,
    folders: Folders,
    *,
    accept_good_rows: bool = False,
    report: Report | None = None,
    work_out_ways: WorkOutWays = at_once,
) -> ImportSummary:
    """Take a checked batch in; arguments and errors as ``import_commit.commit_within``."""
    summary = commit_within(
        session,
        batch_id,
        folders,
        accept_good_rows=accept_good_rows,
        report=report,
        work_out_ways=work_out_ways,
    )
    session.commit()
    return summary


def import_at_once(
    session: Session,
    kept: KeptFile,
    options: ImportOptions,
    folders: Folders,
    *,
    accept_good_rows: bool = False,
    opened: OpenedFile | None = None,
    batch_id: int | None = None,
    idempotency_key: str | None = None,
    report: Report | None = None,
    work_out_ways: WorkOutWays = at_once,
) -> ImportSummary:
    """Check a file and take it in, in one transaction; a refused file or refused rows leave only the batch.

    The same ``idempotency_key`` again, also at the same time, makes no second copy and returns the same batch.

    Raises:
        ProblemsRemainError: Rows were refused and ``accept_good_rows`` is not given; the check is kept.
    """
    opened = opened or _open(session, kept, options, report)
    summary = check_within(session, opened, options, batch_id=batch_id, idempotency_key=idempotency_key, report=report)
    if summary.status == "checked":
        if summary.refused and not accept_good_rows:
            session.commit()
            raise ProblemsRemainError(summary)
        summary = commit_within(
            session,
            summary.id,
            folders,
            accept_good_rows=accept_good_rows,
            report=report,
            work_out_ways=work_out_ways,
        )
    session.commit()
    return summary


def undo_batch(
    session: Session, batch_id: int, folders: Folders, *, work_out_ways: WorkOutWays = at_once
) -> ImportSummary:
    """Take a committed batch back; errors as ``import_undo.undo_within``."""
    summary = undo_within(session, batch_id, folders, work_out_ways=work_out_ways)
    session.commit()
    return summary


def earlier_batch(session: Session, idempotency_key: str) -> ImportSummary | None:
    """Return the batch that a key has made already, without waiting for one under way."""
    return imports.find_by_key(session, idempotency_key)


def _open(session: Session, kept: KeptFile, options: ImportOptions, report: Report | None) -> OpenedFile:
    session.commit()  # no transaction stays open while a file is read
    if report:
        report(2, N_("Reading the file"))
    return open_file(kept, options)


def prepare_mapping(session: Session, opened: OpenedFile, options: ImportOptions) -> ImportSummary:
    """Keep a file as a batch that waits for its columns to be confirmed (status mapping).

    A raster has no columns and a refused file has none to show: both are checked at once.
    """
    if opened.table is None:
        return check_file(session, opened.kept, options, opened=opened)
    batch_id = add_batch(session, opened.kept, options, status="mapping")
    preview = preview_columns(opened.table, find_mapping(opened.table, options))
    imports.change_batch(session, batch_id, options={"rows": opened.rows, "preview": preview})
    summary = imports.find_batch(session, batch_id)
    assert summary is not None
    session.commit()
    return summary


def cancel_batch(session: Session, batch_id: int) -> ImportSummary:
    """Set a batch aside that has not been taken in.

    Raises:
        UnknownBatchError, BatchStateError: There is none, or it is committed, undone or being checked.
    """
    summary = imports.find_batch(session, batch_id, lock=True)
    if summary is None:
        raise UnknownBatchError(batch_id)
    if summary.status not in ("mapping", "checked", "refused"):
        raise BatchStateError(summary)
    imports.change_batch(session, batch_id, status="cancelled")
    session.commit()
    return summary
