"""Surveys of buildings: a school's with their history, the form with pictures, its document, handing over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import (
    Response,
    abort,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _

from app.i18n.names import local_name
from app.web.assess import presenters, survey_views, words
from app.web.assess import survey_words as said
from app.web.assess.answering import told_to_device
from app.web.assess.blueprint import blueprint
from app.web.errors import problem_of, wants_machine_answer
from app.web.guard import requires
from app.web.language import current_language
from app.web.request import current_session, roll_back
from app.workflows import survey_building
from app.workflows.assess import today
from app.workflows.assess_errors import AssessError, RefusedAnswerError, SurveyConflictError, SurveyRefusedError
from app.workflows.evidence_files import path_of
from app.workflows.pictures import LARGEST_DOCUMENT
from app.workflows.survey_score import screen_survey
from geodata.queries import assessing, schools, surveys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response as AnyResponse

    from geodata.records.survey import Survey

POLICY = "default-src 'none'; sandbox"


@blueprint.get("/schools/<code>/surveys")
@requires("read")
def school_surveys(code: str) -> str:
    """Show the surveys of a school's buildings: which counts, and the former ones."""
    return render_template("assess/surveys.html", page=_school_page(code))


def _school_page(code: str, problem: dict[str, str] | None = None) -> dict[str, Any]:
    session = current_session()
    school = schools.find_school(session, code)
    if school is None:
        abort(404)
    blocks = assessing.blocks(session, school.id)
    may_survey = g.get("account_id") is not None and assessing.holds(session, "survey", school.id)
    level = surveys.own_level(session) if may_survey else "none"
    return {
        "school": school,
        "name": local_name(school, current_language()) or code,
        "buildings": survey_views.by_building(surveys.of_school(session, school.id), blocks, g.get("account_id")),
        "blocks": [(one.code, one.name or one.code) for one in blocks],
        "methods": [(method, _(word)) for method, word in said.METHODS.items()],
        "may_survey": may_survey,
        "level": words.LEVELS[level],
        "is_certified": level == "certified",
        "problem": problem,
    }


@blueprint.post("/schools/<code>/surveys")
@requires("survey")
def begin_survey(code: str) -> AnyResponse:
    """Begin a survey of a building, or open the one that is not handed over yet."""
    building, method = (request.form.get(name, "").replace("\0", "") for name in ("building", "method"))
    try:
        number = survey_building.begin(current_session(), code, building, method)
    except RefusedAnswerError as error:
        page = _school_page(code, presenters.refusal(error))
        return Response(render_template("assess/surveys.html", page=page), status=problem_of(error).status)
    current_session().commit()
    return redirect(url_for("assess.survey", survey_id=number), code=303)


@blueprint.get("/assess/surveys/<int:survey_id>")
def survey(survey_id: int) -> str:
    """Show a survey: as a form to its author while it is open, else what was found."""
    return _shown(survey_building.open_survey(current_session(), survey_id))


def _shown(found: Survey, values: Mapping[str, str] | None = None, **told: Any) -> str:
    page = {
        "survey": found,
        "school": local_name(found, current_language()) or found.school_code,
        "building": found.building_name or found.building_code,
        "method": _(said.METHODS[found.method]),
        "may_edit": found.is_open and found.created_by == g.account_id,
        "given": survey_views.form_values(found) | dict(values or {}),
        "types": survey_views.type_choices(),
        "words": said,
        **survey_views.choices(),
        "facts": survey_views.facts_told(found),
        "result": survey_views.result_view(screen_survey(current_session(), found)),
        "today": today().isoformat(),
        "standing": _(said.STANDING.get(found.status, said.STANDING["in_force"])),
        **told,
    }
    return render_template("assess/survey.html", page=page)


@blueprint.post("/assess/surveys/<int:survey_id>/facts")
@requires("survey")
def save_survey(survey_id: int) -> AnyResponse:
    """Keep what was seen and say what it comes to."""
    fields: Any = request.get_json() if request.is_json else request.form
    sent = dict(fields) if hasattr(fields, "keys") else {}
    try:
        found = survey_building.save_facts(current_session(), survey_id, sent)
    except AssessError as error:
        return _refused(survey_id, sent, error)
    current_session().commit()
    if wants_machine_answer():
        return jsonify(survey_views.told_to_device(found, screen_survey(current_session(), found)))
    return redirect(url_for("assess.survey", survey_id=survey_id, _anchor="result"), code=303)


@blueprint.post("/assess/surveys/<int:survey_id>/hand-over")
@requires("survey")
def hand_over_survey(survey_id: int) -> AnyResponse:
    """Keep what the form says and hand it over for verification."""
    session, sent = current_session(), request.form.to_dict()
    try:
        found = survey_building.save_facts(session, survey_id, sent)
        survey_building.hand_over(session, survey_id, found.version)
    except AssessError as error:
        return _refused(survey_id, sent, error)
    session.commit()
    flash(_("Submitted. Somebody else verifies it now."), "good")
    return redirect(url_for("assess.survey", survey_id=survey_id), code=303)


def _refused(survey_id: int, sent: dict[str, Any], error: AssessError) -> AnyResponse:
    """Tell a device, or show the form again with what was sent and what is wrong; nothing of it is kept."""
    roll_back()
    if wants_machine_answer():
        return told_to_device(error)
    told: dict[str, Any] = {}
    if isinstance(error, RefusedAnswerError):
        told["refusal"] = presenters.refusal(error)
    elif isinstance(error, SurveyRefusedError):
        told["refusal"] = survey_views.refusal_of(error)
    elif isinstance(error, SurveyConflictError):
        told["conflict"] = survey_views.facts_told(error.now)
    else:
        raise error
    found = survey_building.open_survey(current_session(), survey_id)
    values = {name: str(value) for name, value in sent.items()}
    return Response(_shown(found, values, **told), status=problem_of(error).status)


@blueprint.post("/assess/surveys/<int:survey_id>/document")
@requires("survey")
def add_document(survey_id: int) -> AnyResponse:
    """Keep the document of a full survey."""
    file = request.files.get("file")
    data, name = (file.stream.read(LARGEST_DOCUMENT + 1), file.filename or "") if file else (b"", "")
    folder = current_app.extensions["settings"].evidence_dir
    try:
        found = survey_building.keep_document(current_session(), folder, survey_id, data, name)
    except AssessError as error:
        return _refused(survey_id, {}, error)
    current_session().commit()
    if wants_machine_answer():
        return jsonify({"id": found.id, "remarks": []})
    return redirect(url_for("assess.survey", survey_id=survey_id, _anchor="document"), code=303)


@blueprint.post("/assess/surveys/<int:survey_id>/remove")
@requires("survey")
def remove_survey(survey_id: int) -> AnyResponse:
    """Take a draft away that was never handed over."""
    found = survey_building.open_survey(current_session(), survey_id)
    survey_building.remove(current_session(), survey_id)
    current_session().commit()
    return redirect(url_for("assess.school_surveys", code=found.school_code), code=303)


@blueprint.get("/assess/surveys/<int:survey_id>/document")
def document(survey_id: int) -> Response:
    """Return the document, to who works where the building stands."""
    found = survey_building.open_survey(current_session(), survey_id)
    if found.document_sha256 is None or not assessing.holds(current_session(), "see", found.school_id):
        abort(404)
    path = path_of(current_app.extensions["settings"].evidence_dir, found.document_sha256)
    if not path.is_file():
        abort(404)
    answer = send_file(
        path, mimetype="application/pdf", etag=False, conditional=False, as_attachment=True,
        download_name=f"survey-{found.id}.pdf",
    )  # fmt: skip
    answer.headers["Content-Security-Policy"] = POLICY
    return answer
