"""A ranking in the worker, with progress: what a page starts after an import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.i18n.marks import N_
from app.workflows.jobs import JobContext, JobFailedError, job, start_job
from app.workflows.rank_schools import NotRankableError, rank_schools

if TYPE_CHECKING:
    from geodata.database import Session

NOTHING = N_("Nothing was ranked: there are no schools, or no edition of the standard is in force.")


def start_ranking(session: Session, *, account_id: int | None) -> str:
    """Enqueue a ranking in the caller's transaction and return the job's token; one waits at a time."""
    return start_job(session, "rank", {}, scope="national", account_id=account_id, lock="rank")


@job("rank", changes_data=True)
def run_ranking(context: JobContext, *, scheme: str = "default") -> str:
    """Rank every school and return the address of the list below the language."""
    with context.open_session() as session:
        try:
            made = rank_schools(session, scheme, account_id=context.record.account_id, report=context.report)
        except NotRankableError as error:
            raise JobFailedError(NOTHING) from error
    return f"priorities/runs/{made.hash}"
