"""``backup FILE``: database, uploads and rasters in one archive that proves itself."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from app.settings import Settings
from app.workflows.back_up import back_up
from geodata.dump import DumpFailedError
from scripts.connection import NotConfiguredError


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(file: Path, as_json: bool) -> None:
    """Write all data into FILE. Keep it elsewhere, and safe: it holds what only some may see."""
    settings = Settings()
    if not settings.owner_url:
        raise NotConfiguredError("no database address is set: call scripts/mektep, or set MEKTEP_OWNER_URL")
    try:
        summary = back_up(settings, file, lambda pct, step: click.echo(f"{pct:3.0f} %  {step}", err=True))
    except DumpFailedError as error:
        raise click.ClickException(f"no backup was made: {error}") from error
    if as_json:
        click.echo(json.dumps({"file": str(file), **asdict(summary)}))
    else:
        size = summary.size_bytes / 1e6
        click.echo(f"{file}: {summary.tables} tables, {summary.rows} rows, {summary.files} files, {size:.1f} MB")
    if summary.damaged:
        click.echo(f"evidence missing or damaged before the backup: {', '.join(summary.damaged[:20])}", err=True)
