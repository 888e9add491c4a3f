"""``accounts bind|unbind``: who an account is at the OpenID Connect provider of the settings."""

from __future__ import annotations

import click

from app.settings import Settings
from app.workflows import openid as workflow
from app.workflows.account_errors import AccountsError
from scripts.connection import worker_session


def _issuer() -> str:
    issuer = Settings().oidc_issuer
    if not issuer:
        raise click.UsageError("no provider is set: MEKTEP_OIDC_ISSUER")
    return issuer


@click.command()
@click.argument("name")
@click.argument("subject")
def bind(name: str, subject: str) -> None:
    """Let who is SUBJECT at the provider sign in as the account NAME."""
    issuer = _issuer()
    try:
        with worker_session() as session:
            workflow.bind(session, name, issuer, subject)
    except workflow.IdentityTakenError as error:
        raise click.UsageError("this subject is bound already") from error
    except AccountsError as error:
        raise click.UsageError("there is no account of this name, or the subject is empty") from error
    click.echo(f"account {name.lower()}: bound")


@click.command()
@click.argument("name")
def unbind(name: str) -> None:
    """Refuse the account NAME to everybody who comes from the provider; its password stays."""
    issuer = _issuer()
    try:
        with worker_session() as session:
            workflow.unbind(session, name, issuer)
    except AccountsError as error:
        raise click.UsageError("there is no account of this name, or nothing is bound to it") from error
    click.echo(f"account {name.lower()}: unbound")
