"""Write a plan in one or more formats: ``export plan``."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import click

from app.exports.exporter import ListTooLongError, UnknownFormatError
from app.exports.plan_print import OFFERED, find_plan_exporter
from app.i18n.languages import CODES
from app.workflows.export_list import AreaNotFoundError
from app.workflows.export_plan import PlanNotFoundError, find_plan, write_plan
from scripts.connection import worker_session
from scripts.export_files import write_each

WORDS: dict[type[Exception], str] = {
    UnknownFormatError: "no such format",
    PlanNotFoundError: "no such plan",
    AreaNotFoundError: "no such area",
    ListTooLongError: "too long for this format",
}


@click.command()
@click.option("--plan", "plan_hash", required=True, help="Hash of the plan, 8 characters or more.")
@click.option("--area", "area_code", help="Code of an area of any level; the whole plan without it.")
@click.option("--format", "formats", required=True, help=f"{', '.join(OFFERED)}; by comma.")
@click.option("--lang", "language", type=click.Choice(CODES), default=CODES[0], show_default=True)
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file; with several formats its ending is replaced.",
)
@click.option("--unpublished", is_flag=True, help="Take plans that are not public too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def plan(
    plan_hash: str,
    area_code: str | None,
    formats: str,
    language: str,
    output: Path,
    unpublished: bool,
    as_json: bool,
) -> None:
    """Write the schools that a plan funds, or those of one area."""
    keys = [key.strip() for key in formats.split(",") if key.strip()]
    with ExitStack() as stack:
        try:
            exporters = [find_plan_exporter(key) for key in keys]
            session = stack.enter_context(worker_session("national" if unpublished else "public"))
            found = find_plan(session, plan_hash)
            made = write_each(
                exporters, output, lambda one, path: write_plan(session, found, area_code, one, language, path)
            )
        except tuple(WORDS) as error:
            raise click.UsageError(f"{WORDS[type(error)]}: {error}") from error
    if as_json:
        files = [
            {"file": str(path), "format": one.key, "schools": document.count, "cost_som": document.cost_som}
            for path, one, document in made
        ]
        click.echo(json.dumps({"plan": found.hash, "run": found.run_hash, "files": files}, ensure_ascii=False))
        return
    for path, _one, document in made:
        click.echo(f"{path}: {document.count} schools, {document.cost_som} som")
