"""Write the ranked list in one or more formats: ``export priorities``; ``export plan`` stands in its own module."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import click

from app.exports.exporter import ListTooLongError, UnknownFormatError, find_exporter
from app.i18n.languages import CODES
from app.workflows.export_list import AreaNotFoundError, RunNotFoundError, find_run, write_list
from geodata.records.priority import ListFilter
from scripts.connection import worker_session
from scripts.export_files import write_each
from scripts.export_plan import plan


@click.group(help="Write the list in the formats that people use.")
def command() -> None:
    """Group of what can be exported."""


command.add_command(plan)


@command.command()
@click.option("--run", "run_hash", help="Hash of the ranking (8 characters or more); the published one without it.")
@click.option("--area", "area_code", help="Code of an area of any level; the country without it.")
@click.option("--format", "formats", required=True, help="csv, xlsx, geojson, gpkg, parquet, html, pdf; by comma.")
@click.option("--lang", "language", type=click.Choice(CODES), default=CODES[0], show_default=True)
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file; with several formats its ending is replaced.",
)
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Map of areas of this day.")
@click.option("--unpublished", is_flag=True, help="Include what is not public (by default the public view is written).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def priorities(
    run_hash: str | None,
    area_code: str | None,
    formats: str,
    language: str,
    output: Path,
    day: date | None,
    unpublished: bool,
    as_json: bool,
) -> None:
    """Write the ranked list, or the list of one area."""
    wanted = ListFilter(run=run_hash, area=area_code, date=day)
    keys = [key.strip() for key in formats.split(",") if key.strip()]
    with ExitStack() as stack:
        try:
            exporters = [find_exporter(key) for key in keys]
            session = stack.enter_context(worker_session("national" if unpublished else "public"))
            run = find_run(session, run_hash)
            made = write_each(
                exporters, output, lambda one, path: write_list(session, run, wanted, one, language, path)
            )
        except (UnknownFormatError, RunNotFoundError, AreaNotFoundError, ListTooLongError) as error:
            raise click.UsageError(_explain(error)) from error
    written = [{"file": str(path), "format": one.key, "schools": found.count} for path, one, found in made]
    if as_json:
        print(json.dumps({"run": run.hash, "files": written}, ensure_ascii=False))
        return
    for one in written:
        print(f"{one['file']}: {one['schools']} schools", file=sys.stdout)


def _explain(error: Exception) -> str:
    if isinstance(error, UnknownFormatError):
        return f"no such format: {error}"
    if isinstance(error, RunNotFoundError):
        return f"no such ranking: {error}" if str(error) else "nothing has been ranked yet: call rank first"
    if isinstance(error, AreaNotFoundError):
        return f"no such area: {error}"
    return str(error)
