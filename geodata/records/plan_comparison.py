"""A school that any of some plans funds, and what each of them gives it. Money in whole som."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ComparedSchool:
    """One school; ``rank`` and ``grade`` are of the first plan that funds it. ``given``: plan id -> (bundle, som)."""

    id: int
    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    oblast_id: int | None
    rank: int
    grade: str | None
    pupils: int | None
    given: dict[int, tuple[str, int]]
