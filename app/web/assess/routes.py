"""Pages of assessing: one's list, an assessment with its result, one domain, submitting."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.i18n.names import local_name
from app.web.assess import answering, evidence, offline, presenters, readings, surveys, words
from app.web.assess.blueprint import blueprint
from app.web.errors import problem_of
from app.web.guard import requires
from app.web.language import current_language
from app.web.request import current_session
from app.workflows.assess import KINDS, open_sheet, start, submit, take_back, today
from app.workflows.assess_errors import NothingAnsweredError, RefusedAnswerError
from app.workflows.assess_priors import rates_of
from app.workflows.assess_result import result_of
from geodata.queries import assessing, standard
from geodata.queries import evidence as stored_evidence

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from app.workflows.assess import Sheet

__all__ = ["answering", "blueprint", "evidence", "offline", "readings", "surveys"]

SHOWN_SCHOOLS, SHOWN_PICTURES = 20, 40


@blueprint.get("/assess")
@requires("edit")
def index() -> str:
    """Show one's assessments that are under way, and what can be begun."""
    return _index()


def _index(problem: dict[str, str] | None = None) -> str:
    session = current_session()
    wanted = request.values.get("q", "").replace("\0", "").strip()[:200]
    page = {
        "visits": assessing.open_visits(session),
        "schools": assessing.own_schools(session, wanted, SHOWN_SCHOOLS),
        "wanted": wanted,
        "is_cut": not wanted,
        "kinds": [(kind, _(words.KINDS[kind])) for kind in KINDS],
        "words": words,
        "today": today().isoformat(),
        "problem": problem,
        "chosen": request.values.get("school", ""),
    }
    return render_template("assess/index.html", page=page)


@blueprint.post("/assess")
@requires("edit")
def begin() -> AnyResponse:
    """Begin an assessment, or open the one that is there."""
    form = request.form
    try:
        try:
            day = date.fromisoformat(form.get("assessed_on", ""))
        except ValueError:
            raise RefusedAnswerError("day_wrong", "assessed_on") from None
        number = start(current_session(), form.get("school", "").replace("\0", ""), form.get("kind", ""), day)
    except RefusedAnswerError as error:
        return Response(_index(presenters.refusal(error)), status=problem_of(error).status)
    current_session().commit()
    return redirect(url_for("assess.visit", visit_id=number), code=303)


@blueprint.get("/assess/<int:visit_id>")
def visit(visit_id: int) -> str:
    """Show an assessment: how far each domain is, and what the answers come to."""
    return render_template("assess/visit.html", page=visit_page(visit_id))


@blueprint.get("/assess/<int:visit_id>/domains/<domain>")
def domain(visit_id: int, domain: str) -> str:
    """Show the questions of one domain."""
    return render_template("assess/domain.html", page=domain_page(visit_id, domain))


@blueprint.post("/assess/<int:visit_id>/submit")
@requires("edit")
def hand_over(visit_id: int) -> AnyResponse:
    """Hand an assessment over for verification."""
    try:
        submit(current_session(), visit_id)
    except NothingAnsweredError:
        flash(_("Answer at least one question, then submit."), "error")
    else:
        current_session().commit()
        flash(_("Submitted. Somebody else verifies it now."), "good")
    return redirect(url_for("assess.visit", visit_id=visit_id), code=303)


@blueprint.post("/assess/<int:visit_id>/take-back")
@requires("edit")
def reopen(visit_id: int) -> AnyResponse:
    """Take a submitted assessment back."""
    take_back(current_session(), visit_id)
    current_session().commit()
    flash(_("Taken back: it is your draft again."), "good")
    return redirect(url_for("assess.visit", visit_id=visit_id), code=303)


def _frame(sheet: Sheet) -> dict[str, Any]:
    """Return what both pages of an assessment show above."""
    names = {one.code: one for one in standard.domains(current_session(), sheet.visit.edition_id)}
    domains = presenters.progress(sheet, names)
    return {
        "visit": sheet.visit,
        "school": local_name(sheet.visit, current_language()) or sheet.visit.school_code,
        "kind": _(words.KINDS[sheet.visit.kind]),
        "status": _(words.STATUSES[sheet.visit.status]),
        "domains": domains,
        "done": sum(one.done for one in domains),
        "total": sum(one.total for one in domains),
        "may_edit": sheet.may_edit,
        "states": words.STATES,
        "today": today().isoformat(),
    }


def visit_page(number: int) -> dict[str, Any]:
    """Return an assessment with its result."""
    session = current_session()
    sheet = open_sheet(session, number, current_language())
    may_take_back = sheet.visit.status == "submitted" and "edit" in sheet.visit.rights
    taken_over = sum(place.is_taken_over for place in sheet.places)
    result = result_of(sheet, rates=rates_of(session, sheet))
    return _frame(sheet) | {"result": result, "may_take_back": may_take_back, "taken_over": taken_over}


def domain_page(number: int, code: str, **more: Any) -> dict[str, Any]:
    """Return one domain with its neighbours; answers 404 for a code that the edition does not have."""
    sheet = open_sheet(current_session(), number, current_language())
    frame = _frame(sheet)
    codes = [one.code for one in frame["domains"]]
    if code not in codes:
        abort(404)
    at = codes.index(code)
    return frame | {
        "domain": frame["domains"][at],
        "questions": presenters.questions_of(sheet, code),
        **_files(sheet),
        "previous": frame["domains"][at - 1] if at else None,
        "next": frame["domains"][at + 1] if at + 1 < len(codes) else None,
        **more,
    }


def _files(sheet: Sheet) -> dict[str, Any]:
    """Return the evidence of the assessment by question and place, and older pictures of the school."""
    session = current_session()
    found: dict[str, list[Any]] = {}
    for one in stored_evidence.of_visit(session, sheet.visit.id):
        anchor = presenters.form_id(one.criterion_code or "", one.building_code or "")
        found.setdefault(anchor, []).append(one)
    photos = [
        one
        for one in stored_evidence.of_school(session, sheet.visit.school_id, published_only=False, most=SHOWN_PICTURES)
        if one.kind == "photo"
    ]
    return {"evidence": found, "older": photos}
