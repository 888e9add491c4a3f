"""``rescore``: all schools by the answers of any day and against any edition, and what moved between two of such."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.i18n.languages import CODES

if TYPE_CHECKING:
    from datetime import date

    from app.workflows.rescore import Moment
    from geodata.database import Session

DAY = click.DateTime(["%Y-%m-%d"])
DONE, REFUSED = 0, 2
FORMATS = (".csv", ".xlsx")


@click.command()
@click.option("--date", "day", type=DAY, help="Answers that were public at the end of this day; today without it.")
@click.option("--edition", help="Code of the edition to measure by; the one in force without it.")
@click.option("--against-date", type=DAY, help="The day to compare with; the same day without it.")
@click.option("--against-edition", help="The edition to compare with; the one in force without it.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Every school, as .csv or .xlsx.")
@click.option("--lang", type=click.Choice(CODES), default=CODES[0], show_default=True, help="Of the file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    day: datetime | None,
    edition: str | None,
    against_date: datetime | None,
    against_edition: str | None,
    output: Path | None,
    lang: str,
    as_json: bool,
) -> int:
    """Score the schools as of a day against an edition, and say which grades the rule, our knowledge or reality moved.

    Nothing is stored; the list that money rests on stays what it is.
    """
    from app.workflows.rescore import RescoreError, compare
    from app.workflows.rescore_table import summarise
    from scripts.connection import worker_session

    if output is not None and output.suffix not in FORMATS:
        raise click.UsageError(f"a file is one of {', '.join(FORMATS)}: {output.name}")
    with worker_session("public") as session:
        new = _moment(session, day, edition)
        old = _moment(session, against_date or (None if day is None else day), against_edition)
        try:
            loaded, found = compare(session, old, new)
        except RescoreError as error:
            click.echo(f"nothing was scored: {type(error).__name__}: {error}", err=True)
            return REFUSED
        told = summarise(session, loaded, found)
        if output is not None:
            from app.workflows.rescore_file import rescored_file

            output.write_bytes(rescored_file(session, loaded, found, output.suffix[1:], lang))
    asked = {"date": new.day.isoformat(), "edition": new.edition}
    asked |= {"against_date": old.day.isoformat(), "against_edition": old.edition}
    if as_json:
        click.echo(json.dumps(asked | told.as_json()))
        return DONE
    click.echo(f"{old.day} by {old.edition} -> {new.day} by {new.edition}")
    click.echo(f"{told.moved} of {told.schools} schools have another grade")
    for cause, moves in told.by_cause.items():
        click.echo(f"  by {cause}: {moves.better} better, {moves.worse} worse")
    return DONE


def _moment(session: Session, day: datetime | None, edition: str | None) -> Moment:
    from app.workflows.rescore import Moment
    from geodata.queries import past, standard

    on: date = day.date() if day else past.today_in_country(session)
    if edition is None:
        found = standard.find_edition(session)
        edition = found.code if found else ""
    return Moment(on, edition)
