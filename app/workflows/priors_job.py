"""A new table of priors, in the worker: counted from what is surveyed, and put in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.i18n.marks import N_
from app.workflows.jobs import JobContext, JobFailedError, job, start_job
from app.workflows.make_priors import NothingSurveyedError, make_priors

if TYPE_CHECKING:
    from geodata.database import Session

NOTHING = N_("There is no school yet, or no edition of the Standard is in force.")
STEP = N_("Counting what is surveyed")


def start_priors(session: Session, *, account_id: int | None) -> str:
    """Enqueue the counting in the caller's transaction and return the job's token."""
    return start_job(session, "priors", {}, scope="national", account_id=account_id, lock="priors")


@job("priors", changes_data=True)
def run_priors(context: JobContext) -> str:
    """Count a table and put it in force. Returns the address of its page."""
    context.report(10, STEP)
    with context.open_session() as session:
        try:
            make_priors(session)
        except NothingSurveyedError as error:
            raise JobFailedError(NOTHING) from error
    return "method/priors"
