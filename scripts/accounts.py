"""``accounts``: people (add, invite, link, grant, disable, enable, reset, list) and the keys of their programs."""

from __future__ import annotations

import json
import sys

import click

from app.permissions import ROLES
from app.workflows import manage_accounts as workflow
from app.workflows.manage_accounts import AccountsError
from geodata.queries.accounts import list_accounts
from scripts.account_identities import bind, unbind
from scripts.account_keys import key, keys, revoke
from scripts.account_links import enable, forget_factor, invite, link, refuse
from scripts.connection import worker_session

from_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
ask = click.option("--ask", is_flag=True, help="Ask for the password instead of making one.")
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def command() -> None:
    """Accounts: who may import, rank and undo."""


for one in (key, keys, revoke, bind, unbind, invite, link, enable, forget_factor):
    command.add_command(one)


def _choose_password(password_stdin: bool, ask_for_it: bool) -> tuple[str, bool]:
    if password_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    if ask_for_it:
        chosen: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return chosen, False
    return workflow.make_password(), True


def _tell(what: str, name: str, password: str | None, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"account": name.lower(), "done": what, "password": password}))
        return
    click.echo(f"account {name.lower()}: {what}")
    if password:
        click.echo(f"password (shown this once): {password}")


@command.command()
@click.argument("name")
@click.option("--role", type=click.Choice(list(ROLES)), default="planner", show_default=True)
@click.option("--place", help="Code of the area or the school that the role is for; without it the whole country.")
@from_stdin
@ask
@as_json_option
def add(name: str, role: str, place: str | None, password_stdin: bool, ask: bool, as_json: bool) -> None:
    """Add the account NAME; its password is made and printed once unless it is given."""
    password, is_made = _choose_password(password_stdin, ask)
    try:
        with worker_session() as session:
            workflow.add_account(session, name, password, role, place)
    except AccountsError as error:
        raise refuse(error) from error
    _tell("added", name, password if is_made else None, as_json)


@command.command()
@click.argument("name")
@click.argument("role", type=click.Choice(list(ROLES)))
@click.option("--place", help="Code of the area or the school that the role is for; without it the whole country.")
@as_json_option
def grant(name: str, role: str, place: str | None, as_json: bool) -> None:
    """Give the account NAME one more ROLE."""
    try:
        with worker_session() as session:
            workflow.grant_role(session, name, role, place)
    except AccountsError as error:
        raise refuse(error) from error
    _tell(f"is {role} of {place or 'the country'}", name, None, as_json)


@command.command()
@click.argument("name")
@as_json_option
def disable(name: str, as_json: bool) -> None:
    """Refuse the account NAME from now on; signed-in browsers are out at once."""
    try:
        with worker_session() as session:
            workflow.disable_account(session, name)
    except AccountsError as error:
        raise refuse(error) from error
    _tell("disabled", name, None, as_json)


@command.command()
@click.argument("name")
@from_stdin
@ask
@as_json_option
def reset(name: str, password_stdin: bool, ask: bool, as_json: bool) -> None:
    """Give the account NAME a new password, enable it, and sign its browsers out."""
    password, is_made = _choose_password(password_stdin, ask)
    try:
        with worker_session() as session:
            workflow.reset_account(session, name, password)
    except AccountsError as error:
        raise refuse(error) from error
    _tell("reset", name, password if is_made else None, as_json)


@command.command(name="list")
@as_json_option
def show(as_json: bool) -> None:
    """List the accounts."""
    with worker_session() as session:
        rows = [
            {
                "account": account.name,
                "active": account.active,
                "roles": ", ".join(sorted({grant.role for grant in account.grants})),
            }
            for account in list_accounts(session)
        ]
    if as_json:
        click.echo(json.dumps({"accounts": rows}))
        return
    for row in rows:
        click.echo(f"{row['account']}\t{'active' if row['active'] else 'disabled'}\t{row['roles']}")
