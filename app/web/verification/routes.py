"""What waits for verification and publication, and one assessment with its steps."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.i18n.formats import format_moment
from app.i18n.names import local_name
from app.web.errors import problem_of
from app.web.guard import allowed, declare_action
from app.web.language import PREFIX, current_language
from app.web.request import current_session
from app.web.schools.words import ASSESSMENTS
from app.web.verification import presenters, words
from app.workflows.revise_errors import ReasonNeededError, RevisionError
from app.workflows.verify_assessment import STEPS, StepName, open_steps, take_step
from geodata.queries import assessors, verification
from geodata.records.verification import WaitingAssessment

blueprint = Blueprint("verification", __name__, url_prefix=PREFIX)
declare_action(blueprint, "work")

SHOWN = 100


@blueprint.get("/assess/verify")
def queue() -> str:
    """Show the assessments that wait for this person, the oldest first."""
    session = current_session()
    counts = verification.count_boxes(session)
    boxes = [
        (box, _(title), counts[cast("Any", box)], presenters.queue_rows(verification.in_box(session, box, SHOWN)))
        for box, title in cast("dict[verification.Box, str]", words.BOXES).items()
        if counts[cast("Any", box)]
    ]
    raters = presenters.rater_rows(assessors.raters(session)) if allowed("verify") else []
    return render_template("verification/queue.html", page={"boxes": boxes, "raters": raters})


@blueprint.get("/assess/verify/<int:assessment_id>")
def assessment(assessment_id: int) -> str:
    """Show one assessment, each answer beside what a second rater found before."""
    return render_template("verification/assessment.html", page=_page(_find(assessment_id)))


@blueprint.post("/assess/verify/<int:assessment_id>/<step>")
def step(assessment_id: int, step: str) -> AnyResponse:
    """Take one step with an assessment."""
    if step not in STEPS:
        abort(404)
    name, session, form = cast("StepName", step), current_session(), request.form
    reason = form.get("reason", "").replace("\0", "")
    try:
        take_step(session, assessment_id, name, seen=form.get("seen", 0, type=int), reason=reason)
    except ReasonNeededError as error:
        session.rollback()
        page = _page(_find(assessment_id), error)
        return Response(render_template("verification/assessment.html", page=page), status=problem_of(error).status)
    session.commit()
    flash(_(words.STEP_DONE[name]), "good")
    return redirect(url_for("verification.assessment", assessment_id=assessment_id), code=303)


def _find(assessment_id: int) -> WaitingAssessment:
    found = verification.find_assessment(current_session(), assessment_id)
    if found is None:
        abort(404)
    return found


def _page(found: WaitingAssessment, error: RevisionError | None = None) -> dict[str, Any]:
    session, only = current_session(), request.args.get("show") == "differences"
    compared = verification.compare_answers(session, found)
    domains = verification.domain_names(session, found.edition_id)
    needs = {name: any(way.needs_reason for way in STEPS[name]) for name in STEPS}
    return {
        "assessment": found,
        "name": local_name(found, current_language()) or found.school_code,
        "kind": _(ASSESSMENTS.get(found.kind, found.kind)),
        "status": _(words.STATUSES[found.status]),
        "only": only,
        "counts": presenters.counts_of(compared),
        "tables": presenters.domain_tables(compared, domains, only_differences=only),
        "steps": [
            (one, _(words.STATUSES[one.to_status]), format_moment(one.at, current_language()))
            for one in verification.steps(session, found.id)
        ],
        "offered": [(name, _(words.STEP_BUTTONS[name]), needs[name]) for name in open_steps(session, found)],
        "error": problem_of(error) if error else None,
    }
