"""The data page: downloads with licence, interfaces, steps for QGIS and Excel, sources, freshness."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.web.data.sources import published, reference_sources
from app.web.guard import declare_action
from app.web.language import PREFIX
from app.web.request import current_session
from app.web.shown_run import run_or_none
from geodata.queries import hazards

blueprint = Blueprint("data", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")


@blueprint.get("/data")
def index() -> str:
    """Show what can be taken, how, and under which licence."""
    page = {
        "run": run_or_none(),
        "layers": hazards.current_layers(current_session()),
        "sources": reference_sources(),
        "published": published,
        "host": request.host_url.rstrip("/"),
    }
    return render_template("data/index.html", page=page)
