"""The small door for one answer: a form of the page, or a device that sends its queue as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, redirect, render_template, request, url_for

from app.web.assess import presenters, survey_views
from app.web.assess.blueprint import blueprint
from app.web.errors import problem_answer, problem_of, wants_machine_answer
from app.web.guard import requires
from app.web.language import current_language
from app.web.request import current_session, roll_back
from app.workflows.assess_answer import SentAnswer, save_answer
from app.workflows.assess_errors import (
    AnswerConflictError,
    AssessError,
    RefusedAnswerError,
    SurveyConflictError,
    SurveyRefusedError,
)
from app.workflows.survey_score import screen_survey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response as AnyResponse


@blueprint.post("/assess/<int:visit_id>/answers")
@requires("edit")
def answer(visit_id: int) -> AnyResponse:
    """Keep one answer and say what stands now."""
    fields: Mapping[str, Any] = request.get_json() if request.is_json else request.form
    if not isinstance(fields, dict) and request.is_json:
        fields = {}
    sent = SentAnswer.of(fields)
    try:
        found = save_answer(current_session(), visit_id, sent, current_language())
    except AssessError as error:
        roll_back()
        return told_to_device(error) if wants_machine_answer() else _shown(visit_id, sent, error)
    current_session().commit()
    if wants_machine_answer():
        return jsonify(presenters.kept(found))
    anchor = presenters.form_id(found.question.code, found.building_code or "")
    return redirect(
        url_for("assess.domain", visit_id=visit_id, domain=found.question.domain_code, _anchor=anchor), code=303
    )


def told_to_device(error: AssessError) -> Response:
    """Answer a device: what is wrong or what stands, so that it keeps the answer with the reason."""
    more: dict[str, Any] = {}
    if isinstance(error, RefusedAnswerError):
        more = {"refusal": presenters.refusal(error)}
    elif isinstance(error, SurveyRefusedError):
        more = {"refusal": survey_views.refusal_of(error)}
    elif isinstance(error, AnswerConflictError):
        more = presenters.conflict(error)
    elif isinstance(error, SurveyConflictError):
        more = {"now": survey_views.told_to_device(error.now, screen_survey(current_session(), error.now))}
    return problem_answer(problem_of(error), **more)


def _shown(visit_id: int, sent: SentAnswer, error: AssessError) -> Response:
    """Show the page again with what was sent and what is wrong with it."""
    from app.web.assess.routes import domain_page

    domain = request.form.get("domain", "").replace("\0", "")
    if not domain or not isinstance(error, (RefusedAnswerError, AnswerConflictError)):
        raise error
    told: dict[str, Any] = {"sent": sent, "at": presenters.form_id(sent.criterion, sent.building)}
    if isinstance(error, RefusedAnswerError):
        told["refusal"] = presenters.refusal(error)
    else:
        told["conflict"] = presenters.conflict(error)
    page = domain_page(visit_id, domain, told=told)
    return Response(render_template("assess/domain.html", page=page), status=problem_of(error).status)
