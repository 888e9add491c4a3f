"""The edit forms of a school, a building and a new building."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.web.guard import requires
from app.web.request import current_session
from app.web.revisions import presenters, proposed_point, words
from app.web.revisions.blueprint import blueprint
from app.web.revisions.forms import Words, read_form
from app.workflows.revise import (
    Refused,
    Saved,
    SentForm,
    ToChoose,
    check_form,
    draft_conflicts,
    open_edit,
    save_draft,
)
from app.workflows.revise_errors import PointUnderWayError
from app.workflows.revise_steps import StepName, missing_of, take_step
from geodata.queries import record_facts, revisions
from geodata.queries.proposed_points import point_under_way

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.workflows.revise import EditState
    from geodata.records.revision import StoredRecord

UNPROCESSABLE, CONFLICT = 422, 409


@blueprint.route("/schools/<code>/edit", methods=["GET", "POST"])
@requires("edit")
def edit_school(code: str) -> AnyResponse:
    """Edit the passport of a school."""
    record = record_facts.stored_school(current_session(), code)
    return _edit(record, url_for("revisions.edit_school", code=code))


@blueprint.route("/schools/<code>/buildings/<building>/edit", methods=["GET", "POST"])
@requires("edit")
def edit_building(code: str, building: str) -> AnyResponse:
    """Edit a building of a school."""
    record = record_facts.stored_building(current_session(), code, building)
    return _edit(record, url_for("revisions.edit_building", code=code, building=building))


@blueprint.route("/schools/<code>/buildings/new", methods=["GET", "POST"])
@requires("edit")
def new_building(code: str) -> AnyResponse:
    """Draft a building that is not in the register; ``change`` names the draft to go on with."""
    school = record_facts.stored_school(current_session(), code)
    number = request.args.get("change", type=int)
    address = url_for("revisions.new_building", code=code, change=number)
    return _edit(school and record_facts.new_building(school), address, number)


def _edit(record: StoredRecord | None, address: str, number: int | None = None) -> AnyResponse:
    if record is None:
        abort(404)
    session = current_session()
    state = open_edit(session, record, number, lock=request.method == "POST")
    if request.method == "GET":
        stale = draft_conflicts(state)
        if stale:
            return _choose(state, address, ToChoose(stale, texts={**state.texts, **state.notes}), None, 200)
        return Response(render_template("revisions/edit.html", page=_page(state, address)))
    sent, wrong = read_form(state, request.form)
    if wrong:
        errors = _in_words(check_form(session, state, sent, skip=frozenset(wrong)), is_whole=False)
        return _again(state, address, sent, errors | {name: [_translated(one)] for name, one in wrong.items()})
    outcome = save_draft(session, state, sent)
    if isinstance(outcome, ToChoose):
        return _choose(state, address, outcome, sent, CONFLICT)
    if isinstance(outcome, Refused):
        return _again(state, address, sent, _in_words(outcome))
    session.commit()
    for name, problems in outcome.remarks.items():
        for problem in problems:
            flash(f"{words.label_of(record.kind, name)}: {words.problem_words(problem)[0]}", "warning")
    return _go_on(record, outcome)


def _page(state: EditState, address: str, **sent: Any) -> dict[str, Any]:
    """Return the form, with the correction of the school's point that is not decided yet."""
    number = state.draft.id if state.draft else 0
    is_school = state.record.kind == "school"
    first = point_under_way(current_session(), state.record.school_id, number) if is_school else None
    return presenters.edit_page(state, address, **sent) | {"first": first}


def _go_on(record: StoredRecord, saved: Saved) -> AnyResponse:
    """Submit the saved draft if that was asked for; what it lacks is said on the form, and the draft is kept."""
    session = current_session()
    revision = revisions.find_revision(session, saved.number)
    assert revision is not None
    if request.form.get("action") != "submit":
        flash(_("The draft is saved. Nobody else sees it until you submit it."), "good")
        return redirect(url_for("revisions.change", number=saved.number), code=303)
    missing = missing_of(revision)
    if missing:
        flash(_("The draft is saved."), "good")
        number = revision.id if revision.is_new else None
        state = open_edit(session, record, number)
        errors = {"" if name == "changes" else name: [_translated(words.MISSING[name])] for name in missing}
        page = _page(state, presenters.edit_address(revision), errors=errors)
        return Response(render_template("revisions/edit.html", page=page), status=UNPROCESSABLE)
    point = proposed_point.point_of(session, revision)
    if point is not None and not proposed_point.is_confirmed(point, request.form):
        state = open_edit(session, record)
        page = _page(state, presenters.edit_address(revision))
        return Response(render_template("revisions/edit.html", page=page | {"point": point}), status=UNPROCESSABLE)
    step: StepName = "submit"
    try:
        take_step(session, saved.number, step, version=revision.version)
    except PointUnderWayError:
        session.rollback()
        flash(_("The draft is saved."), "good")
        page = _page(open_edit(session, record), presenters.edit_address(revision))
        return Response(render_template("revisions/edit.html", page=page), status=CONFLICT)
    session.commit()
    flash(_(words.STEP_DONE[step]), "good")
    return redirect(url_for("revisions.change", number=saved.number), code=303)


def _translated(one: Words) -> Words:
    return _(one[0]), _(one[1])


def _in_words(outcome: Refused, *, is_whole: bool = True) -> dict[str, list[Words]]:
    if not outcome.errors and is_whole:
        return {"": [_translated(words.MISSING["changes"])]}
    return {name: [words.problem_words(one) for one in problems] for name, problems in outcome.errors.items()}


def _again(state: EditState, address: str, sent: SentForm, errors: Mapping[str, Sequence[Words]]) -> AnyResponse:
    ticked = frozenset(name.removeprefix("unknown-") for name in request.form if name.startswith("unknown-"))
    page = _page(state, address, sent=sent, errors=errors, ticked=ticked)
    return Response(render_template("revisions/edit.html", page=page), status=UNPROCESSABLE)


def _choose(state: EditState, address: str, asked: ToChoose, sent: SentForm | None, status: int) -> AnyResponse:
    page = presenters.choose_page(state, address, asked, sent)
    return Response(render_template("revisions/choose.html", page=page), status=status)
