"""``priors``: count tables of priors from what is surveyed, and say which one rankings use."""

from __future__ import annotations

import json

import click

NONE = "none"


@click.group()
def command() -> None:
    """Priors: what a building of unknown type, and an answer that nobody has, are taken for until they are surveyed.

    A table is counted once and frozen; a ranking uses the one in force, and says so.
    """


@command.command()
@click.option("--draft", is_flag=True, help="store the table without putting it in force")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def make(draft: bool, as_json: bool) -> int:
    """Count a table from what is surveyed now and put it in force; the same counts make no second table."""
    from app.workflows.make_priors import PriorsError, make_priors
    from scripts.connection import worker_session

    try:
        with worker_session() as session:
            found = make_priors(session, in_force=not draft)
    except PriorsError as error:
        click.echo(f"Nothing was counted: {error}", err=True)
        return 2
    if as_json:
        click.echo(json.dumps({name: getattr(found, name) for name in found.__slots__}))
        return 0
    if not found.is_new:
        click.echo(f"table {found.number}: nothing that is counted has changed since, no new one")
    else:
        click.echo(
            f"table {found.number}: {found.buildings} buildings of known type, {found.answers} answers; "
            f"{found.type_pools} groups with shares of types, {found.answer_pools} with pass rates"
        )
    click.echo("stored, not in force" if draft else "in force: the next ranking uses it")
    return 0


@command.command()
@click.argument("number")
def use(number: str) -> int:
    """Put table NUMBER in force, or "none": all types alike and one pass rate."""
    from app.workflows.make_priors import UnknownVersionError, put_in_force
    from scripts.connection import worker_session

    if number != NONE and not number.isdecimal():
        raise click.UsageError('a number of a table, or "none"')
    try:
        with worker_session() as session:
            put_in_force(session, None if number == NONE else int(number))
    except UnknownVersionError as error:
        click.echo(f"Nothing was changed: {error}", err=True)
        return 2
    click.echo("no table is in force" if number == NONE else f"table {number} is in force: the next ranking uses it")
    return 0


@command.command("list")
def list_tables() -> int:
    """List the tables, the newest first; the one in force has a star."""
    from geodata.queries import priors
    from scripts.connection import worker_session

    with worker_session() as session:
        standing = priors.in_force(session)
        rows = priors.list_versions(session)
        for row in rows:
            one = row.version
            mark = "*" if standing is not None and standing.version.id == one.id else " "
            click.echo(
                f"{mark} {one.number}  {one.data_date}  {one.buildings} buildings  {one.answers} answers  {row.edition}"
            )
    if not rows:
        click.echo("no table yet: scripts/mektep priors make")
    return 0
