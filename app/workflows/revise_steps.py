"""The way of a revision: submit, take back, verify, return, publish, withdraw. Publishing writes into the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from app.workflows.rank_corrected import rank_corrected
from app.workflows.revise import record_conflicts
from app.workflows.revise_errors import (
    IncompleteDraftError,
    OutsideTerritoryError,
    OwnChangeError,
    PointUnderWayError,
    ReasonNeededError,
    RecordChangedError,
    UnknownRevisionError,
    WrongStepError,
)
from app.workflows.revise_fields import not_public
from geodata.database import ACCOUNT_KEY
from geodata.queries import audit, contacts, imports, record_facts, revisions, writes_revisions
from geodata.queries.locations import check_locations
from geodata.queries.proposed_points import point_under_way
from geodata.queries.school_areas import refresh_school_areas

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.records.revision import RevisionFacts, Status, StoredRecord

StepName = Literal["submit", "take_back", "withdraw", "verify", "return", "publish"]
LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Step:
    """A step: from which statuses, to which, by whom (``own``: the author alone, else anybody else with the right)."""

    starts: tuple[Status, ...]
    to: Status
    right: str
    is_own: bool
    needs_reason: bool = False


STEPS: dict[StepName, Step] = {
    "submit": Step(("draft", "returned"), "submitted", "edit", is_own=True),
    "take_back": Step(("submitted",), "draft", "", is_own=True),
    "withdraw": Step(("draft", "returned", "submitted"), "withdrawn", "", is_own=True),
    "verify": Step(("submitted",), "verified", "verify", is_own=False, needs_reason=True),
    "return": Step(("submitted", "verified"), "returned", "verify", is_own=False, needs_reason=True),
    "publish": Step(("verified",), "published", "publish", is_own=False),
}
TAGS: dict[StepName, str] = {"take_back": "revision:taken_back"}
RETURN_RIGHTS = {"submitted": "verify", "verified": "publish"}
"""Who may return a revision: whoever may take it on from there."""


def _right(name: StepName, revision: RevisionFacts) -> str:
    return RETURN_RIGHTS[revision.status] if name == "return" else STEPS[name].right


def open_steps(session: Session, revision: RevisionFacts) -> list[StepName]:
    """Return the steps that the session's account may take with ``revision`` now."""
    rights = revisions.rights_at(session, revision.school_id)
    own = revision.created_by == session.info.get(ACCOUNT_KEY)
    return [
        name
        for name, step in STEPS.items()
        if revision.status in step.starts
        and step.is_own == own
        and (not _right(name, revision) or _right(name, revision) in rights)
    ]


def missing_of(revision: RevisionFacts) -> tuple[str, ...]:
    """Return what a draft lacks before it can be submitted."""
    given = {
        "changes": revision.changes,
        "source": revision.source,
        "dated": revision.source_date,
        "reason": revision.reason,
    }
    return tuple(name for name, value in given.items() if not value)


def record_of(session: Session, revision: RevisionFacts, *, lock: bool = False) -> StoredRecord:
    """Return the record that ``revision`` changes; raises ``UnknownRevisionError`` when it is gone."""
    record = record_facts.stored_record(session, revision.kind, revision.school_id, revision.building_id, lock=lock)
    if record is None:
        raise UnknownRevisionError(revision.id)
    return record


def take_step(
    session: Session, number: int, name: StepName, *, version: int, record_version: int = 0, reason: str = ""
) -> RevisionFacts:
    """Take one step with a revision and return it as it is then.

    Args:
        version: The revision's version that the person looked at.
        record_version: The record's version that the person looked at (0: a building that is not there yet).
        reason: Why; needed to verify (how was it checked?) and to return.

    Raises:
        UnknownRevisionError: There is none, or it is not for this account to see.
        OwnChangeError, OutsideTerritoryError: The step is for somebody else.
        WrongStepError: It stands elsewhere by now, or has been changed since it was looked at.
        ReasonNeededError, IncompleteDraftError: Something has to be said first.
        PointUnderWayError: The same school's point waits for a decision already.
        RecordChangedError: The record moved on; nothing was written.
    """
    step = STEPS[name]
    revision = revisions.find_revision(session, number)
    if revision is None:
        raise UnknownRevisionError(number)
    _check_right(session, name, revision)
    revision = revisions.find_revision(session, number, lock=True)
    if revision is None or revision.version != version or revision.status not in step.starts:
        raise WrongStepError(number)
    why = reason.strip()[:LONGEST_REASON] or None
    if step.needs_reason and why is None:
        raise ReasonNeededError(name)
    if name == "submit" and missing_of(revision):
        raise IncompleteDraftError(missing_of(revision))
    if name == "submit":
        _check_alone(session, revision)
    audit.give_reason(session, why or revision.reason or "")
    if name in ("submit", "verify", "publish"):
        _check_record(session, name, revision, record_version)
    if name == "publish":
        _publish(session, revision, why)
    elif not revisions.take_step(session, number, version, revision.status, step.to, why):
        raise WrongStepError(number)
    if name != "publish":
        _note(session, name, revision, why)
    taken = revisions.find_revision(session, number)
    assert taken is not None
    return taken


def _check_right(session: Session, name: StepName, revision: RevisionFacts) -> None:
    step = STEPS[name]
    if revision.status not in step.starts:
        raise WrongStepError(revision.id)
    own = revision.created_by == session.info.get(ACCOUNT_KEY)
    if step.is_own and not own:
        raise OutsideTerritoryError
    right = _right(name, revision)
    if right and right not in revisions.rights_at(session, revision.school_id):
        raise OutsideTerritoryError
    if own and not step.is_own:
        raise OwnChangeError


def _check_alone(session: Session, revision: RevisionFacts) -> None:
    """Refuse a second correction of one point while the first is undecided: whoever verifies decides one at a time."""
    if revision.kind != "school" or "location" not in revision.changes:
        return
    imports.hold_key(session, f"point {revision.school_id}")
    first = point_under_way(session, revision.school_id, revision.id)
    if first is not None:
        raise PointUnderWayError(first)


def _check_record(session: Session, name: StepName, revision: RevisionFacts, seen: int) -> None:
    record = record_of(session, revision, lock=name == "publish")
    conflicts = record_conflicts(revision, record)
    if conflicts or (name == "publish" and (record.version or 0) != seen):
        raise RecordChangedError(conflicts)


def _publish(session: Session, revision: RevisionFacts, why: str | None) -> None:
    """Write the change; the record's area, on which the right rests, comes last."""
    record = record_of(session, revision)
    building_id = revision.building_id
    replaced = None
    if revision.is_new:
        building_id = writes_revisions.add_building(session, revision.id)
    else:
        replaced = {name: record.facts.get(name) for name in revision.changes}
    is_taken = writes_revisions.mark_published(
        session, revision.id, revision.version, reason=why, replaced=replaced, building_id=building_id
    )
    if not is_taken:
        raise WrongStepError(revision.id)
    _note(session, "publish", revision, why)
    if revision.is_new:
        return
    if revision.kind == "school":
        contacts.revise_contact(session, revision.id)
    change = writes_revisions.change_school if revision.kind == "school" else writes_revisions.change_building
    if not change(session, revision.id, record.version or 0):
        raise RecordChangedError
    if "location" in revision.changes:
        check_locations(session, [revision.school_id])
        refresh_school_areas(session, [revision.school_id])
    rank_corrected(session, revision.id)


def _note(session: Session, name: StepName, revision: RevisionFacts, why: str | None) -> None:
    details: dict[str, Any] = {
        "kind": revision.kind,
        "school": revision.school_code,
        "building": revision.building_code,
        "fields": sorted(revision.changes),
        "reason": why or revision.reason,
    }
    if name == "publish":
        hidden = not_public(revision.kind)
        old, new = (
            {name: value for name, value in facts.items() if name not in hidden}
            for facts in (revision.base, revision.changes)
        )
        details |= {"old": old, "new": new}
    audit.record(session, TAGS.get(name, f"revision:{STEPS[name].to}"), subject=str(revision.id), details=details)
