"""The draws of a plan in the worker, with progress: what its page starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.i18n.marks import N_
from app.workflows.jobs import JobContext, JobFailedError, job, start_job
from app.workflows.plan_draws import InputsChangedError, NothingSolvedError, draw_plan
from app.workflows.sensitivity_variants import NoSuchPlanError

if TYPE_CHECKING:
    from geodata.database import Session

NOTHING = N_("Nothing was drawn: there is no such plan, or what it was chosen from is gone.")
CHANGED = N_("Nothing was drawn: data or method have changed since the ranking. Rank again and make the plan anew.")
UNSOLVED = N_("Nothing was drawn: the rules of this plan could be kept in no draw.")


def start_plan_draws(session: Session, plan_hash: str, *, account_id: int | None) -> str:
    """Enqueue the draws of a plan in the caller's transaction and return the job's token; one plan waits at a time."""
    params = {"plan_hash": plan_hash}
    return start_job(session, "plan_draws", params, scope="national", account_id=account_id, lock="plan_draws")


@job("plan_draws", changes_data=True)
def run_plan_draws(context: JobContext, *, plan_hash: str) -> str:
    """Draw the plan and return its address below the language."""
    with context.open_session() as session:
        try:
            made = draw_plan(session, plan_hash, account_id=context.record.account_id, report=context.report)
        except NoSuchPlanError as error:
            raise JobFailedError(NOTHING) from error
        except InputsChangedError as error:
            raise JobFailedError(CHANGED) from error
        except NothingSolvedError as error:
            raise JobFailedError(UNSOLVED) from error
    return f"money/plans/{made.plan_hash}#draws"
