"""Large files: check, and commit what was checked, in the worker with progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.i18n.marks import N_
from app.workflows.import_file import check_file, commit_batch, import_at_once
from app.workflows.import_options import (
    DataChangedError,
    FileChangedError,
    Folders,
    ImportOptions,
    ProblemsRemainError,
    UnknownBatchError,
    kept_original,
)
from app.workflows.jobs import JobContext, JobFailedError, job, start_job
from geodata.queries import imports, jobs

if TYPE_CHECKING:
    from geodata.database import Session

CHECK, COMMIT, BOTH = "check", "commit", "both"
MOVED = N_("Records have changed since the check. Check the file again: nothing was changed.")
FILE_GONE = N_("The kept file is no longer the one that was checked. Send it again: nothing was changed.")


def start_import(
    session: Session, batch_id: int, step: str, *, account_id: int | None, accept_good_rows: bool = False
) -> str:
    """Enqueue one step of an import in the caller's transaction and return the job's token."""
    params = {"batch_id": batch_id, "step": step, "accept_good_rows": accept_good_rows}
    lock = _lock(batch_id)
    return start_job(session, "import", params, scope="national", account_id=account_id, lock=lock)


def running_import(session: Session, batch_id: int) -> str | None:
    """Return the token of the job that waits for or works on a batch; None when there is none (any more)."""
    return jobs.running_token(session, _lock(batch_id))


def _lock(batch_id: int) -> str:
    return f"import {batch_id}"


@job("import", changes_data=True)
def run_import(context: JobContext, *, batch_id: int, step: str, accept_good_rows: bool = False) -> str:
    """Run one step. A second run after a crash finds the batch as the last transaction left it."""
    folders = Folders(context.settings.upload_dir, context.settings.geodata_dir)
    with context.open_session() as session:
        summary = imports.find_batch(session, batch_id)
        if summary is None:
            raise UnknownBatchError(batch_id)
        session.commit()
        options = ImportOptions.from_json(summary.options)
        try:
            if step == COMMIT:
                commit_batch(session, batch_id, folders, accept_good_rows=accept_good_rows, report=context.report)
            elif summary.status == "checking":
                kept = kept_original(folders.uploads, summary)
                if step == CHECK:
                    check_file(session, kept, options, batch_id=batch_id, report=context.report)
                else:
                    import_at_once(
                        session,
                        kept,
                        options,
                        folders,
                        accept_good_rows=accept_good_rows,
                        batch_id=batch_id,
                        report=context.report,
                    )
        except ProblemsRemainError:
            session.rollback()
        except DataChangedError as error:
            session.rollback()
            raise JobFailedError(MOVED) from error
        except FileChangedError as error:
            session.rollback()
            raise JobFailedError(FILE_GONE) from error
    return f"imports/{batch_id}"
