"""A ranking in the worker, with progress: what a page starts after an import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.i18n.marks import N_
from app.prioritisation.errors import AmbiguousSchemeError, TooManyDrawsError, UnknownSchemeError
from app.risk.parameters import default_parameters
from app.workflows.jobs import JobContext, JobFailedError, job, start_job
from app.workflows.rank_schools import NotRankableError, rank_schools

if TYPE_CHECKING:
    from geodata.database import Session

NOTHING = N_("Nothing was ranked: there are no schools, or no edition of the standard is in force.")
NO_SCHEME = N_("There is no scheme of the country of this name. Nothing was ranked.")
TOO_MANY = N_("So many draws of so many schools do not fit into memory: nothing was changed.")


def start_ranking(session: Session, *, account_id: int | None, scheme: str | None = None) -> str:
    """Enqueue a ranking in the caller's transaction and return the job's token; one waits at a time.

    ``scheme``: see ``app.workflows.named_schemes.scheme_named``.
    """
    named = {"scheme": scheme} if scheme else {}
    return start_job(session, "rank", named, scope="national", account_id=account_id, lock="rank")


def start_robustness(session: Session, *, account_id: int | None) -> str:
    """Enqueue a ranking with the draws of an official list; under the lock of all rankings."""
    return start_job(session, "robustness", {}, scope="national", account_id=account_id, lock="rank")


@job("rank", changes_data=True)
def run_ranking(context: JobContext, *, scheme: str | None = None, draws: int | None = None) -> str:
    """Rank every school, drawn as the method says for work at the screen; return the address of the list."""
    with context.open_session() as session:
        try:
            made = rank_schools(
                session, scheme, draws=draws, account_id=context.record.account_id, report=context.report
            )
        except NotRankableError as error:
            raise JobFailedError(NOTHING) from error
        except (UnknownSchemeError, AmbiguousSchemeError) as error:
            raise JobFailedError(NO_SCHEME) from error
        except TooManyDrawsError as error:
            raise JobFailedError(TOO_MANY) from error
    return f"priorities/runs/{made.hash}"


@job("robustness", changes_data=True)
def run_robustness(context: JobContext, *, scheme: str | None = None) -> str | None:
    """Rank every school with the draws that an official list asks for; a second run after a crash starts anew."""
    return run_ranking(context, scheme=scheme, draws=int(default_parameters()["uncertainty.draws_official"]))
