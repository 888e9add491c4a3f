"""A report of sensitivity in the worker, with progress: what the page of a plan starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.i18n.marks import N_
from app.workflows.jobs import JobContext, JobFailedError, job, start_job
from app.workflows.plan_sensitivity import report_sensitivity
from app.workflows.sensitivity_variants import NoSuchPlanError

if TYPE_CHECKING:
    from geodata.database import Session

NOTHING = N_("No report was made: there is no such plan, or what it was chosen from is gone.")


def start_sensitivity(session: Session, plan_hash: str, *, account_id: int | None) -> str:
    """Enqueue a report in the caller's transaction and return the job's token; one waits at a time."""
    params = {"plan_hash": plan_hash}
    return start_job(session, "sensitivity", params, scope="national", account_id=account_id, lock="sensitivity")


@job("sensitivity", changes_data=True)
def run_sensitivity(context: JobContext, *, plan_hash: str) -> str:
    """Make the plan again under other assumptions and return the plan's address below the language."""
    with context.open_session() as session:
        try:
            made = report_sensitivity(session, plan_hash, account_id=context.record.account_id, report=context.report)
        except NoSuchPlanError as error:
            raise JobFailedError(NOTHING) from error
    return f"money/plans/{made.plan_hash}#sensitivity"
