"""Readings of instruments in an assessment: the table beside the norms, a form, a CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.i18n.formats import format_moment, format_number
from app.web.assess import presenters, words
from app.web.assess.blueprint import blueprint
from app.web.errors import problem_of
from app.web.guard import requires
from app.web.language import current_language
from app.web.request import current_session, roll_back
from app.workflows.assess import open_sheet, open_visit
from app.workflows.assess_errors import AssessError, RefusedAnswerError
from app.workflows.assess_readings import (
    COLUMNS,
    LARGEST_FILE,
    Judged,
    RefusedReadingsError,
    add_file,
    add_reading,
    judge,
)
from geodata.queries import readings

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

SHOWN_FAULTS = 50


@blueprint.get("/assess/<int:visit_id>/readings")
def shown_readings(visit_id: int) -> str:
    """Show the readings of an assessment beside their norms."""
    return render_template("assess/readings.html", page=_page(visit_id))


@blueprint.post("/assess/<int:visit_id>/readings")
@requires("edit")
def take_reading(visit_id: int) -> AnyResponse:
    """Take one reading from the form."""
    return _taken(visit_id, lambda: (add_reading(current_session(), visit_id, request.form, current_language()), 1))


@blueprint.post("/assess/<int:visit_id>/readings/file")
@requires("edit")
def take_readings(visit_id: int) -> AnyResponse:
    """Take the readings of a CSV."""
    file = request.files.get("file")
    data = file.stream.read(LARGEST_FILE + 1) if file else b""
    return _taken(visit_id, lambda: add_file(current_session(), visit_id, data, current_language()))


@blueprint.post("/assess/<int:visit_id>/readings/<int:reading_id>/remove")
@requires("edit")
def drop_reading(visit_id: int, reading_id: int) -> AnyResponse:
    """Take a reading out of an assessment that is still answered."""
    open_visit(current_session(), visit_id, for_answers=True)
    if not readings.remove(current_session(), visit_id, reading_id):
        abort(404)
    current_session().commit()
    return redirect(url_for("assess.shown_readings", visit_id=visit_id), code=303)


def _taken(visit_id: int, take: Any) -> AnyResponse:
    try:
        new, total = take()
    except (RefusedAnswerError, RefusedReadingsError) as error:
        roll_back()
        page = _page(visit_id, error)
        return Response(render_template("assess/readings.html", page=page), status=problem_of(error).status)
    current_session().commit()
    flash(_("Readings taken: %(new)s; there already: %(old)s.", new=new, old=total - new), "good")
    return redirect(url_for("assess.shown_readings", visit_id=visit_id), code=303)


def _page(visit_id: int, error: AssessError | None = None) -> dict[str, Any]:
    session, language = current_session(), current_language()
    sheet = open_sheet(session, visit_id, language)
    questions = {place.question.code: place.question for place in sheet.places if place.question.has_number}
    found = judge(readings.of_visit(session, visit_id), questions)
    faults = error.faults[:SHOWN_FAULTS] if isinstance(error, RefusedReadingsError) else []
    return {
        "visit": sheet.visit,
        "kind": _(words.KINDS[sheet.visit.kind]),
        "may_edit": sheet.may_edit,
        "rows": [_row(one) for one in found],
        "questions": [one for one in questions.values() if not one.is_protected],
        "blocks": sheet.blocks,
        "columns": ", ".join(COLUMNS),
        "given": request.form if error else {},
        "refusal": presenters.refusal(error) if isinstance(error, RefusedAnswerError) else None,
        "faults": [(one.row, presenters.refusal(one.error)) for one in faults],
    }


def _row(one: Judged) -> dict[str, Any]:
    facts, language = one.facts, current_language()
    return {
        "facts": facts,
        "value": format_number(facts.value, language, 0 if facts.value.is_integer() else 2),
        "unit": presenters.unit_of(one.question) if one.question else "",
        "norm": presenters.norm_of(one.question) if one.question else "",
        "domain": one.question.domain_code if one.question else None,
        "anchor": presenters.form_id(facts.criterion_code, facts.building_code or ""),
        "state": one.state,
        "state_word": _(words.STATES[one.state]) if one.state else _("Unknown"),
        "season": _(words.SEASONS[one.season]),
        "when": format_moment(facts.measured_at, language),
        "is_calibrated": one.is_calibrated,
    }
