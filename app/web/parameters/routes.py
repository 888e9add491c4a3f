"""Parameter tables for everybody, as pages and as the files that the program reads."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response

from app.exports.plain_table import TYPES
from app.web.guard import declare_action, requires
from app.web.language import PREFIX
from app.web.official.routes import file_answer
from app.web.parameters.page import names, table_page, tables_page
from app.web.request import current_session
from geodata.readers.parameter_tables import read_parameter_tables

blueprint = Blueprint("parameters", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")


@blueprint.get("/method/parameters")
def index() -> str:
    """List the tables with status, licence and who answers for them."""
    return render_template("parameters/index.html", page=tables_page(current_session()))


@blueprint.get("/method/parameters/<name>")
def table(name: str) -> str:
    """Show one table."""
    if name not in names():
        abort(404)
    return render_template("parameters/table.html", page=table_page(current_session(), name))


@blueprint.get("/method/parameters/<name>.csv")
@requires("export")
def file(name: str) -> Response:
    """Send the bytes of one table, of which rankings name the SHA-256."""
    if name not in names():
        abort(404)
    return file_answer(read_parameter_tables().files[f"{name}.csv"], f"{name}.csv", TYPES["csv"])
