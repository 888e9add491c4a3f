"""The kit of a run in the worker, with progress: kept with the run, for everybody who may see it."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

from app.i18n.marks import N_
from app.workflows.jobs import JobContext, JobFailedError, JobRunningError, job, start_job
from app.workflows.make_kit import NoKitError, make_kit
from app.workflows.split_job import can_split, start_split
from geodata.queries import official_lists, run_kits, run_results

if TYPE_CHECKING:
    from geodata.database import Session

GONE = N_("There is no such ranking.")


def start_kit(session: Session, run_hash: str, *, account_id: int | None) -> str:
    """Enqueue the making of a kit in the caller's transaction and return the job's token; one waits at a time."""
    return start_job(
        session, "kit", {"run_hash": run_hash}, scope="national", account_id=account_id, lock=f"kit {run_hash}"
    )


@job("kit", changes_data=True)
def run_kit(context: JobContext, *, run_hash: str) -> str:
    """Make and keep the kit of a run; a kit that is there already stays. Returns the run's address."""
    with context.open_session() as session:
        run = run_results.find_run(session, run_hash)
        if run is None:
            raise JobFailedError(GONE)
        if run_kits.kit_facts(session, run.id) is None:
            try:
                kit = make_kit(session, run, context.report)
            except NoKitError as error:
                raise JobFailedError(error.message, **error.params) from error
            run_kits.add_kit(session, run.id, kit, hashlib.sha256(kit).hexdigest())
            _split_next(session, run.id, run_hash, context.record.account_id)
    return f"priorities/runs/{run_hash}"


def _split_next(session: Session, run_id: int, run_hash: str, account_id: int | None) -> None:
    """Let what an official list moved be split exactly, now that there are both kits."""
    decided = next(iter(official_lists.decisions_of(session, run_id)), None)
    if decided is not None and can_split(session, decided):
        with suppress(JobRunningError):
            start_split(session, run_hash, account_id=account_id)
