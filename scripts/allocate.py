"""``allocate``: choose the best measures within a budget and print the plan's hash."""

from __future__ import annotations

import json
import sys

import click

BUDGET = click.IntRange(0, 10**15)


@click.command()
@click.option("--run", "run_hash", required=True, help="Hash of the ranking, or its beginning.")
@click.option("--budget", "budget_som", required=True, type=BUDGET, help="Whole som of one year.")
@click.option(
    "--floor-share",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="Share of what its need would bring it that each oblast is sure of; 0 = no floors.",
)
@click.option("--gini", type=click.FloatRange(0, 1), help="Largest unevenness of the money per pupil between oblasts.")
@click.option("--seconds", type=click.FloatRange(1, 3600), default=60.0, show_default=True, help="Time of each step.")
@click.option("--publish", is_flag=True, help="Let everybody see the plan.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    run_hash: str,
    budget_som: int,
    floor_share: float,
    gini: float | None,
    seconds: float,
    publish: bool,
    as_json: bool,
) -> int:
    """Choose the best measures for the schools of a ranking; the same inputs give the same plan and hash.

    Exit 2: the rules conflict (the smallest set that does is named), or there is nothing to choose from.
    """
    from app.funding.errors import FundingError
    from app.workflows.allocate_budget import AllocationError, Wish, allocate_budget
    from scripts.connection import worker_session

    def report(pct: float, step: str) -> None:
        click.echo(f"{pct:3.0f} %  {step}", err=True)

    try:
        with worker_session() as session:
            made = allocate_budget(
                session,
                run_hash,
                Wish(budget_som, floor_share, gini),
                seconds=seconds,
                publish=publish,
                report=report,
            )
    except (FundingError, AllocationError) as error:
        click.echo(f"No plan was made: {type(error).__name__}: {error}", err=True)
        return 2
    if as_json:
        found = {
            "plan": made.hash,
            "cost": made.cost_som,
            "benefit": made.benefit,
            "gap": made.gap,
            "funded": made.funded,
            "is_proven": made.is_proven,
            "is_new": made.is_new,
        }
        click.echo(json.dumps(found))
    else:
        proven = f"proven within {made.gap:.4%}" if made.is_proven else f"NOT PROVEN: may miss {made.gap:.2%}"
        click.echo(f"{made.hash}  {made.funded} schools, {made.cost_som:,} som ({proven})")
    sys.stdout.flush()
    return 0
