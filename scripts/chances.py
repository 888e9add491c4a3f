"""``chances``: draw a stored plan and print how firm its schools are."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click


@click.command()
@click.argument("plan_hash")
@click.option("--draws", type=click.IntRange(1, 5000), help="How many draws; without it as the method says.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(plan_hash: str, draws: int | None, as_json: bool) -> int:
    """Draw costs and benefits of the plan PLAN_HASH (or its beginning) and store how often each school gets money.

    Exit 2: there is no such plan, what it was chosen from has changed, or no draw could keep its rules.
    """
    from app.workflows.plan_draws import draw_plan
    from app.workflows.plan_wish import AllocationError
    from scripts.connection import worker_session

    def report(pct: float, step: str) -> None:
        click.echo(f"{pct:3.0f} %  {step}", err=True)

    try:
        with worker_session() as session:
            made = draw_plan(session, plan_hash, draws=draws, report=report)
    except AllocationError as error:
        click.echo(f"Nothing was drawn: {type(error).__name__}: {error}", err=True)
        return 2
    if as_json:
        click.echo(json.dumps(asdict(made)))
    else:
        click.echo(
            f"{made.firm} of {made.schools} schools get money in nine of ten of {made.draws} draws; "
            f"{made.refused} draws could not keep the rules"
        )
    sys.stdout.flush()
    return 0
