"""Winter readiness: which schools are not ready for the heating season, why, and of which nobody knows."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request

from app.exports.csvw import EXTENSION
from app.exports.plain_table import TYPES, table_file
from app.i18n.catalogue import translator
from app.web.checked_filter import checked_filter
from app.web.csv_companion import about_table
from app.web.filters import InvalidFilterError, read_page
from app.web.guard import declare_action, requires
from app.web.language import PREFIX, current_language
from app.web.official.routes import file_answer
from app.web.request import current_session
from app.web.shown_run import run_or_none
from app.web.winter import words
from app.web.winter.presenters import Wish, file_rows, school_page, winter_page
from geodata.queries import areas, schools, scoring

blueprint = Blueprint("winter", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")
ANY_STATE = "any"
SHOWN = 25
"""Schools on a page: each has several reasons."""


def _wish() -> Wish:
    state, topic = request.args.get("state", "not_ready"), request.args.get("topic") or None
    if state not in (ANY_STATE, *words.STATES):
        raise InvalidFilterError("state", state, (ANY_STATE, *words.STATES))
    if topic is not None and topic not in words.TOPICS:
        raise InvalidFilterError("topic", topic, words.TOPICS)
    code = checked_filter().area
    area = areas.find_area(current_session(), code) if code else None
    return Wish(area, None if state == ANY_STATE else state, topic)


@blueprint.get("/winter")
def index() -> str:
    """Show the readiness of the country or of one area."""
    session, run = current_session(), run_or_none()
    edition = scoring.current_edition(session)
    if edition is None:
        return render_template("standard/none.html")
    limit, offset = read_page(request.args, SHOWN)
    return render_template("winter/index.html", page=winter_page(session, edition, run, _wish(), limit, offset))


@blueprint.get("/winter/schools/<code>")
def school(code: str) -> str:
    """Show the readiness of one school, requirement by requirement."""
    session, run = current_session(), run_or_none()
    edition, found = scoring.current_edition(session), schools.find_school(session, code)
    page = school_page(session, edition, run, found) if edition and found else None
    if page is None:
        abort(404)
    return render_template("winter/school.html", page=page)


@blueprint.get("/winter/schools.csv-metadata.json", endpoint="file", defaults={"extension": EXTENSION})
@blueprint.get("/winter/schools.<any(csv, xlsx):extension>", endpoint="file")
@requires("export")
def download(extension: str) -> Response:
    """Send the schools of a choice as a table."""
    session, run = current_session(), run_or_none()
    edition = scoring.current_edition(session)
    if edition is None:
        abort(404)
    say = translator(current_language())
    rows = file_rows(session, edition, run, _wish())
    content = table_file(
        extension,
        list(words.COLUMNS),
        [say(label) for label in words.COLUMNS.values()],
        rows,
        say(words.SHEET),
        about_table(),
    )
    return file_answer(content, f"mektep-winter.{extension}", TYPES[extension])
