"""Assessments on their way to publication, and their answers beside what others found before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

AssessmentStatus = Literal["draft", "submitted", "returned", "verified", "published"]


@dataclass(frozen=True, slots=True)
class WaitingAssessment:
    """An assessment with its last step. ``is_own``: who asks began, answered or submitted it."""

    id: int
    school_id: int
    school_code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    kind: str
    assessed_on: date
    status: AssessmentStatus
    edition_id: int
    edition_code: str
    step_id: int
    """The last step; 0 where none is written down (files that were taken in)."""
    step_at: datetime | None
    step_by: str | None
    step_reason: str | None
    answers: int
    """Public ones."""
    is_own: bool


@dataclass(frozen=True, slots=True)
class AssessmentStepFacts:
    """One step of an assessment."""

    at: datetime
    account_name: str | None
    from_status: str | None
    to_status: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One answer as it was given; ``day`` is that of its evidence."""

    building: str | None
    state: str
    value: float | None
    room_share: float | None
    note: str | None
    day: date | None
    kind: str
    is_confirmed: bool
    """False: taken over from the former assessment, and nobody has said since that it still holds."""


@dataclass(slots=True)
class ComparedCriterion:
    """A criterion with the answers of one assessment and, per building, what a second rater found before."""

    code: str
    domain_code: str
    text_ky: str
    text_ru: str
    text_en: str
    scope: str
    is_critical: bool
    grouping: str
    unit: str | None
    files: list[list[str]] = field(default_factory=list)
    """Number and kind (photo, document) of each piece of evidence."""
    answers: list[GivenAnswer] = field(default_factory=list)
    former: list[GivenAnswer] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        """Whether an answer says something else than what was found before, in the same building or for the school."""
        return any(
            mine.state != theirs.state
            for mine in self.answers
            for theirs in self.former
            if "unknown" not in (mine.state, theirs.state)
            and (mine.building == theirs.building or mine.building is None or theirs.building is None)
        )
