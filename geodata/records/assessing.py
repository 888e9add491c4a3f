"""An assessment while it is answered: its school, blocks, questions, and answers with their versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

OPEN = ("draft", "returned")
"""Statuses in which an assessment can be answered."""
OF_BLOCK = ("building", "room")
"""Scopes of criteria that are asked of each building of a school that has any."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One assessment with its school. ``started_by`` and ``reason``: of the first and the last step; None = unknown.

    ``rights``: which of see, edit and see_restricted the reader holds at the school.
    """

    id: int
    school_id: int
    school_code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    edition_id: int
    edition_code: str
    kind: str
    assessed_on: date
    status: str
    is_synthetic: bool
    updated_at: datetime
    started_by: str | None
    reason: str | None
    rights: Sequence[str] = ()

    @property
    def is_open(self) -> bool:
        """Whether it can be answered."""
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class Block:
    """A building as the assessment asks about it. ``pupil_share`` 0..1, None = unknown."""

    id: int
    code: str
    name: str | None
    pupil_share: float | None


@dataclass(frozen=True, slots=True)
class Question:
    """A criterion as it is asked, in one language: ``hint`` is the guidance on how to check, None where there is none.

    ``unit`` and ``requirement`` are as the edition writes them.
    """

    id: int
    code: str
    domain_code: str
    text: str
    scope: str
    weight: float
    is_critical: bool
    cap: float | None
    grouping: str
    value_type: str
    threshold_min: float | None
    threshold_max: float | None
    unit: str
    requirement: str
    hint: str | None
    evidence: tuple[str, ...] = ()

    @property
    def is_engineering(self) -> bool:
        """Whether an engineering survey answers it by who is certified alone."""
        return self.domain_code == "STR" and "survey" in self.evidence

    @property
    def is_protected(self) -> bool:
        """Whether its answers are for those who may see the protection group."""
        return self.grouping == "protection"

    @property
    def has_number(self) -> bool:
        """Whether a measured value decides it."""
        return self.value_type == "num" and (self.threshold_min is not None or self.threshold_max is not None)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer as stored. ``answered_at`` None: taken over from an earlier assessment, or from a file."""

    criterion_id: int
    building_id: int | None
    state: str
    value: float | None
    room_share: float | None
    note: str | None
    evidence_on: date | None
    answered_at: datetime | None
    version: int

    def content(self) -> dict[str, Any]:
        """Return what it says, for comparing and for the history."""
        return {
            "state": self.state,
            "value": self.value,
            "room_share": self.room_share,
            "note": self.note,
            "evidence_on": self.evidence_on.isoformat() if self.evidence_on else None,
        }


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A line of somebody's list of assessments."""

    id: int
    school_code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    kind: str
    assessed_on: date
    status: str
    answers: int


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """A photo or document. ``public_sha256`` None: there is no copy for the public."""

    id: int
    assessment_id: int
    school_id: int
    status: str
    criterion_id: int | None
    criterion_code: str | None
    building_id: int | None
    building_code: str | None
    building_name: str | None
    is_restricted: bool
    kind: str
    media_type: str
    taken_on: date | None
    title: str | None
    before_id: int | None
    sha256: str
    byte_count: int
    public_sha256: str | None
    thumbnail_sha256: str | None
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class ReadingFacts:
    """What an instrument showed, in the unit of the criterion's norm. ``shift`` 1..3, None = not said."""

    id: int
    criterion_code: str
    building_code: str | None
    building_name: str | None
    room: str | None
    value: float
    measured_at: datetime
    shift: int | None
    instrument: str
    calibrated_on: date | None
    note: str | None
