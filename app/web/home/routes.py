"""The front page: one sentence, the map, four figures, search, and the way to one's own area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from app.web.areas.area_map import draw
from app.web.areas.area_page import map_key, unit_row
from app.web.guard import declare_action
from app.web.language import PREFIX
from app.web.remembered import remembered
from app.web.request import current_session
from app.web.shown_run import run_or_none
from geodata.queries import areas

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import Run

blueprint = Blueprint("home", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")


def _country(session: Session, run: Run | None) -> areas.Family | None:
    country = areas.country(session)
    return areas.family(session, run.id if run else None, country.code) if country else None


@blueprint.get("/")
def index() -> str:
    """Show the country at one look."""
    session, run = current_session(), run_or_none()
    found = remembered(("country", run.id if run else None), lambda: _country(session, run))
    row, units = (found.path[-1], found.children) if found else (None, [])
    page = {
        "run": run,
        "country": row,
        "own": unit_row(row) if row else None,
        "units": [unit_row(unit) for unit in units],
        "map": draw(session, run, None) if run and units else None,
        "map_key": map_key(),
    }
    return render_template("home/index.html", page=page)
