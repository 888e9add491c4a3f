"""A funded school of a plan with its place and payers, and the money of a plan by area. Money in whole som."""

from __future__ import annotations

from dataclasses import dataclass

SOURCES = ("republican_budget", "local_budget", "stimulating_grant", "donor", "development_fund")
"""Who can pay. Never boards of trustees or parents: collecting money in schools is prohibited."""


@dataclass(frozen=True, slots=True)
class PlanItemRow:
    """One funded school of a plan: the row of page, interface and files; None is unknown.

    ``year`` None: the plan is of one year without a name. ``payments``: som by source, None where the plan does not
    say who pays; a source that is not in it pays nothing. ``lon`` and ``lat`` in EPSG:4326.
    """

    school_id: int
    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    oblast_code: str | None
    rayon_code: str | None
    aimak_code: str | None
    lon: float | None
    lat: float | None
    national_rank: int
    grade: str | None
    pupils: int | None
    shifts: int | None
    is_synthetic: bool
    bundle: str
    year: int | None
    cost_som: int
    benefit: float
    payments: dict[str, int] | None
    funded_in_draws: float | None = None
    """Share of the draws in which it gets money (method 8); None: the plan was not drawn."""
    on_proposals: float | None = None
    """Share of its benefit that depends on proposals (method 13); None: not worked out."""


@dataclass(frozen=True, slots=True)
class PlanSums:
    """What a plan holds, whole or in an area. ``pupils`` None: unknown at every school; else of the known ones."""

    schools: int
    cost_som: int
    pupils: int | None


@dataclass(frozen=True, slots=True)
class PlanArea:
    """One area with what a plan holds for it; areas without a funded school have 0, which is known."""

    code: str
    level: int
    name_ky: str
    name_ru: str | None
    name_en: str | None
    schools: int
    cost_som: int
    pupils: int | None
