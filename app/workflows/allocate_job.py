"""A proven plan in the worker, with progress: what the budget page starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.funding.errors import FloorsAboveBudgetError, FundingError, InfeasibleError
from app.i18n.marks import N_
from app.workflows.allocate_budget import AllocationError, Wish, allocate_budget
from app.workflows.jobs import JobContext, JobFailedError, job, start_job

if TYPE_CHECKING:
    from geodata.database import Session

NOTHING = N_("No plan was made: there is no such ranking, or its measures were not evaluated.")
CONFLICT = N_("No plan keeps all these rules. Raise the budget, lower the floors or allow more unevenness.")
NO_PLAN = N_("No plan was found in the time allowed. Nothing was stored.")


def start_allocation(session: Session, run_hash: str, wish: Wish, *, account_id: int | None) -> str:
    """Enqueue an allocation in the caller's transaction and return the job's token; one waits at a time."""
    params = {
        "run_hash": run_hash,
        "budget_som": wish.budget_som,
        "floor_share": wish.floor_share,
        "gini_most": wish.gini_most,
    }
    return start_job(session, "allocate", params, scope="national", account_id=account_id, lock="allocate")


@job("allocate", changes_data=True)
def run_allocation(
    context: JobContext, *, run_hash: str, budget_som: int, floor_share: float, gini_most: float | None = None
) -> str:
    """Choose the best measures and return the address of the plan below the language; nobody else sees it yet."""
    wish = Wish(budget_som, floor_share, gini_most)
    with context.open_session() as session:
        try:
            made = allocate_budget(session, run_hash, wish, account_id=context.record.account_id, report=context.report)
        except AllocationError as error:
            raise JobFailedError(NOTHING) from error
        except (InfeasibleError, FloorsAboveBudgetError) as error:
            raise JobFailedError(CONFLICT) from error
        except FundingError as error:
            raise JobFailedError(NO_PLAN) from error
    return f"money/plans/{made.hash}"
