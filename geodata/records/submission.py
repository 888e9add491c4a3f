"""Forms from the field as they come in: one filled-in form, what it says, and what became of a delivery."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date, datetime

    from geodata.records.finding import AnswerState
    from geodata.records.table import RowProblem


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a submission names. ``address`` is where its server says it lies: a claim, never fetched as it is."""

    name: str
    question: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class RawSubmission:
    """One filled-in form, before anybody judged it.

    ``row`` counts from 1 in the delivery. ``instance_id`` is the same for all edits, ``version_id`` of this one;
    ``deprecated_id`` is the version that it replaces. ``values`` are by the name of the question, ``blocks`` the same
    for each building. Empty answers are left out. Times are as the form or its server wrote them.
    """

    row: int
    instance_id: str | None
    version_id: str | None
    deprecated_id: str | None
    is_edit: bool
    values: dict[str, str]
    blocks: tuple[dict[str, str], ...]
    attachments: tuple[Attachment, ...]
    raw: dict[str, Any]
    form_version: str | None = None
    submitted_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    submitted_by: str | None = None
    strange: tuple[str, ...] = ()
    """Keys that no form makes, written so that they can be stored; what they hold is kept in ``raw``."""


@dataclass(slots=True)
class Delivery:
    """What a file or a server sent: submissions, and problems of the whole."""

    submissions: list[RawSubmission]
    problems: list[RowProblem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """One answer. ``evidence_on`` is the day when it was seen; of an answer taken over from earlier, that day."""

    criterion_code: str
    building_code: str | None
    state: AnswerState
    value: float | None
    room_share: float | None
    note: str | None
    evidence_on: date


@dataclass(frozen=True, slots=True)
class FieldVisit:
    """What a submission without an error says."""

    school_code: str
    edition_code: str
    kind: str
    assessed_on: date
    assessor: str | None
    answers: tuple[FieldAnswer, ...]


@dataclass(slots=True)
class CheckedSubmission:
    """A submission with what is wrong with it; ``visit`` is None when an error refuses it.

    ``school_code`` is known where the school could be told, also of a refused one. ``may_be_kept``: False when it holds
    answers of the protection group from somebody who may not enter them; then it is kept without them.
    """

    raw: RawSubmission
    visit: FieldVisit | None
    school_code: str | None
    is_protected: bool
    may_be_kept: bool
    problems: list[RowProblem]


@dataclass(slots=True)
class Outcome:
    """What came of a delivery: every submission in it is counted once."""

    received: int = 0
    added: int = 0
    edited: int = 0
    unchanged: int = 0
    refused: int = 0
    late: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    """Numbers of the submissions that are new or have a new version."""
