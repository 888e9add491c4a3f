"""Areas: country, oblast or republican city, rayon or city, aiyl aimak."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

AreaKind = Literal["country", "oblast", "republican_city", "rayon", "city", "aiyl_aimak"]
SuccessionKind = Literal["merge", "split", "rename", "transfer"]
BoundaryQuality = Literal["official", "derived", "sketch"]

COUNTRY, OBLAST, RAYON, AIMAK = 0, 1, 2, 3
"""Levels: 0 country, 1 oblast or republican city, 2 rayon or city, 3 aiyl aimak."""


@dataclass(frozen=True, slots=True)
class AreaRecord:
    """One administrative unit as it was valid in ``[valid_from, valid_to)``.

    ``code`` is text (SOATE, 14 digits, or ``DEMO-...``). ``geometry`` is EPSG:4326 or None.
    ``poverty_index`` is 0..1 (share of poor people) or None when unknown.
    """

    code: str
    level: int
    kind: AreaKind
    parent_code: str | None
    name_ky: str
    name_ru: str | None = None
    name_en: str | None = None
    former_names: tuple[str, ...] = ()
    pcode: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    geometry: BaseGeometry | None = None
    boundary_quality: BoundaryQuality | None = None
    population: int | None = None
    poverty_index: float | None = None
    is_synthetic: bool = False
    provenance: dict[str, dict[str, object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AreaSuccession:
    """``predecessor_code`` became (part of) ``successor_code`` on ``on_date``."""

    predecessor_code: str
    successor_code: str
    kind: SuccessionKind
    on_date: date
    source: str


RANKABLE_SHARE = 0.6
"""An area is ranked from this share of its schools with completeness >= 0.8 (method 7, a proposal)."""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area with its aggregates in one run. Result fields are None where the run has none: unknown.

    Percentages 0..100; ``grade_counts`` maps A..E and "unknown" to schools; altitude in metres.
    """

    id: int
    code: str
    level: int
    kind: str
    parent_id: int | None
    name_ky: str
    name_ru: str | None
    name_en: str | None
    valid_from: date
    valid_to: date | None
    population: int | None
    poverty_index: float | None
    is_synthetic: bool
    former_names: list[str]
    pcode: str | None
    source: str | None
    source_date: date | None
    schools: int | None
    assessed: int | None
    covered: int | None
    is_rankable: bool | None
    pupils: int | None
    peak_pupils: int | None
    pupils_at_risk: int | None
    grade_counts: dict[str, int] | None
    mean_priority: float | None
    mean_index_lower: float | None
    mean_index: float | None
    mean_index_upper: float | None
    worst_rank: int | None
    median_altitude_m: float | None

    @property
    def graded_d_or_e(self) -> int | None:
        """Schools graded D or E, or None where the run has no figures."""
        if self.grade_counts is None:
            return None
        return int(self.grade_counts.get("D", 0)) + int(self.grade_counts.get("E", 0))


@dataclass(frozen=True, slots=True)
class DomainShare:
    """One domain of the standard over the schools of an area; shares are 0..100 of applicable weight."""

    domain_code: str
    schools: int
    schools_failing: int
    failed_pct: float
    unknown_pct: float
    name_ky: str | None
    name_ru: str | None
    name_en: str | None

    @property
    def code(self) -> str:
        """The domain's code, which stands where no name is known."""
        return self.domain_code


@dataclass(frozen=True, slots=True)
class AreaChange:
    """One step in an area's history, seen from it: the other unit, the kind and the day."""

    code: str
    name_ky: str
    name_ru: str | None
    name_en: str | None
    kind: SuccessionKind
    on_date: date
    source: str | None
    is_successor: bool
