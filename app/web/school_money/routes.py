"""A school's money page, and what engineers and departments record there."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.web.checked_filter import checked_filter
from app.web.guard import allowed, declare_action, requires
from app.web.language import PREFIX
from app.web.request import current_session
from app.web.school_money import words
from app.web.school_money.page import money_page
from app.web.shown_run import run_or_none
from app.workflows.record_works import (
    STAGES,
    SentChoice,
    SentFigure,
    WorksIncompleteError,
    is_for_building,
    known_measures,
    record_choice,
    record_figure,
    take_back_figure,
)
from app.workflows.record_works_file import LARGEST_FILE, FigureFault, RefusedFiguresError, record_figures
from geodata.queries import schools, works

if TYPE_CHECKING:
    from geodata.records.school import SchoolFacts

UNPROCESSABLE = 422

blueprint = Blueprint("school_money", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")


@blueprint.get("/schools/<code>/money")
def index(code: str) -> str:
    """Show what can be done at a school, what it costs, and why it is funded or not in the plan of the address."""
    return render_template("school_money/page.html", page=_page(_school(code)))


@blueprint.post("/schools/<code>/money/figure")
@requires("estimate")
def figure(code: str) -> AnyResponse:
    """Record what an engineer says a measure costs; ``replaces`` names the cost in force that was shown."""
    school, session = _school(code), current_session()
    sent = _sent(SentFigure)
    place = works.places_of(session, [code])[code]
    try:
        record_figure(session, school.id, sent, place.buildings, request.form.get("replaces", type=int))
    except WorksIncompleteError as error:
        return _again(school, "figure", sent, error.fields)
    return _done(code, _("The cost is recorded and public. It counts with the next ranking."))


@blueprint.post("/schools/<code>/money/figure/<int:number>/back")
@requires("estimate")
def take_back(code: str, number: int) -> AnyResponse:
    """Take a stated cost back: the estimate stands again with the next ranking."""
    school = _school(code)
    document = request.form.get("document", "").replace("\0", "")
    try:
        take_back_figure(current_session(), school.id, number, document)
    except WorksIncompleteError as error:
        return _again(school, "back", SentFigure(document=document), error.fields)
    return _done(code, _("The cost is taken back. The estimate counts with the next ranking."))


@blueprint.post("/schools/<code>/money/choice")
@requires("estimate")
def choice(code: str) -> AnyResponse:
    """Decide between retrofit, replacement and relocation in place of the rule, with a reason."""
    school, sent = _school(code), _sent(SentChoice)
    try:
        record_choice(current_session(), school.id, sent, request.form.get("replaces", type=int))
    except WorksIncompleteError as error:
        return _again(school, "choice", sent, error.fields)
    return _done(code, _("The decision is recorded and public. It counts with the next ranking."))


@blueprint.post("/schools/<code>/money/file")
@requires("estimate")
def file(code: str) -> AnyResponse:
    """Record the costs of a table, of this school and others: all rows or none."""
    school, given = _school(code), request.files.get("file")
    if given is None or not given.filename or (request.content_length or 0) > LARGEST_FILE:
        return _again(school, "file", SentFigure(), ("file",))
    folder = current_app.extensions["settings"].var_dir
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as kept:
        path = Path(kept) / "figures"
        given.save(path)
        try:
            count = record_figures(current_session(), path)
        except WorksIncompleteError as error:
            return _again(school, "file", SentFigure(), error.fields)
        except RefusedFiguresError as error:
            return _again(school, "file", SentFigure(), (), error.faults)
    return _done(code, _("Costs recorded: %(count)s. They count with the next ranking.", count=count))


def _school(code: str) -> SchoolFacts:
    found = schools.find_school(current_session(), code)
    if found is None:
        abort(404)
    return found


def _sent(kind: Any) -> Any:
    return kind(**{name: request.form.get(name, "").replace("\0", "") for name in kind.__dataclass_fields__})


def _page(school: SchoolFacts) -> dict[str, Any]:
    session = current_session()
    page = money_page(session, run_or_none(), school, checked_filter().plan)
    page |= {"may_estimate": False, "form": None, "sent": None, "wrong": [], "faults": []}
    if g.account_id is not None and allowed("estimate"):
        place = works.places_of(session, [school.code]).get(school.code)
        page["may_estimate"] = place is not None and place.may_estimate
        page["buildings"] = sorted(place.buildings) if place else []
        page["measures"] = sorted(known_measures())
        page["per_building"] = is_for_building
        page["stages"] = STAGES
    return page


def _again(
    school: SchoolFacts,
    form: str,
    sent: SentFigure | SentChoice,
    fields: tuple[str, ...],
    faults: list[FigureFault] | None = None,
) -> AnyResponse:
    """Show the page with what is wrong; nothing was recorded."""
    current_session().rollback()
    wrong = []
    for name in fields:
        label = words.LABELS.get("cost" if name == "cost_zero" else name, name)
        text = words.WRONG["columns"] if form == "file" and name not in ("file", "rows") else words.WRONG[name]
        wrong.append((name, _(label), _(text)))
    told = [(one.row, one.school, _(words.WRONG[one.field]), one.value) for one in faults or ()]
    page = _page(school) | {"form": form, "sent": sent, "wrong": wrong, "faults": told}
    return Response(render_template("school_money/page.html", page=page), status=UNPROCESSABLE)


def _done(code: str, text: str) -> AnyResponse:
    current_session().commit()
    flash(text, "good")
    return redirect(url_for("school_money.index", code=code), code=303)
