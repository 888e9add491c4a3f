"""``restore FILE``: verify an archive, then load it; the target is as before when anything is wrong."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from app.settings import Settings
from app.workflows.back_up import ArchiveRefusedError, TargetNotEmptyError, restore
from geodata.dump import DumpFailedError, RestoreFailedError
from scripts.connection import NotConfiguredError


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--replace", is_flag=True, help="Replace the data that are there.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(file: Path, replace: bool, as_json: bool) -> None:
    """Load FILE into an empty database, compare every table's checksum, and only then keep it."""
    settings = Settings()
    if not settings.owner_url:
        raise NotConfiguredError("no database address is set: call scripts/mektep, or set MEKTEP_OWNER_URL")

    def report(pct: float, step: str) -> None:
        click.echo(f"{pct:3.0f} %  {step}", err=True)

    try:
        summary = restore(settings, file, replace=replace, report=report)
    except ArchiveRefusedError as error:
        raise click.UsageError(f"refused, nothing was changed: {error}") from error
    except TargetNotEmptyError as error:
        raise click.UsageError(
            "the database holds data; nothing was changed. Use --replace to replace them."
        ) from error
    except (RestoreFailedError, DumpFailedError) as error:
        raise click.ClickException(f"rolled back, nothing was changed: {error}") from error
    if as_json:
        click.echo(json.dumps({"file": str(file), **asdict(summary)}))
    else:
        click.echo(f"restored: {summary.tables} tables, {summary.rows} rows, {summary.files} files; checksums equal")
