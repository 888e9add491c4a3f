"""``parameters``: check a table of your own, put it in use from the next ranking on, or the shipped one again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

TABLE = click.option("--table", help="name of the table, where the file is called otherwise")
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


def _facts(command: Callable[..., int]) -> Callable[..., int]:
    for option in (
        click.option("--licence", help="licence of the values, where it is another one"),
        click.option("--source", help="where the values come from, for all rows together"),
        click.option("--approver", required=True, help="account that ranks and publishes for the country"),
        click.option("--reason", required=True, help="why the values change"),
        click.option("--owner", required=True, help="the body that answers for the values"),
    ):
        command = option(command)
    return command


@click.group()
def command() -> None:
    """Parameter tables of the method: fragility, levels of hazards, casualties, weights, measures and all others.

    A table is held against the rules that read it. Lists and kits that were made before keep the table that they had.
    """


@command.command()
@FILE
@TABLE
def check(file: Path, table: str | None) -> int:
    """Hold FILE against the rules that read its table; nothing is changed. Exit 2 where it cannot be used."""
    from app.workflows.check_parameters import ParametersError, changes_of, check_table, table_name
    from geodata.readers.parameter_tables import read_parameter_tables, rows_of
    from scripts.connection import worker_session

    try:
        name = table_name(file, table)
        with worker_session():
            check_table(name, file.read_bytes())
    except ParametersError as error:
        click.echo(f"Refused: {error}", err=True)
        return 2
    now, then = read_parameter_tables().files[name], file.read_bytes()
    if now == then:
        click.echo(f"{name}: is in use already, byte by byte; there is nothing to do")
        return 0
    changed, new, gone = changes_of(name, now, then)
    rows = len(rows_of(then))
    click.echo(f"{name}: can be used; of {rows} rows {changed} changed, {new} new; {gone} of the rows of now are gone")
    return 0


@command.command()
@FILE
@TABLE
@_facts
def use(
    file: Path, table: str | None, owner: str, reason: str, approver: str, source: str | None, licence: str | None
) -> int:
    """Put FILE in use as its table: the next ranking rests on it and names it."""
    from app.workflows.check_parameters import ParametersError, table_name

    try:
        name = table_name(file, table)
    except ParametersError as error:
        click.echo(f"Nothing was changed: {error}", err=True)
        return 2
    return _use(name, file.read_bytes(), owner, reason, approver, source, licence)


@command.command()
@click.argument("table")
@_facts
def shipped(table: str, owner: str, reason: str, approver: str, source: str | None, licence: str | None) -> int:
    """Put the TABLE that ships with the program in use again."""
    from app.workflows.check_parameters import ParametersError, table_name

    try:
        name = table_name(Path(table), table)
    except ParametersError as error:
        click.echo(f"Nothing was changed: {error}", err=True)
        return 2
    return _use(name, None, owner, reason, approver, source, licence)


@command.command("list")
def list_decisions() -> int:
    """List what was decided on tables, the newest first."""
    from geodata.queries import parameter_decisions
    from scripts.connection import worker_session

    with worker_session() as session:
        found = parameter_decisions.list_decisions(session)
        for one in found:
            what = "shipped" if one.is_shipped else f"table {one.number}"
            told = f"{one.decided_at:%Y-%m-%d}  {one.file_name}  {what}  {one.sha256[:16]}"
            click.echo(f"{told}  {one.owner}: {one.reason}")
    if not found:
        click.echo("all tables are the shipped ones")
    return 0


def _use(
    name: str,
    content: bytes | None,
    owner: str,
    reason: str,
    approver: str,
    source: str | None,
    licence: str | None,
) -> int:
    from app.workflows.check_parameters import ParametersError
    from app.workflows.make_official import NoApproverError, approver_of
    from app.workflows.use_parameters import TableFacts, use_table
    from scripts.connection import worker_session

    try:
        with worker_session() as session:
            account = approver_of(session, approver)
            made = use_table(session, account, name, content, TableFacts(owner, reason, source, licence))
    except (ParametersError, NoApproverError) as error:
        click.echo(f"Nothing was changed: {error or type(error).__doc__}", err=True)
        return 2
    click.echo(f"{made.name} {made.number} is in use, SHA-256 {made.sha256}: the next ranking rests on it")
    return 0
