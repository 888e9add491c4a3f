"""``scenario``: the schools that an event reaches: an earthquake by an equation or a file, the area of a storm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from app.workflows.run_scenario import ScenarioSummary

UNITS = ("g", "pct_g", "cm_s2", "m_s2", "msk", "inside")


def _told(made: ScenarioSummary) -> str:
    if made.strongest_msk is None:
        return f"{made.code}: {made.schools} schools inside the area"
    return f"{made.code}: {made.schools} schools shaken, at most {made.strongest_msk:.1f} MSK"


@click.group()
def command() -> None:
    """Scenario events: an earthquake of the past again, or a footprint from a file. Visible once published."""


@command.command("run")
@click.argument("code")
@click.option("--publish", is_flag=True, help="let everybody see it")
@click.option("--replace", is_flag=True, help="compute it anew over the schools of today")
def run(code: str, publish: bool, replace: bool) -> int:
    """Compute the repeat of an earthquake of the past (kemin-1911, suusamyr-1992)."""
    from app.workflows.run_scenario import run_past_event
    from app.workflows.scenario_errors import ScenarioError
    from scripts.connection import worker_session

    try:
        with worker_session() as session:
            made = run_past_event(session, code, publish=publish, replace=replace)
    except ScenarioError as error:
        click.echo(f"Nothing was computed: {error}", err=True)
        return 2
    click.echo(_told(made))
    return 0


@command.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--code", required=True, help="name in addresses: Latin letters, digits, hyphens")
@click.option("--title", "title_en", required=True, help="English title")
@click.option("--title-ky", required=True)
@click.option("--title-ru", required=True)
@click.option("--source", required=True, help="who made the footprint, and when")
@click.option("--licence")
@click.option(
    "--unit",
    type=click.Choice(UNITS),
    help="of the values; a ShakeMap states its own; inside: an area without a degree (storm, warning)",
)
@click.option("--field", help="property of polygons, or field of the grid, that holds the value")
@click.option("--synthetic", is_flag=True, help="the footprint is made up; every view says so")
@click.option("--publish", is_flag=True, help="let everybody see it")
@click.option("--replace", is_flag=True, help="take the place of a scenario of the same code")
def import_file(
    path: Path,
    code: str,
    title_en: str,
    title_ky: str,
    title_ru: str,
    source: str,
    licence: str | None,
    unit: str | None,
    field: str | None,
    synthetic: bool,
    publish: bool,
    replace: bool,
) -> int:
    """Compute a scenario from a ShakeMap grid.xml, a GeoTIFF or GeoJSON polygons (EPSG:4326)."""
    from app.workflows.run_footprint import run_footprint
    from app.workflows.scenario_errors import ScenarioError
    from geodata.errors import FootprintRefusedError
    from scripts.connection import worker_session

    titles = {"ky": title_ky, "ru": title_ru, "en": title_en}
    try:
        with worker_session() as session:
            made = run_footprint(
                session, path, code, titles, source, unit=unit, field=field, licence=licence,
                is_synthetic=synthetic, publish=publish, replace=replace,
            )  # fmt: skip
    except (ScenarioError, FootprintRefusedError) as error:
        click.echo(f"Nothing was computed: {error}", err=True)
        return 2
    click.echo(_told(made))
    return 0


@command.command("publish")
@click.argument("code")
def publish(code: str) -> int:
    """Let everybody see a scenario."""
    from app.workflows.run_scenario import publish_scenario
    from app.workflows.scenario_errors import ScenarioError
    from scripts.connection import worker_session

    try:
        with worker_session() as session:
            publish_scenario(session, code)
    except ScenarioError as error:
        click.echo(str(error), err=True)
        return 2
    click.echo(f"{code} is published")
    return 0


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_all(as_json: bool) -> int:
    """List the scenarios that were computed."""
    from geodata.queries.scenarios import list_scenarios
    from scripts.connection import worker_session

    with worker_session() as session:
        for found in list_scenarios(session):
            state = "published" if found.is_published else "not published"
            facts = {"code": found.code, "title": found.title_en, "published": found.is_published}
            click.echo(json.dumps(facts) if as_json else f"{found.code}  {found.title_en} ({state})")
    return 0
