"""The pages of areas."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from app.web.areas.area_page import area_page, index_page
from app.web.areas.coverage_rule import complete_pct, needed_pct
from app.web.areas.history import history_page
from app.web.checked_filter import checked_filter
from app.web.guard import declare_action
from app.web.language import PREFIX
from app.web.remembered import remembered
from app.web.request import current_session
from app.web.shown_run import run_or_none
from geodata.queries import areas

blueprint = Blueprint("areas", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")
blueprint.add_app_template_global(needed_pct)
blueprint.add_app_template_global(complete_pct)


@blueprint.get("/areas")
def index() -> str:
    """Show the country's first two levels to choose from."""
    on = checked_filter().date
    return render_template("areas/index.html", page=index_page(current_session(), run_or_none(), on))


@blueprint.get("/areas/<code>")
def area(code: str) -> str:
    """Show one area of any level, today's or former."""
    session = current_session()
    on = checked_filter().date
    run = run_or_none()
    run_id = run.id if run else None
    found = remembered(("family", run_id, code, on), lambda: areas.family(session, run_id, code, on))
    if found is None:
        abort(404)
    return render_template("areas/area.html", page=area_page(session, run, found, on))


@blueprint.get("/areas/<code>/history")
def history(code: str) -> str:
    """Show one area in every published ranking, with the units that it came from or became."""
    session = current_session()
    run = run_or_none()
    run_id = run.id if run else None
    found = remembered(("family", run_id, code, None), lambda: areas.family(session, run_id, code))
    if found is None:
        abort(404)
    return render_template("areas/history.html", page=history_page(session, found))
