"""The area brief, and why a school has its rank, as downloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, url_for

from app.exports.formats.why_sheet import write_sheet
from app.web.api.pages import run_of
from app.web.checked_filter import checked_filter
from app.web.guard import declare_action
from app.web.language import PREFIX, current_language
from app.web.past_day import ranked_run
from app.web.request import current_scope, current_session
from app.web.schools.why_page import why_page
from app.web.schools.why_sheet import sheet_of
from app.workflows.brief_area import brief_area
from geodata.queries.areas import find_area
from geodata.queries.schools import find_school

if TYPE_CHECKING:
    from geodata.models import Run

blueprint = Blueprint("exports", __name__, url_prefix=PREFIX)
declare_action(blueprint, "export")


def _pdf(pdf: bytes, what: str, run: Run) -> Response:
    response = Response(pdf, mimetype="application/pdf")
    name = f"mektep-{what}-{run.hash[:12]}-{current_language()}{'-synthetic' if run.is_synthetic else ''}.pdf"
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.headers["Cache-Control"] = "public, max-age=60" if current_scope() == "public" else "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
    return response


@blueprint.get("/areas/<code>/brief.pdf")
def brief(code: str) -> Response:
    """Send the two pages about one area."""
    session = current_session()
    area, wanted = find_area(session, code), checked_filter()
    if area is None:
        abort(404)
    run = ranked_run(run_of(wanted), wanted)
    language = current_language()
    address = url_for("areas.area", code=code, run=run.hash[:16], _external=True)
    pdf = brief_area(session, run, area, language, address)
    return _pdf(pdf, code, run)


@blueprint.get("/schools/<code>/why.pdf")
def why(code: str) -> Response:
    """Send the page that explains a school's rank to a meeting."""
    session, wanted = current_session(), checked_filter()
    school = find_school(session, code)
    if school is None:
        abort(404)
    run = ranked_run(run_of(wanted), wanted)
    page = why_page(session, run, school)
    if page is None:
        abort(404)
    address = url_for("schools.why", code=code, run=run.hash[:16], _external=True)
    return _pdf(write_sheet(sheet_of(page, address)), f"{code}-why", run)
