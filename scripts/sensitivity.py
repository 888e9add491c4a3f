"""``sensitivity``: make a stored plan again under other assumptions and print what stays funded."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click


@click.command()
@click.argument("plan_hash")
@click.option("--seconds", type=click.FloatRange(1, 3600), help="Most time of each step of the solver.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(plan_hash: str, seconds: float | None, as_json: bool) -> int:
    """Make the plan PLAN_HASH (or its beginning) again under other assumptions and store the report beside it.

    Exit 2: there is no such plan, or what it was chosen from is gone.
    """
    from app.workflows.plan_sensitivity import report_sensitivity
    from app.workflows.sensitivity_variants import NoSuchPlanError
    from scripts.connection import worker_session

    def report(pct: float, step: str) -> None:
        click.echo(f"{pct:3.0f} %  {step}", err=True)

    try:
        with worker_session() as session:
            made = report_sensitivity(session, plan_hash, seconds=seconds, report=report)
    except NoSuchPlanError:
        click.echo(f"No report was made: no stored plan begins with {plan_hash!r}.", err=True)
        return 2
    if as_json:
        click.echo(json.dumps(asdict(made)))
    else:
        click.echo(
            f"{made.hash}  {made.no_regret} of {made.schools} schools stay funded in all "
            f"{made.computed} computed variants of {made.variants}"
        )
    sys.stdout.flush()
    return 0
