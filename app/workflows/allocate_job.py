"""A proven plan in the worker, with progress: what the budget page starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.funding.errors import EnvelopeError, FloorsAboveBudgetError, FundingError, InfeasibleError
from app.i18n.marks import N_
from app.workflows.allocate_budget import AllocationError, Wish, allocate_budget
from app.workflows.jobs import JobContext, JobFailedError, job, start_job
from app.workflows.plan_address import conflict_address
from app.workflows.plan_wish import WishError, wish_content, wish_from

if TYPE_CHECKING:
    from geodata.database import Session

NOTHING = N_("No plan was made: there is no such ranking, or its measures were not evaluated.")
UNKNOWN = N_("No plan was made: %(code)s is no area or school of this ranking.")
FLOORS = N_("The floors ask for %(floors)s som, the budget is %(budget)s som. Lower the floors or raise the budget.")
ENVELOPE = N_("The envelopes of money contradict each other. Correct the sources and years and try again.")
NO_PLAN = N_("No plan was found in the time allowed. Nothing was stored.")


def start_allocation(session: Session, run_hash: str, wish: Wish, *, account_id: int | None) -> str:
    """Enqueue an allocation in the caller's transaction and return the job's token; one waits at a time."""
    params = {"run_hash": run_hash, "wish": wish_content(wish)}
    return start_job(session, "allocate", params, scope="national", account_id=account_id, lock="allocate")


@job("allocate", changes_data=True)
def run_allocation(context: JobContext, *, run_hash: str, wish: dict[str, Any]) -> str:
    """Choose the best measures and return the address of the plan below the language; nobody else sees it yet.

    Where the rules conflict it is the address of the form, with the wish and the smallest set of rules that do.
    """
    account_id = context.record.account_id
    with context.open_session() as session:
        try:
            made = allocate_budget(session, run_hash, wish_from(wish), account_id=account_id, report=context.report)
        except WishError as error:
            raise JobFailedError(UNKNOWN, code=error.code) from error
        except AllocationError as error:
            raise JobFailedError(NOTHING) from error
        except InfeasibleError as error:  # nothing is stored; the form names the rules, with the wish in it
            return conflict_address(run_hash, wish_from(wish), error.conflict)
        except FloorsAboveBudgetError as error:
            floors, budget = f"{error.floors_som:,}", f"{error.budget_som:,}"
            raise JobFailedError(FLOORS, floors=floors, budget=budget) from error
        except EnvelopeError as error:
            raise JobFailedError(ENVELOPE) from error
        except FundingError as error:
            raise JobFailedError(NO_PLAN) from error
    return f"money/plans/{made.hash}"
