"""Reports of sensitivity as other rooms see them. Money in whole som; None is not computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """One report without its rows; ``gap_asked``: the relative gap within which each variant was to be proven."""

    id: int
    plan_id: int
    hash: str
    variants: int
    no_regret: int
    gap_asked: float
    created_at: datetime


@dataclass(frozen=True, slots=True)
class VariantRow:
    """The plan under one changed assumption; see ``geodata.models.sensitivity``."""

    code: str
    assumption: str
    outcome: str
    reason: str | None
    status: str | None
    budget_som: int | None
    cost_som: int | None
    schools: int | None
    shared: int | None
    benefit: float | None
    gap: float | None
    plan_misses: float | None
    shared_share: float | None
    shared_money: float | None


@dataclass(frozen=True, slots=True)
class HangingSchool:
    """A school of the plan, or of a variant, that is funded or not by one assumption alone."""

    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    national_rank: int
    is_planned: bool
    hangs_on: str
    changed_by: list[str]
