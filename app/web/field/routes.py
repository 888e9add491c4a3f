"""Forms to take along: choose edition and area, fetch the form and the last answers beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, render_template, request

from app.web.field import entry, presenters, received
from app.web.field.blueprint import blueprint
from app.web.guard import NotAllowedError, allowed
from app.web.imports.forms import is_yes
from app.web.request import current_session
from app.workflows.field_form import form_contents, last_answers_file, make_form

if TYPE_CHECKING:
    from geodata.records.field import FormContents

__all__ = ["blueprint", "entry", "received"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("")
def index() -> str:
    """Show what can be taken along and what came back."""
    return render_template("field/index.html", page=presenters.index_page(current_session()))


def _contents() -> FormContents:
    is_protected = is_yes(request.args.get("protection"))
    if is_protected and not allowed("see_restricted"):
        raise NotAllowedError("see_restricted")
    return form_contents(
        current_session(),
        edition_code=request.args.get("edition") or None,
        area_code=request.args.get("area") or None,
        is_protected=is_protected,
        is_prefilled=is_yes(request.args.get("prefilled")),
    )


@blueprint.get("/form.xlsx")
def form() -> Response:
    """Send the form."""
    name, content = make_form(_contents())
    return _file(content, name, XLSX)


@blueprint.get("/last_<any(schools, blocks):which>.csv")
def last_answers(which: str) -> Response:
    """Send the last public answers, which a prefilled form looks up."""
    rows = last_answers_file(
        current_session(), _contents(), request.args.get("area") or None, of_blocks=which == "blocks"
    )
    return _file(b"".join(rows), f"last_{which}.csv", "text/csv")


def _file(content: bytes, name: str, kind: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
