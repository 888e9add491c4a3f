"""Scenario events: the list, one event by hour, and its schools as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, render_template, request

from app.exports.plain_table import TYPES
from app.web.guard import allowed, declare_action
from app.web.language import PREFIX
from app.web.request import current_session
from app.web.scenarios import presenters, sending
from app.web.scenarios.citations import citation_of
from app.web.scenarios.school_file import school_file
from geodata.queries import scenarios

if TYPE_CHECKING:
    from geodata.records.scenario import ScenarioFacts

blueprint = Blueprint("scenarios", __name__, url_prefix=f"{PREFIX}/scenarios")
declare_action(blueprint, "read")
sending.add_routes(blueprint)


def _find(code: str) -> ScenarioFacts:
    """Return a scenario that this reader may see; one that is not published only those who rank."""
    found = scenarios.find_scenario(current_session(), code)
    if found is None or not (found.is_published or allowed("rank")):
        abort(404)
    return found


@blueprint.get("")
def index() -> str:
    """Show every scenario event that this reader may see."""
    found = [one for one in scenarios.list_scenarios(current_session()) if one.is_published or allowed("rank")]
    sources = {one.code: citation_of(one.equation or one.source) for one in found}
    page = {"scenarios": found, "sources": sources, "may_send": allowed("rank")}
    return render_template("scenarios/index.html", page=page)


@blueprint.get("/<code>")
def scenario(code: str) -> str:
    """Show what one earthquake would do at an hour of a school day."""
    found, hour = _find(code), presenters.read_hour(request.args.get("hour"))
    return render_template("scenarios/scenario.html", page=presenters.scenario_page(current_session(), found, hour))


@blueprint.get("/<code>/schools.<extension>")
def schools(code: str, extension: str) -> Response:
    """Send the schools of a scenario at an hour, the most harmed first, as CSV or XLSX."""
    if extension not in TYPES:
        abort(404)
    found, hour = _find(code), presenters.read_hour(request.args.get("hour"))
    rows = scenarios.schools_at(current_session(), found.id, presenters.shifts_at(hour))
    response = Response(school_file(extension, found, rows, hour), content_type=TYPES[extension])
    response.headers["Content-Disposition"] = f'attachment; filename="{found.code}-{hour:02d}.{extension}"'
    return response
