"""``rank``: make a ranked list and print its hash."""

from __future__ import annotations

import json
import sys

import click


@click.command()
@click.option("--scheme", default="default", show_default=True, help="which weights and hazards count")
@click.option(
    "--draws", type=click.IntRange(0, 100_000), help="how often to draw for intervals; 0 = bounds only [default: 1000]"
)
@click.option("--official", is_flag=True, help="let this list stand before newer ones that are not official")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def command(scheme: str, draws: int | None, official: bool, as_json: bool) -> int:
    """Rank every school by how urgently it needs money; the same data, weights and draws give the same hash."""
    from app.prioritisation.errors import PrioritisationError
    from app.prioritisation.scheme import list_schemes
    from app.workflows.rank_schools import NotRankableError, rank_schools
    from scripts.connection import worker_session

    if scheme not in list_schemes():
        raise click.UsageError(f"there is no scheme {scheme!r}; there are: {', '.join(list_schemes())}")

    def report(pct: float, step: str) -> None:
        click.echo(f"{pct:3.0f} %  {step}", err=True)

    try:
        with worker_session() as session:
            made = rank_schools(session, scheme, draws=draws, official=official, report=report)
    except (NotRankableError, PrioritisationError) as error:
        click.echo(f"Nothing was ranked: {error}", err=True)
        return 2
    if as_json:
        found = {"run": made.hash, "schools": made.schools, "ranked": made.ranked, "is_new": made.is_new}
        click.echo(json.dumps(found))
    else:
        state = "new" if made.is_new else "the same data as before: nothing new"
        click.echo(f"{made.hash}  {made.ranked} of {made.schools} schools ranked ({state})")
    sys.stdout.flush()
    return 0
