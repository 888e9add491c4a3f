"""Offers, plans and their items as other rooms see them. Money in whole som; None is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

DRAFT_ABOVE = 0.5
"""Share of the benefit on proposals above which a plan is a draft, not for allocation (method 13)."""


@dataclass(frozen=True, slots=True, eq=False)
class OfferTable:
    """What can be funded in a run: a row a bundle of known cost, in the order of schools; a row a school beside."""

    bundle: NDArray[np.int64]
    """Index into ``codes``."""
    codes: tuple[str, ...]
    school: NDArray[np.int64]
    """Row of the school."""
    cost_som: NDArray[np.int64]
    benefit: NDArray[np.float64]
    school_id: NDArray[np.int64]
    rank: NDArray[np.int64]
    region: NDArray[np.int64]
    """Index into ``regions``; schools of an unknown oblast have the last one."""
    pupils: NDArray[np.float64]
    gap_points: NDArray[np.float64]
    """100 less the conformity index, NaN = nothing was assessed."""
    regions: tuple[int, ...]
    """Ids of the oblasts and republican cities, 0 = unknown."""
    rayon: NDArray[np.int64]
    """Index into ``rayons``."""
    rayons: tuple[int, ...]
    """Ids of the rayons and cities of an oblast, 0 = unknown."""
    area_code: Mapping[int, str]
    """Code of each oblast and rayon by id."""
    school_code: tuple[str, ...]
    is_safe: NDArray[np.bool_]
    """The structure is known to conform and nothing of it is flagged; unknown is never safe."""
    is_flagged: NDArray[np.bool_]
    """Grade E with a critical structural requirement failed."""


@dataclass(frozen=True, slots=True)
class SchoolOffer:
    """One bundle at one school, for its page."""

    bundle: str
    cost_som: int | None
    benefit: float
    fatalities_avoided: float | None
    loss_avoided_som: float | None
    index_gained: float | None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One funded school of a plan."""

    school_id: int
    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    oblast_id: int | None
    national_rank: int
    grade: str | None
    pupils: int | None
    bundle: str
    cost_som: int
    benefit: float
    year: int | None
    """Year of the works, None in a plan of one year without a name."""


@dataclass(frozen=True, slots=True)
class MustAct:
    """One school that must be acted on, with what came of it: funded, no_money or no_measure."""

    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    reason: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Spending:
    """What one source pays in one year of a plan, in whole som; source '': all of them together."""

    source: str
    year: int
    som: int
    schools: int


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan without its items."""

    id: int
    hash: str
    run_hash: str
    budget_som: int
    cost_som: int
    benefit: float
    bound: float
    shadow_price: float
    proposal_share: float
    schools: int
    status: str
    is_proven: bool
    is_unique: bool
    is_published: bool
    is_synthetic: bool
    created_at: datetime
    canonical: str

    @property
    def is_draft(self) -> bool:
        """Return whether the plan is stamped "draft - not for allocation", wherever it is shown."""
        return self.proposal_share > DRAFT_ABOVE

    @property
    def gap(self) -> float:
        """Return the share of the bound that the plan may miss, 0 where both are 0."""
        return max(0.0, 1 - self.benefit / self.bound) if self.bound > 0 else 0.0

    first_year: int | None
    years: int
    must_act_left: int
    """Schools that must be acted on and stay without."""
    result_sha256: str | None
    state_version: int
    """What an editor saw: publishing and withdrawing act on this state only."""
