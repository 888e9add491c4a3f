"""The area brief as a download."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request, url_for

from app.web.api.pages import run_of
from app.web.filters import read_filter
from app.web.guard import declare_action
from app.web.language import PREFIX, current_language
from app.web.request import current_scope, current_session
from app.workflows.brief_area import brief_area
from geodata.queries.areas import find_area

blueprint = Blueprint("exports", __name__, url_prefix=PREFIX)
declare_action(blueprint, "export")


@blueprint.get("/areas/<code>/brief.pdf")
def brief(code: str) -> Response:
    """Send the two pages about one area."""
    session = current_session()
    area, run = find_area(session, code), run_of(read_filter(request.args))
    if area is None or run is None:
        abort(404)
    language = current_language()
    address = url_for("areas.area", code=code, run=run.hash[:16], _external=True)
    pdf = brief_area(session, run, area, language, address)
    response = Response(pdf, mimetype="application/pdf")
    name = f"mektep-{code}-{run.hash[:12]}-{language}{'-synthetic' if run.is_synthetic else ''}.pdf"
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.headers["Cache-Control"] = "public, max-age=60" if current_scope() == "public" else "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
    return response
