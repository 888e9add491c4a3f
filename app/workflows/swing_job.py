"""The ledger of what moves each score, in the worker: from the kit of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.i18n.marks import N_
from app.prioritisation.errors import PrioritisationError
from app.risk.errors import RiskError
from app.workflows.jobs import JobContext, JobFailedError, job, start_job
from app.workflows.kit_format import KitError
from app.workflows.run_swings import rows_of
from app.workflows.split_difference import kit_of
from app.workflows.split_job import GONE, UNREADABLE
from geodata.queries import run_kits, run_results, swings

if TYPE_CHECKING:
    from geodata.database import Session

NO_KIT = N_("This ranking has no kit to be ranked again from. Make the kit first.")
STEP = N_("Ranking again with one value of the method at a time")


def start_swings(session: Session, run_hash: str, *, account_id: int | None) -> str:
    """Enqueue the ledger of a run in the caller's transaction and return the job's token."""
    return start_job(
        session, "swings", {"run_hash": run_hash}, scope="national", account_id=account_id, lock=f"swings {run_hash}"
    )


@job("swings", changes_data=True)
def run_swings(context: JobContext, *, run_hash: str) -> str:
    """Make the ledger of a run once. Returns the run's address."""
    with context.open_session() as session:
        run = run_results.find_run(session, run_hash)
        if run is None:
            raise JobFailedError(GONE)
        if not swings.has_swings(session, run.id):
            content = run_kits.kit_content(session, run.id)
            if content is None:
                raise JobFailedError(NO_KIT)
            try:
                ids = swings.school_ids(session, run.id)
                rows = rows_of(kit_of(content), ids, lambda done: context.report(2 + 93 * done, STEP))
            except (KitError, RiskError, PrioritisationError, KeyError, ValueError) as error:
                raise JobFailedError(UNREADABLE) from error
            swings.add_swings(session, run.id, rows)
    return f"priorities/runs/{run_hash}"
