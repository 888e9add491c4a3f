"""``demo load``: the synthetic demonstration data, into a database without schools."""

from __future__ import annotations

import json
import sys

import click

from app.settings import Settings
from app.workflows.load_demonstration import NotEmptyError, load_demonstration
from app.workflows.rank_schools import rank_schools
from app.workflows.refresh_exposure import refresh_exposure
from app.workflows.run_scenario import run_past_events
from geodata.demonstration.country import COUNTRY_SCHOOLS, SEED
from scripts.connection import worker_session


@click.group()
def command() -> None:
    """Synthetic demonstration data, marked as such wherever they are shown."""


@command.command()
@click.option("--schools", default=COUNTRY_SCHOOLS, show_default=True, type=click.IntRange(100, 2_000_000))
@click.option("--seed", default=SEED, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def load(schools: int, seed: int, as_json: bool) -> int:
    """Load areas, schools, buildings, assessments and hazards; measure and rank them.

    With 1,500,000 schools it takes about 3 GB of memory; at most 20,000 schools get answers.
    """
    settings = Settings()

    def report(percent: float, step: str) -> None:
        print(f"{percent:3.0f} % {step}", file=sys.stderr, flush=True)

    try:
        with worker_session() as session:
            load_demonstration(session, geodata_dir=settings.geodata_dir, schools=schools, seed=seed, report=report)
            refresh_exposure(session, settings.geodata_dir, report=report)
            made = rank_schools(session, draws=None, publish=True, report=report)
            run_past_events(session)
    except NotEmptyError:
        print("There are schools already; the demonstration is for an empty database only.", file=sys.stderr)
        return 2
    print(json.dumps({"run": made.hash, "schools": made.schools}) if as_json else f"run {made.hash}")
    return 0
