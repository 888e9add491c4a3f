"""Projects of the pipeline: stages, money by source, and what they add up to. Money in whole som; None is unknown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

STAGES = ("identified", "design", "approved", "procured", "building", "done")
DROPPED = "dropped"
"""The end of a project that is not carried on; it stays to be seen, with the reason."""
EARLY = ("identified", "design")
"""Stages of who edits a school; everything beyond is for who publishes."""
PAID = ("procured", "building", "done")
"""Stages that ask for a record of the money."""


@dataclass(frozen=True, slots=True)
class PipelineRow:
    """One project where it stands. ``planned_som``, ``decided_som`` and ``spent_som`` None: nothing is recorded."""

    id: int
    school_id: int
    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    area_code: str | None
    area_ky: str | None
    area_ru: str | None
    area_en: str | None
    bundle: str
    plan_hash: str | None
    cost_som: int | None
    stage: str
    moved_on: date
    steps: int
    planned_som: int | None
    decided_som: int | None
    spent_som: int | None
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a project; ``account_name`` None: made by the program."""

    step: int
    from_stage: str | None
    to_stage: str
    moved_on: date
    reason: str
    document: str | None
    account_name: str | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """Money of a project that stands: planned, decided (the log of funded projects) or spent."""

    id: int
    kind: str
    money: str
    amount_som: int
    on_date: date
    document: str
    document_url: str | None


@dataclass(frozen=True, slots=True)
class StageSums:
    """Projects of one stage. Sums are over what is recorded; ``unpriced`` counts projects without an estimate."""

    stage: str
    projects: int = 0
    unpriced: int = 0
    cost_som: int = 0
    planned_som: int = 0
    decided_som: int = 0
    spent_som: int = 0


@dataclass(frozen=True, slots=True)
class UnitStages:
    """How many projects of each stage lie in an area, and the cost of all that are not dropped."""

    code: str
    name_ky: str
    name_ru: str | None
    name_en: str | None
    cost_som: int
    counts: dict[str, int] = field(default_factory=dict)
