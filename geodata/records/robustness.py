"""What draws say of schools, and second opinions on buildings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContestedSchool:
    """A school near the cut whose place is not firm; ``is_unknown``: the deciding factor is not known at all."""

    code: str
    name_ky: str
    name_ru: str | None
    name_en: str | None
    national_rank: int
    rank_low: int
    rank_high: int
    p_top: float
    label: str
    decided_by: str
    decided_share: float
    is_unknown: bool


@dataclass(frozen=True, slots=True)
class FirmRank:
    """What the draws of a run say of one school; ``p_above_next`` None = it is the last."""

    draws: int
    top_count: int
    p_top: float
    p_above_next: float | None
    label: str
    decided_by: str
    decided_share: float


@dataclass(frozen=True, slots=True)
class ScreeningFacts:
    """The second opinion on one building; ``score`` None = unknown. Codes, not words."""

    score: float | None
    items: tuple[str, ...]
    modifiers: tuple[str, ...]
    needs_review: bool
