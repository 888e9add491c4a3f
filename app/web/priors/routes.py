"""Tables of priors for everybody, as a page and as files; who may rank has a new one counted."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.exports.csvw import EXTENSION
from app.exports.plain_table import TYPES
from app.web.guard import declare_action, requires
from app.web.language import PREFIX
from app.web.official.routes import file_answer
from app.web.priors.companion import companion_of_table
from app.web.priors.page import EVERYTHING, Wish, priors_page
from app.web.request import current_session
from app.workflows.jobs import JobRunningError
from app.workflows.priors_job import start_priors
from geodata.queries import priors

blueprint = Blueprint("priors", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")
TABLES = {"types": "type_priors", "answers": "answer_priors"}


@blueprint.get("/method/priors")
def index() -> str:
    """Show the table in force; what it says of an area and of a group of buildings."""
    session = current_session()
    return render_template("priors/index.html", page=priors_page(session, priors.in_force(session), _wish()))


@blueprint.get("/method/priors/<int:number>")
def version(number: int) -> str:
    """Show any table that was ever counted."""
    session = current_session()
    found = priors.find_version(session, number)
    if found is None:
        abort(404)
    return render_template("priors/index.html", page=priors_page(session, found, _wish()))


@blueprint.get(
    "/method/priors/<int:number>/<any(types, answers):table>.csv-metadata.json",
    endpoint="table",
    defaults={"extension": EXTENSION},
)
@blueprint.get(
    "/method/priors/<int:number>/<any(types, answers):table>.csv", endpoint="table", defaults={"extension": "csv"}
)
@requires("export")
def send_table(number: int, table: str, extension: str) -> Response:
    """Send one of both tables in the bytes that the hash of a ranking is over, or what its columns and codes mean."""
    found = priors.find_version(current_session(), number)
    if found is None:
        abort(404)
    content = priors.table_text(current_session(), found.version.id, TABLES[table])
    if extension == EXTENSION:
        content = companion_of_table(content, table)
    return file_answer(content, f"mektep-priors-{number}-{table}.{extension}", TYPES[extension])


@blueprint.post("/method/priors")
@requires("rank")
def make() -> Response:
    """Let the worker count a new table, and show how far it is."""
    session = current_session()
    try:
        token = start_priors(session, account_id=getattr(g, "account_id", None))
        session.commit()
    except JobRunningError as running:
        if running.token is None:
            raise
        token = running.token
    return redirect(url_for("jobs.job", token=token), code=303)


def _wish() -> Wish:
    return Wish(request.args.get("area", ""), request.args.get("group", "") or EVERYTHING)
