"""What an empty database gets: areas, standard and base map always, the synthetic country when wanted.

A child of ``scripts/run``: ``python -m scripts.machine.filling demo|reference``. Each part is one transaction and
is left out when it is there, so that an interrupted first start goes on where it stopped.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

ACCOUNT_MARK = "account: "
BUDGET_SOM = 2_000_000_000
"""Of the plan of the demonstration."""


@dataclass(frozen=True)
class State:
    """What the database holds."""

    areas: bool
    real_schools: bool
    schools: bool
    published_run: bool
    has_demo_account: bool
    imports: bool

    @property
    def needs_reference(self) -> bool:
        """Whether not even the areas are there."""
        return not self.areas

    @property
    def needs_demonstration(self) -> bool:
        """Whether nothing but (part of) the demonstration is there."""
        if self.schools:
            return not self.real_schools and not (self.published_run and self.has_demo_account)
        return not self.imports

    def account_lines(self) -> list[str]:
        """Return what is said about accounts when none was made now."""
        if not self.has_demo_account:
            return ["No account yet. Make one: scripts/mektep accounts add NAME"]
        if self.real_schools:
            return ["Accounts of the demonstration are closed: there are real schools."]
        return [
            "Demonstration accounts, one a role, such as planner or local-body (passwords: shown at the first start;",
            "  a new one: scripts/mektep accounts reset NAME)",
        ]


def state_of(url: str) -> State:
    """Ask the database as the worker role."""
    with psycopg.connect("postgresql://" + url.split("://", 1)[1]) as connection:
        connection.execute("SELECT set_config('app.scope', 'national', true)")
        row = connection.execute(
            """
            SELECT
                EXISTS (SELECT FROM area),
                EXISTS (SELECT FROM school WHERE NOT is_synthetic),
                EXISTS (SELECT FROM school),
                EXISTS (SELECT FROM run WHERE is_published),
                EXISTS (SELECT FROM account WHERE is_synthetic),
                EXISTS (SELECT FROM import_batch)
            """
        ).fetchone()
    if row is None:
        raise RuntimeError("the database did not answer")
    return State(*row)


def _reporter() -> Callable[[float, str], None]:
    last = -10.0

    def report(pct: float, text: str) -> None:
        nonlocal last
        if pct < last:
            last = -10.0
        if pct >= last + 10 or pct >= 100 > last:
            last = pct
            print(f"{pct:3.0f} %  {text}", flush=True)

    return report


def fill(what: str) -> None:
    """Load what is missing."""
    from app.settings import Settings
    from scripts.connection import worker_session

    settings = Settings()
    state = state_of(settings.worker_url)
    if state.needs_reference:
        from app.workflows.load_reference import load_reference

        print("areas, standard, base map", flush=True)
        with worker_session() as session:
            load_reference(session)
    if what != "demo" or not state.needs_demonstration:
        return
    if not state.schools:
        from app.workflows.load_demonstration import load_demonstration

        with worker_session() as session:
            load_demonstration(session, geodata_dir=settings.geodata_dir, report=_reporter())
    if not state.published_run:
        _measure_and_rank(settings.geodata_dir)
    if not state.has_demo_account:
        publish_plan()
        _add_accounts()


def _measure_and_rank(geodata_dir: Path) -> None:
    from app.workflows.make_priors import make_priors
    from app.workflows.rank_schools import rank_schools
    from app.workflows.refresh_exposure import refresh_exposure
    from app.workflows.run_scenario import run_past_events
    from scripts.connection import worker_session

    print("measuring hazards at schools", flush=True)
    with worker_session() as session:
        refresh_exposure(session, geodata_dir, report=_reporter())
    print("counting what stands in for the unknown", flush=True)
    with worker_session() as session:
        make_priors(session)
    print("ranking schools", flush=True)
    with worker_session() as session:
        rank_schools(session, draws=None, report=_reporter())
        run_past_events(session)


def publish_plan() -> None:
    """Publish a plan for one year, so that map, areas and schools tell of money; the same one when repeated.

    How firm it is, and what it rests on, takes longer than all before: the job worker finds that out once it runs.
    """
    from app.funding.errors import FundingError
    from app.workflows.allocate_budget import AllocationError, allocate_budget
    from app.workflows.jobs import JobRunningError
    from app.workflows.plan_draws_job import start_plan_draws
    from app.workflows.plan_wish import Wish
    from geodata.queries import runs
    from scripts.connection import worker_session

    print("choosing what a budget buys", flush=True)
    try:
        with worker_session() as session:
            run = runs.published_run(session)
            if run is None:
                return
            made = allocate_budget(session, run.hash, Wish(BUDGET_SOM), publish=True, report=_reporter())
        with worker_session() as session:
            start_plan_draws(session, made.hash, account_id=None)
        print("how firm the plan is follows in the background", flush=True)
    except (AllocationError, FundingError) as error:
        print(f"no plan was made: {error}", flush=True)
    except JobRunningError:
        print("how firm the plan is will be found out already", flush=True)


def _add_accounts() -> None:
    from app.workflows.demonstration_accounts import add_demonstration_accounts
    from scripts.connection import worker_session

    with worker_session() as session:
        made = add_demonstration_accounts(session)
    print(f"{ACCOUNT_MARK}Demonstration accounts (name, password, place; shown this once):", flush=True)
    for one in made:
        print(f"{ACCOUNT_MARK}  {one.name:<13} {one.password}  {one.place or 'the whole country'}", flush=True)


if __name__ == "__main__":
    fill(sys.argv[1])
