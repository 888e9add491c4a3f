"""What waits for whom, and the review of one change with its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.i18n.formats import format_moment
from app.web.errors import problem_of
from app.web.language import current_language
from app.web.request import current_session
from app.web.revisions import editing, presenters, proposed_point, words
from app.web.revisions.blueprint import blueprint
from app.web.work.tasks import open_tasks
from app.workflows.revise import record_conflicts
from app.workflows.revise_errors import (
    IncompleteDraftError,
    PointUnderWayError,
    ReasonNeededError,
    RecordChangedError,
    RevisionError,
)
from app.workflows.revise_steps import STEPS, StepName, missing_of, open_steps, record_of, take_step
from geodata.queries import appeal_rankings, revisions, surveys

if TYPE_CHECKING:
    from geodata.records.revision import RevisionFacts

__all__ = ["blueprint", "editing"]

SHOWN, SHOWN_ENDED = 50, 20
UNPROCESSABLE = 422
ASKED = ("verify", "return", "publish")
"""Steps beside which a reason can be written."""


@blueprint.get("/work")
def inbox() -> str:
    """Show what waits for this person: drafts, returned ones, what is to verify and to publish."""
    session = current_session()
    counts = revisions.count_boxes(session)
    boxes = []
    for box, title in words.BOXES.items():
        limit = SHOWN_ENDED if box == "ended" else SHOWN
        rows = revisions.in_box(session, cast("revisions.Box", box), limit) if counts[cast("Any", box)] else []
        boxes.append((box, _(title), counts[cast("Any", box)], presenters.box_rows(rows)))
    return render_template("revisions/inbox.html", page={"boxes": boxes, "tasks": open_tasks(session)})


@blueprint.get("/work/changes/<int:number>")
def change(number: int) -> str:
    """Show one change: old and new values, why, where from, its steps, and what this person may do."""
    return render_template("revisions/review.html", page=_review(_find(number)))


@blueprint.post("/work/changes/<int:number>/<step>")
def step(number: int, step: str) -> AnyResponse:
    """Take one step with a change."""
    if step not in STEPS:
        abort(404)
    name, session, form = cast("StepName", step), current_session(), request.form
    seen, seen_record = form.get("version", 0, type=int), form.get("record_version", 0, type=int)
    reason = form.get("reason", "").replace("\0", "")
    if name == "submit" and not proposed_point.is_confirmed(_point(_find(number)), form):
        return Response(render_template("revisions/review.html", page=_review(_find(number))), status=UNPROCESSABLE)
    try:
        take_step(session, number, name, version=seen, record_version=seen_record, reason=reason)
    except (ReasonNeededError, IncompleteDraftError, RecordChangedError, PointUnderWayError) as error:
        session.rollback()
        page = _review(_find(number), error=error)
        return Response(render_template("revisions/review.html", page=page), status=problem_of(error).status)
    is_ranked = name == "publish" and bool(appeal_rankings.corrected_appeals(session, number))
    session.commit()
    flash(_(words.PUBLISHED_APPEAL if is_ranked else words.STEP_DONE[name]), "good")
    return redirect(url_for("revisions.change", number=number), code=303)


def _find(number: int) -> RevisionFacts:
    revision = revisions.find_revision(current_session(), number)
    if revision is None:
        abort(404)
    return revision


def _point(revision: RevisionFacts, *, draws: bool = False) -> dict[str, Any] | None:
    """Return what is shown of the point that an undecided change proposes; afterwards it is the record's own."""
    is_open = revision.status in ("draft", "returned", "submitted", "verified")
    return proposed_point.point_of(current_session(), revision, draws=draws) if is_open else None


def _review(revision: RevisionFacts, error: RevisionError | None = None) -> dict[str, Any]:
    session = current_session()
    record = record_of(session, revision)
    offered = open_steps(session, revision)
    is_open = revision.status in ("draft", "returned", "submitted", "verified")
    conflicts = record_conflicts(revision, record) if is_open else ()
    if conflicts:
        offered = [name for name in offered if name not in ("submit", "verify", "publish")]
    missing = missing_of(revision)
    if missing:
        offered = [name for name in offered if name != "submit"]
    survey = surveys.of_revision(session, revision.id)
    may_edit = revision.status in ("draft", "returned") and "withdraw" in offered
    return {
        "revision": revision,
        "record": record,
        "name": presenters.record_name(revision),
        "subject": presenters.subject_of(revision),
        "status": _(words.STATUSES[revision.status]),
        "changes": presenters.changes_of(revision),
        "point": _point(revision, draws=True),
        "first": error.number if isinstance(error, PointUnderWayError) else None,
        "conflicts": presenters.versions_of(revision.kind, conflicts),
        "moved": is_open and not conflicts and revision.base_version != record.version,
        "missing": [_(words.MISSING[name][0]) for name in missing] if may_edit else [],
        "steps": [
            (one, _(words.STATUSES[one.to_status]), format_moment(one.at, current_language()))
            for one in revisions.steps(session, revision.id)
        ],
        "offered": [(name, _(words.STEP_BUTTONS[name]), STEPS[name].needs_reason) for name in offered],
        "asks_reason": any(name in ASKED for name in offered),
        "survey": survey,
        "edit_address": _edit_address(revision, survey) if may_edit else None,
        "error": problem_of(error) if error else None,
    }


def _edit_address(revision: RevisionFacts, survey: int | None) -> str:
    """Return where its author goes on: on the form of the survey that it came of, where there is one."""
    return url_for("assess.survey", survey_id=survey) if survey else presenters.edit_address(revision)
