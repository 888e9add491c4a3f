"""Quick entry of paper forms: print the form of a school, and type its answers in the same order."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.exports.field.words import KINDS, STATES
from app.web.assess.presenters import conflict, norm_of, place_view, refusal
from app.web.field.blueprint import blueprint
from app.web.guard import NotAllowedError, allowed
from app.web.imports.forms import is_yes
from app.web.language import current_language
from app.web.request import current_session
from app.web.standard.words import UNITS
from app.workflows.assess import open_sheet, start, today
from app.workflows.assess_errors import AnswerConflictError, RefusedAnswerError
from app.workflows.enter_paper import KEYS, Entry, enter, order_of_paper
from app.workflows.field_form import NoSuchPlaceError
from app.workflows.paper_form import print_form
from geodata.queries import schools

if TYPE_CHECKING:
    from app.workflows.assess import Place, Sheet
    from app.workflows.enter_paper import Refusal

CODE, LONGEST_CODE = re.compile(r"[\w.-]+"), 100
FIELDS = ("key", "value", "rooms", "passed", "note", "base_version")


@blueprint.get("/paper")
def choose_paper() -> AnyResponse:
    """Go on to the school whose code was typed."""
    code = request.args.get("school", "").strip()
    if not code or schools.find_school(current_session(), code) is None:
        raise NoSuchPlaceError(code)
    return redirect(url_for("field.begin_entry", school=code), code=303)


@blueprint.get("/paper/<school>.pdf")
def paper(school: str) -> Response:
    """Send the form of one school to print."""
    is_protected = _wants_protected()
    address = url_for("field.begin_entry", school=school, _external=True, **_protected(is_protected))
    name, pdf = print_form(current_session(), school, current_language(), address, is_protected=is_protected)
    response = Response(pdf, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
    return response


@blueprint.get("/entry/<school>")
def begin_entry(school: str) -> str:
    """Ask of which visit the form is."""
    return _begin(school, None)


@blueprint.post("/entry/<school>")
def start_entry(school: str) -> AnyResponse:
    """Begin the assessment, or go on with it."""
    try:
        day = date.fromisoformat(request.form.get("assessed_on", ""))
        number = start(current_session(), school, request.form.get("kind", ""), day)
    except ValueError:
        return Response(_begin(school, RefusedAnswerError("day_wrong", "assessed_on")), status=422)
    except RefusedAnswerError as error:
        return Response(_begin(school, error), status=422)
    current_session().commit()
    wanted = {"visit_id": number, **_protected(_wants_protected())}
    return redirect(url_for("field.entry", school=school, _anchor=_row_anchor(), **wanted), code=303)


@blueprint.get("/entry/<school>/<int:visit_id>")
def entry(school: str, visit_id: int) -> str:
    """Show all rows of the form."""
    return _rows(_sheet(school, visit_id))


@blueprint.post("/entry/<school>/<int:visit_id>")
def save_entry(school: str, visit_id: int) -> AnyResponse:
    """Keep what was typed; rows that are refused stay as typed, with the reason."""
    sheet = _sheet(school, visit_id)
    typed = _typed()
    saved, refused = enter(current_session(), sheet, typed, current_language())
    current_session().commit()
    page = _rows(_sheet(school, visit_id), saved, refused)
    return Response(page, status=422 if refused else 200)


def _row_anchor() -> str | None:
    """Return the row of the screen that a QR code named; None without one, or with what names none."""
    code, block = (request.values.get(name, "")[:LONGEST_CODE] for name in ("at", "block"))
    is_code = CODE.fullmatch(code) is not None and (not block or CODE.fullmatch(block) is not None)
    return row_anchor(code, block) if is_code else None


def row_anchor(criterion: str, building: str) -> str:
    """Return the anchor of a row on the screen."""
    return f"at-{criterion}-{building}" if building else f"at-{criterion}"


def _wants_protected() -> bool:
    is_protected = is_yes(request.values.get("protection"))
    if is_protected and not allowed("see_restricted"):
        raise NotAllowedError("see_restricted")
    return is_protected


def _protected(is_protected: bool) -> dict[str, Any]:
    return {"protection": "yes"} if is_protected else {}


def _begin(school: str, error: RefusedAnswerError | None) -> str:
    found = schools.find_school(current_session(), school)
    if found is None:
        raise NoSuchPlaceError(school)
    is_protected = _wants_protected()
    page = {
        "school": found,
        "kinds": [(key, _(word)) for key, word in KINDS.items()],
        "today": today().isoformat(),
        "form": request.form,
        "wrong": refusal(error) if error else None,
        "protected": _protected(is_protected),
        "at": {name: request.values.get(name, "") for name in ("at", "block")} if _row_anchor() else {},
    }
    return render_template("field/begin.html", page=page)


def _sheet(school: str, visit_id: int) -> Sheet:
    sheet = open_sheet(current_session(), visit_id, current_language())
    if sheet.visit.school_code != school:
        abort(404)
    return sheet


def _typed() -> list[Entry]:
    """Return the rows of the form; each sends its criterion and building under its number."""
    found = []
    for number in range(min(request.form.get("rows", 0, type=int), 5_000)):
        fields = {name: request.form.get(f"{name}-{number}", "").strip() for name in FIELDS}
        fields["base_version"] = fields["base_version"] or "0"
        criterion, building = (request.form.get(f"{name}-{number}", "") for name in ("criterion", "building"))
        found.append(Entry(criterion, building, **fields))
    return found


def _rows(sheet: Sheet, saved: int | None = None, refused: list[Refusal] | None = None) -> str:
    wrong = {(one.entry.criterion, one.entry.building): one for one in refused or ()}
    is_protected = _wants_protected()
    rows = [
        _row(number, place, wrong.get((place.question.code, place.block.code if place.block else "")))
        for number, place in enumerate(order_of_paper(sheet, is_protected=is_protected))
    ]
    page = {
        "visit": sheet.visit,
        "may_edit": sheet.may_edit,
        "rows": rows,
        "marks": [(key, _(STATES[state])) for key, state in KEYS.items()],
        "saved": None if saved is None else _("Answers kept: %(count)s", count=saved),
        "refused": len(wrong),
        "protected": _protected(is_protected),
    }
    return render_template("field/entry.html", page=page)


def _row(number: int, place: Place, refused: Refusal | None) -> dict[str, Any]:
    """Return a row: what was typed where it was refused, else what stands; former answers are told, not typed in."""
    view, question = place_view(place), place.question
    keys = {state: key for key, state in KEYS.items()}
    typed = {"key": keys.get(view.state, ""), "value": view.value, "note": view.note, "rooms": "", "passed": ""}
    if view.is_taken_over:
        typed = dict.fromkeys(typed, "")
    why = ""
    if refused is not None:
        one = refused.entry
        typed = {"key": one.key, "value": one.value, "note": one.note, "rooms": one.rooms, "passed": one.passed}
        why = _why(refused)
    return {
        "number": number,
        "anchor": row_anchor(question.code, view.building),
        "question": question,
        "building": view.building,
        "building_name": view.building_name,
        "norm": norm_of(question) if question.has_number else "",
        "unit": _(UNITS[question.unit]) if question.unit in UNITS else question.unit,
        "version": view.version,
        "before": view.state_word if view.is_taken_over else "",
        "share": view.share,
        "why": why,
        **typed,
    }


def _why(refused: Refusal) -> str:
    error = refused.error
    if isinstance(error, AnswerConflictError):
        told = conflict(error)
        return _("%(who)s answered meanwhile: %(answer)s", who=told["by"], answer=told["now"].get("state_word", "–"))
    told = refusal(error)
    return f"{told['what']} {told['remedy']}"
