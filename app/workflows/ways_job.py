"""The ways by road after an import of schools, in the worker: to work them out takes seconds, which no page waits for.

Until that has ended a school that was added or moved has no way; what a school had before it moved is gone at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.workflows.jobs import JobContext, job, start_job
from app.workflows.measure_ways import measure_ways
from geodata.queries import roads
from geodata.queries.ways_jobs import KIND, another_follows

if TYPE_CHECKING:
    from app.workflows.measure_ways import WorkOutWays
    from geodata.database import Session


def start_ways(session: Session, batch_id: int, *, account_id: int | None) -> str | None:
    """Enqueue the work after a batch in the caller's transaction; None where no road file has been imported."""
    if roads.current_version(session, "roads") is None:
        return None
    return start_job(session, KIND, {"batch_id": batch_id}, scope="national", account_id=account_id)


def in_worker(account_id: int | None) -> WorkOutWays:
    """Return what leaves the ways of a batch to the worker."""
    return lambda session, batch_id: start_ways(session, batch_id, account_id=account_id)


@job(KIND, changes_data=True)
def run_ways(context: JobContext, *, batch_id: int) -> str:
    """Work out all ways, unless another import has asked since: that job sees what this one would have seen."""
    address = f"imports/{batch_id}"
    with context.open_session() as session:
        if not another_follows(session, context.record.id):
            measure_ways(session, context.report)
    return address
