"""Set a kept form right: try it again, correct what it says of the visit, choose another version, or set it aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.workflows.field_files import form_labels
from app.workflows.submission_visits import OPEN, Judged, apply_visits
from app.workflows.take_submissions import content_of, prepare_load, write_judged
from geodata.queries import audit, imports, submissions, writes_submissions
from geodata.readers.submissions import read_submission
from geodata.validation.submissions import check_submission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.database import Session
    from geodata.models import Submission
    from geodata.records.submission import Outcome

REPAIRABLE = ("edition", "kind", "assessed_on", "assessor", "school")
"""What somebody may correct: which visit it was. What was seen there is corrected where it was filled in."""
REPAIR = "repair"


class RepairError(Exception):
    """Base of every error of setting forms right."""


class NoSuchSubmissionError(RepairError):
    """There is no such form, or who asks may not see it."""


class NothingToDoError(RepairError):
    """The form is in no state for this step."""


def try_again(session: Session, submission_id: int) -> Outcome:
    """Judge the newest version again, as what it rests on may have changed: a school that was missing is there now.

    Raises:
        NoSuchSubmissionError, NothingToDoError: See there.
    """
    submission = _find(session, submission_id)
    if submission.status != "refused":
        raise NothingToDoError(submission_id)
    raw = _raw(session, submission, submission.version)
    return _judge(session, submission, raw, "field:repaired", is_new=False)


def repair(session: Session, submission_id: int, values: Mapping[str, str]) -> Outcome:
    """Keep one more version, with ``values`` of ``REPAIRABLE`` in place of the sent ones, and judge it."""
    submission = _find(session, submission_id)
    if submission.status not in ("refused", "taken"):
        raise NothingToDoError(submission_id)
    raw = _raw(session, submission, submission.version)
    given = {name: text.strip() for name, text in values.items() if name in REPAIRABLE and text.strip()}
    raw[REPAIR] = (raw.get(REPAIR) or {}) | given
    return _judge(session, submission, raw, "field:repaired", is_new=True)


def choose_version(session: Session, submission_id: int, number: int) -> Outcome:
    """Let another version count from now on; it becomes the newest one."""
    submission = _find(session, submission_id)
    if submission.status == "late":
        raise NothingToDoError(submission_id)
    raw = _raw(session, submission, number)
    raw[REPAIR] = (raw.get(REPAIR) or {}) | {"chosen": str(number)}
    return _judge(session, submission, raw, "field:repaired", is_new=True)


def set_aside(session: Session, submission_id: int) -> None:
    """Let a form count no more; its answers leave an assessment that nobody has verified. It stays kept."""
    submission = _find(session, submission_id)
    if submission.status == "set_aside":
        raise NothingToDoError(submission_id)
    known = submissions.known_submissions(session, [submission.instance_id])[submission.instance_id]
    if known.assessment_id is not None and known.visit_status in OPEN:
        writes_submissions.remove_answers(session, [known.assessment_id], is_protected=submission.is_protected)
        writes_submissions.link_visits(session, {submission.id: None})
        writes_submissions.remove_empty_visits(session, [known.assessment_id])
    elif known.assessment_id is not None and submission.status == "taken":
        raise NothingToDoError(submission_id)
    submission.status = "set_aside"
    session.flush()
    audit.record(session, "field:set_aside", subject=str(submission_id))


def _find(session: Session, submission_id: int) -> Submission:
    imports.hold_key(session, "submissions")
    found = submissions.find_submission(session, submission_id, lock=True)
    if found is None:
        raise NoSuchSubmissionError(submission_id)
    return found


def _raw(session: Session, submission: Submission, number: int) -> dict[str, Any]:
    for version in submissions.versions(session, submission.id):
        if version.number == number:
            return dict(version.raw)
    raise NoSuchSubmissionError(f"{submission.id}/{number}")


def _judge(session: Session, submission: Submission, raw: dict[str, Any], tag: str, *, is_new: bool) -> Outcome:
    read = read_submission(raw, 1, form_labels(session))
    load = prepare_load(session, [read], "repair", submission.connection_id)
    load.outcome.received = 1
    stored = submissions.known_submissions(session, [submission.instance_id])[submission.instance_id]
    content = content_of(read, load.context.choices)
    judged = Judged(submission.instance_id, content, check_submission(read, load.context), stored)
    judged.is_again = not is_new
    apply_visits(session, load, [judged])
    write_judged(session, load, [judged])
    audit.record(session, tag, subject=str(submission.id))
    session.expire(submission)
    return load.outcome
