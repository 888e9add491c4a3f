"""The data page: downloads with licence, interfaces, steps for QGIS and Excel, sources, freshness."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from app.exports.csvw import EXTENSION
from app.exports.plain_table import TYPES, table_file
from app.exports.words import HAZARD_LABELS
from app.i18n.catalogue import translator
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.web.csv_companion import about_table
from app.web.data.sources import published, reference_sources
from app.web.guard import declare_action, requires
from app.web.imports.words import KIND_WORDS
from app.web.language import PREFIX, current_language
from app.web.official.routes import file_answer
from app.web.request import current_session
from app.web.shown_run import run_or_none
from geodata.queries import hazard_sites, hazards, roads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from app.exports.plain_table import Cell

blueprint = Blueprint("data", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")


@blueprint.get("/data")
def index() -> str:
    """Show what can be taken, how, and under which licence."""
    page = {
        "run": run_or_none(),
        "layers": hazards.current_layers(current_session()),
        "travel": roads.current_versions(current_session()),
        "travel_words": {kind: KIND_WORDS[kind] for kind in ("roads", "services")},
        "sources": reference_sources(),
        "published": published,
        "host": request.host_url.rstrip("/"),
    }
    return render_template("data/index.html", page=page)


SITES = N_("Hazard areas and schools")
SITE_COLUMNS = {
    "hazard": N_("Hazard"),
    "level": N_("Level"),
    "layer": N_("Layer"),
    "site": N_("Number of the area"),
    "site_name": N_("Name of the area"),
    "site_facts": N_("What its source says of it"),
    "code": N_("Code"),
    "name": N_("School"),
    "pupils": N_("Pupils"),
    "shift_1": N_("Pupils of shift 1"),
    "shift_2": N_("Pupils of shift 2"),
    "shift_3": N_("Pupils of shift 3"),
}


@blueprint.get("/data/hazard-sites.csv-metadata.json", defaults={"extension": EXTENSION})
@blueprint.get("/data/hazard-sites.<any(csv, xlsx):extension>")
@requires("export")
def sites(extension: str) -> Response:
    """Send the hazard areas with the schools inside them and their pupils by shift."""
    language = current_language()
    say = translator(language)
    rows = _site_rows(hazard_sites.list_sites(current_session()), language, say)
    labels = [say(label) for label in SITE_COLUMNS.values()]
    content = table_file(extension, list(SITE_COLUMNS), labels, rows, say(SITES), about_table(of_run=False))
    return file_answer(content, f"mektep-hazard-sites.{extension}", TYPES[extension])


def _site_rows(found: Any, language: str, say: Callable[..., str]) -> Iterator[list[Cell]]:
    for row in found:
        shifts = [*(row.shift_pupils or ()), None, None, None][:3]
        yield [
            say(HAZARD_LABELS.get(row.hazard, row.hazard)),
            row.level,
            say(row.layer_title or row.layer_code),
            row.site,
            row.site_name,
            json.dumps(row.properties, ensure_ascii=False, sort_keys=True) if row.properties else None,
            row.code,
            local_name(row, language),
            row.pupils,
            *shifts,
        ]
