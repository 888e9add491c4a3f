"""``db upgrade`` and ``db status``: migrations, as the owner role."""

from __future__ import annotations

import json

import click

from app.settings import Settings
from geodata import upgrade as migrations
from geodata.database import make_engine, open_session
from scripts.connection import NotConfiguredError


def _owner_url() -> str:
    url = Settings().owner_url
    if not url:
        raise NotConfiguredError("no database address is set: call scripts/mektep, or set MEKTEP_OWNER_URL")
    return url


@click.group()
def command() -> None:
    """Migrations of the database."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def upgrade(as_json: bool) -> None:
    """Apply the migrations that are missing."""
    before, after = migrations.upgrade(_owner_url())
    if as_json:
        click.echo(json.dumps({"before": before, "after": after}))
    elif before == after:
        click.echo(f"nothing to do: the database has migration {after}")
    else:
        click.echo(f"migrated from {before or 'nothing'} to {after}")


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(as_json: bool) -> int:
    """Say which migration the database has and which the program needs; exit 1 when it is behind."""
    engine = make_engine(_owner_url())
    with open_session(engine, "none") as session:
        current = migrations.current_revision(session)
    engine.dispose()
    newest = migrations.newest_revision()
    if as_json:
        click.echo(json.dumps({"current": current, "newest": newest, "is_current": current == newest}))
    else:
        click.echo(f"database: {current or 'empty'}, program: {newest}")
    return 0 if current == newest else 1
