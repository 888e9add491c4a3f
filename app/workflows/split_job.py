"""The exact split of what an official list moved, in the worker: from the kits of both lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.assessment.errors import AssessmentError
from app.i18n.marks import N_
from app.prioritisation.errors import PrioritisationError
from app.risk.errors import RiskError
from app.workflows.jobs import JobContext, JobFailedError, job, start_job
from app.workflows.kit_facts import Evidence
from app.workflows.kit_format import KitError
from app.workflows.split_difference import Published, kit_of, split_exactly
from geodata.queries import official_lists, official_splits, run_kits, run_results

if TYPE_CHECKING:
    from collections.abc import Callable

    from geodata.database import Session
    from geodata.models import Run
    from geodata.queries.official_lists import Decided

GONE = N_("There is no such ranking.")
NO_FORMER = N_("No other list was official before this one: there is nothing to compare it with.")
NO_KIT = N_(
    "The exact split ranks both lists again from their kits, and the list %(hash)s has none. "
    "A kit can only be made while the data are those of the list."
)
UNREADABLE = N_("A kit was made by another program and cannot be ranked again by this one. Nothing was changed.")
STEP = N_("Ranking again with one cause exchanged at a time")


def start_split(session: Session, run_hash: str, *, account_id: int | None) -> str:
    """Enqueue the split of an official list in the caller's transaction and return the job's token."""
    return start_job(
        session, "split", {"run_hash": run_hash}, scope="national", account_id=account_id, lock=f"split {run_hash}"
    )


def can_split(session: Session, decided: Decided) -> bool:
    """Return whether a decision has both kits and no split yet."""
    former = decided.decision.former_run_id
    return (
        former is not None
        and not official_splits.has_split(session, decided.decision.id)
        and all(run_kits.kit_facts(session, run_id) is not None for run_id in (former, decided.run.id))
    )


@job("split", changes_data=True)
def run_split(context: JobContext, *, run_hash: str) -> str:
    """Split what the newest decision for a run moved, once. Returns the address of the page that shows it."""
    with context.open_session() as session:
        run = run_results.find_run(session, run_hash)
        if run is None:
            raise JobFailedError(GONE)
        decided = next(iter(official_lists.decisions_of(session, run.id)), None)
        former = None if decided is None else official_lists.run_by_id(session, decided.decision.former_run_id)
        if decided is None or former is None:
            raise JobFailedError(NO_FORMER)
        if not official_splits.has_split(session, decided.decision.id):
            store_split(session, decided.decision.id, former, run, context.report)
    return f"priorities/runs/{run_hash}/changes"


def store_split(session: Session, list_id: int, former: Run, run: Run, report: Callable[[float, str], None]) -> None:
    """Rank both kits again and store what each cause moved.

    Raises:
        JobFailedError: A kit is missing, or this program cannot rank it.
    """
    kits = []
    for one in (former, run):
        content = run_kits.kit_content(session, one.id)
        if content is None:
            raise JobFailedError(NO_KIT, hash=one.hash[:12])
        kits.append(content)
    evidence = Evidence(former.data_date, *official_splits.days_of_evidence(session))
    found = official_splits.results_in_both(session, former.id, run.id)
    published = {row.code: Published(*row[1:]) for row in found}
    report(5, STEP)
    try:
        old, new = (kit_of(content) for content in kits)
        rows = split_exactly(old, new, evidence, published, lambda done: report(5 + 90 * done, STEP))
    except (KitError, RiskError, PrioritisationError, AssessmentError, KeyError, ValueError) as error:
        raise JobFailedError(UNREADABLE) from error
    official_splits.add_split(session, list_id, run.id, rows)
