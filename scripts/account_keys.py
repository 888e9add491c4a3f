"""``accounts key|keys|revoke``: keys of programs, for installations without a person at a browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from app.permissions import KEY_RIGHTS
from app.workflows import manage_keys as workflow
from app.workflows.manage_keys import KeysError, KeyWish
from geodata.queries import accounts, api_keys
from scripts.connection import worker_session

if TYPE_CHECKING:
    from geodata.records.api_key import KeyRecord

REASONS = {
    workflow.NoSuchKeyError: "there is no active account of this name with a role, or no working key of this beginning",
    workflow.TooManyKeysError: f"the account has {workflow.MOST_KEYS} working keys; revoke one first",
}
FIELDS = {
    "title": f"a key needs a title of at most {workflow.LONGEST_TITLE} characters",
    "rights": "a key can carry only rights that the account has",
    "days": f"a key works for 1 to {workflow.LONGEST_DAYS} days",
    "per_minute": f"a key takes 1 to {workflow.HIGHEST_RATE} requests a minute",
}
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def _refuse(error: KeysError) -> click.UsageError:
    if isinstance(error, workflow.KeyFieldError):
        return click.UsageError(FIELDS[error.field])
    return click.UsageError(REASONS[type(error)])


@click.command()
@click.argument("name")
@click.option("--title", default="from the command line", show_default=True, help="What the key is for.")
@click.option("--expires", "days", type=int, default=90, show_default=True, help="Days until it ends, at most 365.")
@click.option(
    "--scope",
    default="",
    help=f"What it may do beyond reading what is public, separated by commas: {', '.join(KEY_RIGHTS)}.",
)
@click.option("--rate", "per_minute", type=int, default=300, show_default=True, help="Requests a minute.")
@as_json_option
def key(name: str, title: str, days: int, scope: str, per_minute: int, as_json: bool) -> None:
    """Make a key for the account NAME and print it once."""
    rights = [right.strip() for right in scope.split(",") if right.strip() not in ("", "read")]
    try:
        with worker_session() as session:
            secret = workflow.make_key_for(session, name, KeyWish(title, rights, days, per_minute))
    except KeysError as error:
        raise _refuse(error) from error
    if as_json:
        click.echo(json.dumps({"account": name.lower(), "key": secret, "scope": ["read", *rights], "days": days}))
        return
    click.echo(f"key (shown this once): {secret}")


@click.command()
@click.argument("name")
@as_json_option
def keys(name: str, as_json: bool) -> None:
    """List the keys of the account NAME by their beginnings."""
    with worker_session() as session:
        account_id = accounts.account_id_of(session, name)
        found = [] if account_id is None else api_keys.keys_of(session, account_id)
    if account_id is None:
        raise click.UsageError("there is no account of this name")
    if as_json:
        click.echo(json.dumps({"keys": [_row(one) for one in found]}))
        return
    for one in found:
        ends = one.expires_at.date().isoformat()
        click.echo("\t".join((one.prefix, _state(one), ends, ",".join(("read", *one.rights)), one.title)))


def _state(key: KeyRecord) -> str:
    return "works" if key.is_live else "revoked" if key.revoked_at else "ended"


def _row(key: KeyRecord) -> dict[str, Any]:
    return {
        "key": key.prefix,
        "title": key.title,
        "scope": ["read", *key.rights],
        "state": _state(key),
        "expires": key.expires_at.date().isoformat(),
        "last_used": key.last_used_at.isoformat(timespec="minutes") if key.last_used_at else None,
    }


@click.command()
@click.argument("prefix")
@as_json_option
def revoke(prefix: str, as_json: bool) -> None:
    """Refuse the key that begins with PREFIX from the next request on."""
    try:
        with worker_session() as session:
            found = [one for one in api_keys.keys_by_prefix(session, prefix) if one.is_live]
            if len(found) != 1:
                raise workflow.NoSuchKeyError
            workflow.revoke_key(session, found[0].id, api_keys.name_of_account(session, found[0]))
    except KeysError as error:
        raise _refuse(error) from error
    click.echo(json.dumps({"key": prefix, "done": "revoked"}) if as_json else f"key {prefix}: revoked")
