"""The catalogue of measures: the list, one measure with its history, a stated cost, the catalogue as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.exports.csvw import EXTENSION
from app.exports.plain_table import TYPES, table_file
from app.funding.catalogue import default_catalogue
from app.i18n.catalogue import translator
from app.i18n.marks import N_
from app.web.csv_companion import about_table
from app.web.guard import declare_action, requires
from app.web.language import PREFIX, current_language
from app.web.measures.presenters import list_page, measure_page
from app.web.measures.words import FAULTS, FIELDS
from app.web.official.routes import file_answer
from app.web.request import current_session
from app.workflows.state_price import (
    COLUMNS,
    LARGEST_FILE,
    PriceChangedError,
    PriceRefusedError,
    price_rows,
    state_file,
    state_price,
)
from geodata.queries import measure_prices

if TYPE_CHECKING:
    from app.workflows.state_price import PriceFault

UNPROCESSABLE, CONFLICT = 422, 409
SHEET = N_("Measures")

blueprint = Blueprint("measures", __name__, url_prefix=f"{PREFIX}/money/measures")
declare_action(blueprint, "read")


def _told(faults: tuple[PriceFault, ...]) -> list[dict[str, Any]]:
    return [
        {"row": one.row, "field": _(FIELDS[one.field]), "value": one.value[:80], "what": _(FAULTS[one.code])}
        for one in faults
    ]


def _page(code: str, **more: Any) -> dict[str, Any]:
    found = measure_page(current_session(), code)
    if found is None:
        abort(404)
    return found | {"faults": [], "sent": {}, "is_changed": False} | more


@blueprint.get("")
def index() -> str:
    """Show the measures by group, by what is known of their cost, or by a word."""
    return render_template("measures/index.html", page=list_page(current_session(), request.args) | {"faults": []})


@blueprint.get("/<code>")
def measure(code: str) -> str:
    """Show one measure: costs, source and status, what it makes pass, who owes it, its history."""
    return render_template("measures/measure.html", page=_page(code))


@blueprint.post("/<code>")
@requires("rank")
def state(code: str) -> AnyResponse:
    """State a unit cost; the next ranking follows it, earlier ones stay as they are."""
    session, form = current_session(), request.form
    fields = {name: form.get(name, "") for name in COLUMNS} | {"measure": code}
    seen = int(text) if (text := form.get("seen", "")).isascii() and text.isdecimal() and len(text) < 18 else 0
    try:
        state_price(session, fields, withdraw="withdraw" in form, seen=seen)
    except PriceRefusedError as error:
        session.rollback()
        return _again(_page(code, faults=_told(error.faults), sent=fields), UNPROCESSABLE)
    except PriceChangedError:
        session.rollback()
        return _again(_page(code, is_changed=True, sent=fields), CONFLICT)
    session.commit()
    flash(_("The cost is stated. The next ranking follows it; earlier rankings and plans stay as they are."), "good")
    return redirect(url_for("measures.measure", code=code), code=303)


def _again(page: dict[str, Any], status: int) -> AnyResponse:
    return Response(render_template("measures/measure.html", page=page), status=status)


@blueprint.get("/file.csv-metadata.json", defaults={"extension": EXTENSION})
@blueprint.get("/file.<any(csv, xlsx):extension>")
@requires("export")
def download(extension: str) -> Response:
    """Send the catalogue as a table that can be corrected and sent back."""
    say = translator(current_language())
    found = price_rows(default_catalogue(), measure_prices.in_force(current_session()))
    labels = [say(FIELDS[name]) for name in COLUMNS]
    rows = ([row[name] for name in COLUMNS] for row in found)
    content = table_file(extension, COLUMNS, labels, rows, say(SHEET), about_table(of_run=False, is_synthetic=False))
    return file_answer(content, f"mektep-measures.{extension}", TYPES[extension])


@blueprint.post("/file")
@requires("rank")
def take() -> AnyResponse:
    """Take the rows of a CSV that differ from what is in force: all of them, or none."""
    session, sent = current_session(), request.files.get("file")
    data = sent.stream.read(LARGEST_FILE + 1) if sent else b""
    try:
        new, rows = state_file(session, data, request.form.get("reason", ""))
    except PriceRefusedError as error:
        session.rollback()
        page = list_page(session, {}) | {"faults": _told(error.faults)}
        return Response(render_template("measures/index.html", page=page), status=UNPROCESSABLE)
    session.commit()
    told = _("Costs of the file that are new: %(new)s. Rows that say what is in force: %(same)s.")
    flash(told % {"new": new, "same": rows - new}, "good")
    return redirect(url_for("measures.index"), code=303)
