"""Photos and documents of an assessment: sent by a form of the page or by the queue of a device, and taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, current_app, jsonify, redirect, render_template, request, url_for

from app.web.assess import presenters
from app.web.assess.answering import told_to_device
from app.web.assess.blueprint import blueprint
from app.web.errors import problem_of, wants_machine_answer
from app.web.guard import requires
from app.web.language import current_language
from app.web.request import current_session, roll_back
from app.workflows.assess_answer import SentAnswer
from app.workflows.assess_errors import AssessError, RefusedAnswerError
from app.workflows.assess_evidence import SentFile, remove_evidence, save_evidence
from app.workflows.pictures import LARGEST_DOCUMENT

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse


@blueprint.post("/assess/<int:visit_id>/evidence")
@requires("edit")
def add_evidence(visit_id: int) -> AnyResponse:
    """Keep a file and show the domain again."""
    form, file = request.form, request.files.get("file")
    sent = SentAnswer.of(form)
    data = file.stream.read(LARGEST_DOCUMENT + 1) if file else b""
    folder = current_app.extensions["settings"].evidence_dir
    try:
        given = SentFile(data, form.get("title", ""), form.get("before", ""))
        number = save_evidence(current_session(), folder, visit_id, sent, given, current_language())
    except AssessError as error:
        roll_back()
        return told_to_device(error) if wants_machine_answer() else _shown(visit_id, sent, error)
    current_session().commit()
    if wants_machine_answer():
        return jsonify({"id": number, "remarks": []})
    anchor = presenters.form_id(sent.criterion, sent.building)
    domain = form.get("domain", "").replace("\0", "")
    return redirect(url_for("assess.domain", visit_id=visit_id, domain=domain, _anchor=anchor), code=303)


@blueprint.post("/assess/<int:visit_id>/evidence/<int:evidence_id>/remove")
@requires("edit")
def take_away(visit_id: int, evidence_id: int) -> AnyResponse:
    """Take a file out of an assessment that is still answered."""
    remove_evidence(current_session(), visit_id, evidence_id)
    current_session().commit()
    domain = request.form.get("domain", "").replace("\0", "")
    return redirect(url_for("assess.domain", visit_id=visit_id, domain=domain), code=303)


def _shown(visit_id: int, sent: SentAnswer, error: AssessError) -> Response:
    """Show the domain again with what is wrong."""
    from app.web.assess.routes import domain_page

    domain = request.form.get("domain", "").replace("\0", "")
    if not domain or not isinstance(error, RefusedAnswerError):
        raise error
    told: dict[str, Any] = {"sent": None, "at": presenters.form_id(sent.criterion, sent.building)}
    page = domain_page(visit_id, domain, told=told | {"refusal": presenters.refusal(error)})
    return Response(render_template("assess/domain.html", page=page), status=problem_of(error).status)
