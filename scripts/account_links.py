"""``accounts invite|link|enable|forget-factor``: what a person without a password, or without a telephone, needs."""

from __future__ import annotations

import json

import click

from app.permissions import ROLES
from app.workflows import account_links, administer_accounts
from app.workflows.account_errors import (
    AccountsError,
    InvalidNameError,
    NameTakenError,
    NoSuchAccountError,
    UnknownPlaceError,
    WeakPasswordError,
    WrongPlaceError,
)
from geodata.database import Session
from geodata.queries.accounts import account_id_of
from scripts.connection import worker_session

REASONS: dict[type[AccountsError], str] = {
    NameTakenError: "an account of this name exists",
    InvalidNameError: "a name has 2 to 64 letters, digits and the signs . _ - @, without spaces",
    NoSuchAccountError: "there is no account of this name, or it is disabled",
    UnknownPlaceError: "there is no area and no school of this code",
    WrongPlaceError: "the role is not given for places of this level",
}

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
site_option = click.option("--site", default="", help="Address of the site, put before the link: https://example.org")


def refuse(error: AccountsError) -> click.UsageError:
    """Return the error in words."""
    if isinstance(error, WeakPasswordError):
        return click.UsageError(f"a password is: {error}")
    return click.UsageError(REASONS.get(type(error), "the account cannot be changed"))


def _tell(name: str, token: str, kind: account_links.Kind, site: str, as_json: bool) -> None:
    address, hours = f"{site.rstrip('/')}/ky/welcome/{token}", account_links.HOURS[kind]
    if as_json:
        click.echo(json.dumps({"account": name.lower(), "link": address, "hours": hours}))
        return
    click.echo(f"link for {name.lower()} (works once, for {hours} hours, shown this once): {address}")


def _id_of(session: Session, name: str) -> int:
    account_id = account_id_of(session, name)
    if account_id is None:
        raise NoSuchAccountError(name)
    return account_id


@click.command()
@click.argument("name")
@click.option("--role", type=click.Choice(list(ROLES)), required=True)
@click.option("--place", help="Code of the area or the school that the role is for; without it the whole country.")
@click.option("--person", help="The person's own name, shown beside the account's.")
@site_option
@as_json_option
def invite(name: str, role: str, place: str | None, person: str | None, site: str, as_json: bool) -> None:
    """Make the account NAME and print a link by which the person chooses the password."""
    try:
        with worker_session() as session:
            _, token = account_links.invite(session, name, role, place, display_name=person)
    except AccountsError as error:
        raise refuse(error) from error
    _tell(name, token, "invitation", site, as_json)


@click.command()
@click.argument("name")
@site_option
@as_json_option
def link(name: str, site: str, as_json: bool) -> None:
    """Print a new link by which the owner of the account NAME chooses a new password."""
    try:
        with worker_session() as session:
            made = account_links.make_link(session, _id_of(session, name))
    except AccountsError as error:
        raise refuse(error) from error
    _tell(name, made.token, made.kind, site, as_json)


@click.command()
@click.argument("name")
def enable(name: str) -> None:
    """Let the disabled account NAME sign in again with its password."""
    try:
        with worker_session() as session:
            administer_accounts.enable(session, _id_of(session, name))
    except AccountsError as error:
        raise refuse(error) from error
    click.echo(f"account {name.lower()}: enabled")


@click.command(name="forget-factor")
@click.argument("name")
def forget_factor(name: str) -> None:
    """Take the second factor of the account NAME away (telephone and paper are lost); it is set up anew."""
    try:
        with worker_session() as session:
            administer_accounts.remove_second_factor(session, _id_of(session, name))
    except AccountsError as error:
        raise refuse(error) from error
    click.echo(f"account {name.lower()}: the second factor was taken away")
