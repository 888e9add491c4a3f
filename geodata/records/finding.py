"""Findings: the answer to one criterion of the standard at one school or building."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

AnswerState = Literal["meets", "partly", "fails", "not_applicable", "unknown"]
AssessmentKind = Literal["self", "verification", "survey", "instrument", "baseline"]


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """One answer. ``building_code`` is None for criteria of scope school and site.

    ``room_share`` (0..1) is given for room criteria: the share of inspected rooms that pass.
    """

    school_code: str
    criterion_code: str
    state: AnswerState
    assessed_on: date
    building_code: str | None = None
    value: float | None = None
    room_share: float | None = None
    note: str | None = None
    kind: AssessmentKind = "self"
    assessor: str | None = None
    is_synthetic: bool = False
