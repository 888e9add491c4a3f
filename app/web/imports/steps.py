"""The steps that wizard and API share: small files at once, large ones and roads, which take seconds, as a job.

Ways by road, which follow from schools, are left to the worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import g

from app.web.imports.forms import folders
from app.web.request import current_session
from app.workflows.import_check import OpenedFile, add_batch, open_file
from app.workflows.import_file import LARGE_ROWS, check_file, commit_batch, earlier_batch, import_at_once, undo_batch
from app.workflows.import_job import BOTH, CHECK, COMMIT, running_import, start_import
from app.workflows.import_options import KeyUsedError, UnknownBatchError, kept_original
from app.workflows.import_travel import KINDS as TRAVEL
from app.workflows.ways_job import in_worker, start_ways
from geodata.queries import imports

if TYPE_CHECKING:
    from app.workflows.import_options import ImportOptions, KeptFile
    from geodata.records.imports import ImportSummary


@dataclass(frozen=True)
class Step:
    """Where an import stands, and the job that goes on with it (None: it was done at once)."""

    summary: ImportSummary
    job: str | None = None


def find(batch_id: int) -> ImportSummary:
    """Return a batch that this account may see; raises UnknownBatchError, also for a foreign one."""
    summary = imports.find_batch(current_session(), batch_id) if batch_id < 2**62 else None
    if summary is None:
        raise UnknownBatchError(batch_id)
    return summary


def read(kept: KeptFile, options: ImportOptions) -> OpenedFile:
    """Read a file while no transaction is open."""
    current_session().commit()
    return open_file(kept, options)


def take(
    kept: KeptFile, options: ImportOptions, *, commit: bool, accept_good_rows: bool, key: str | None = None
) -> Step:
    """Check a file, and take it in with ``commit``; errors as in ``app.workflows.import_file``."""
    session = current_session()
    earlier = earlier_batch(session, key) if key else None
    if earlier is not None:
        if (earlier.file_sha256, earlier.kind) != (kept.sha256, options.kind):
            raise KeyUsedError(key)
        if earlier.status == "checking":
            return go_on(earlier, BOTH if commit else CHECK, accept_good_rows=accept_good_rows)
        if earlier.status in ("committed", "refused", "undone"):
            return Step(earlier)
    opened = read(kept, options)
    if (opened.rows > LARGE_ROWS or (commit and options.kind in TRAVEL)) and earlier is None:
        batch_id = add_batch(session, kept, options, key)
        step = BOTH if commit else CHECK
        token = start_import(session, batch_id, step, account_id=g.account_id, accept_good_rows=accept_good_rows)
        session.commit()
        return Step(find(batch_id), token)
    if not commit:
        return Step(check_file(session, kept, options, opened=opened, idempotency_key=key))
    return Step(
        import_at_once(
            session,
            kept,
            options,
            folders(),
            accept_good_rows=accept_good_rows,
            opened=opened,
            idempotency_key=key,
            work_out_ways=in_worker(g.account_id),
        )
    )


def go_on(summary: ImportSummary, step: str = CHECK, *, accept_good_rows: bool = False) -> Step:
    """Return the job that checks a batch; a new one when the last was interrupted too often and given up."""
    session = current_session()
    token = running_import(session, summary.id)
    if token is None:
        token = start_import(session, summary.id, step, account_id=g.account_id, accept_good_rows=accept_good_rows)
        session.commit()
    return Step(summary, token)


def check_again(summary: ImportSummary, options: ImportOptions) -> Step:
    """Check the kept file of a batch with other options."""
    session = current_session()
    kept = kept_original(folders().uploads, summary)
    if summary.rows > LARGE_ROWS:
        imports.change_batch(session, summary.id, status="checking", options=options.as_json())
        token = start_import(session, summary.id, CHECK, account_id=g.account_id)
        session.commit()
        return Step(find(summary.id), token)
    return Step(check_file(session, kept, options, opened=read(kept, options), batch_id=summary.id))


def commit(summary: ImportSummary, *, accept_good_rows: bool) -> Step:
    """Take a checked batch in; errors as in ``commit_batch``."""
    session = current_session()
    if (summary.rows > LARGE_ROWS or summary.kind in TRAVEL) and summary.status == "checked":
        token = start_import(session, summary.id, COMMIT, account_id=g.account_id, accept_good_rows=accept_good_rows)
        session.commit()
        return Step(summary, token)
    ways = in_worker(g.account_id)
    return Step(commit_batch(session, summary.id, folders(), accept_good_rows=accept_good_rows, work_out_ways=ways))


def take_back(batch_id: int) -> ImportSummary:
    """Take a committed batch back; errors as in ``undo_batch``."""
    return undo_batch(current_session(), batch_id, folders(), work_out_ways=in_worker(g.account_id))


def ways_again(summary: ImportSummary) -> Step:
    """Ask the worker once more for the ways that follow from a batch."""
    session = current_session()
    token = start_ways(session, summary.id, account_id=g.account_id)
    session.commit()
    return Step(summary, token)
