"""The page of a school."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from app.web.guard import declare_action
from app.web.language import PREFIX
from app.web.request import current_session
from app.web.schools.school_page import school_page
from app.web.shown_run import run_or_none
from geodata.queries import schools

blueprint = Blueprint("schools", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")


@blueprint.get("/schools/<code>")
def school(code: str) -> str:
    """Show one school: passport, buildings, hazards, and why it has this rank."""
    session = current_session()
    found = schools.find_school(session, code)
    if found is None:
        abort(404)
    return render_template("schools/school.html", page=school_page(session, run_or_none(), found))
