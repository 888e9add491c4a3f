"""The way of a submitted assessment: verify, return with a reason, publish. Nobody does it with their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from app.workflows.revise_errors import (
    OutsideTerritoryError,
    OwnChangeError,
    ReasonNeededError,
    UnknownRevisionError,
    WrongStepError,
)
from geodata.queries import audit, revisions, verification

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.records.verification import AssessmentStatus, WaitingAssessment

StepName = Literal["verify", "return", "publish"]
LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Step:
    """A step: from which status to which, with which right."""

    start: AssessmentStatus
    to: AssessmentStatus
    right: str
    needs_reason: bool = False


STEPS: dict[StepName, tuple[Step, ...]] = {
    "verify": (Step("submitted", "verified", "verify", needs_reason=True),),
    "return": (
        Step("submitted", "returned", "verify", needs_reason=True),
        Step("verified", "returned", "publish", needs_reason=True),
    ),
    "publish": (Step("verified", "published", "publish"),),
}


def open_steps(session: Session, assessment: WaitingAssessment) -> list[StepName]:
    """Return the steps that the session's account may take with ``assessment`` now."""
    if assessment.is_own:
        return []
    rights = revisions.rights_at(session, assessment.school_id)
    return [
        name
        for name, ways in STEPS.items()
        if any(step.start == assessment.status and step.right in rights for step in ways)
    ]


def take_step(
    session: Session, assessment_id: int, name: StepName, *, seen: int, reason: str = ""
) -> WaitingAssessment:
    """Take one step with an assessment and return it as it is then; the caller commits.

    Args:
        seen: The assessment's last step that the person looked at.
        reason: How it was checked, or why it goes back; needed to verify and to return.

    Raises:
        UnknownRevisionError: There is none, or it is not for this account to see.
        OwnChangeError, OutsideTerritoryError: The step is for somebody else.
        WrongStepError: It stands elsewhere by now.
        ReasonNeededError: The reason is missing.
    """
    assessment = verification.find_assessment(session, assessment_id)
    if assessment is None:
        raise UnknownRevisionError(assessment_id)
    step = next((way for way in STEPS[name] if way.start == assessment.status), None)
    if step is None:
        raise WrongStepError(assessment_id)
    if step.right not in revisions.rights_at(session, assessment.school_id):
        raise OutsideTerritoryError
    if assessment.is_own:
        raise OwnChangeError
    held = verification.find_assessment(session, assessment_id, lock=True)
    if held is None or held.status != step.start or held.step_id != seen:
        raise WrongStepError(assessment_id)
    why = reason.strip()[:LONGEST_REASON]
    if step.needs_reason and not why:
        raise ReasonNeededError(name)
    audit.give_reason(session, why)
    if not verification.take_step(session, assessment_id, step.start, step.to):
        raise WrongStepError(assessment_id)
    details = {"school": assessment.school_code, "kind": assessment.kind, "reason": why or None}
    audit.record(session, f"assessment:{step.to}", subject=str(assessment_id), details=details)
    taken = verification.find_assessment(session, assessment_id)
    assert taken is not None
    return taken
