"""The list: one filter for every view, and one row a school as a run has ranked it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

Grade = Literal["A", "B", "C", "D", "E"]
FACTORS = ("C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8")
SORTS = (
    "rank", "name", "grade", "index", "priority", "pupils", "completeness", "risk", "safety", "gap", "benefit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListFilter:
    """The same filter for page, map, tiles, API and files; None or empty = no restriction.

    ``grades`` may hold "unknown" (no grade). ``hazard`` is a hazard kind and ``hazard_level`` its least
    level. ``area`` is the code of an area of any level. ``date`` chooses the area map valid then.
    ``funded`` asks for the schools that get money (or get none) in ``plan``, the hash of a plan for a budget; None:
    the newest one that everybody sees. ``plan`` alone restricts nothing. ``queue`` is the code of a queue of money and
    ``queue_schools`` the ids of its schools, which ``app.workflows.queue_standing.ask_queue`` fills in before any row
    is read.
    """

    run: str | None = None
    area: str | None = None
    q: str | None = None
    grades: tuple[str, ...] = ()
    confidence: tuple[int, ...] = ()
    ownership: tuple[str, ...] = ()
    hazard: str | None = None
    hazard_level: int | None = None
    domain: str | None = None
    plan: str | None = None
    funded: bool | None = None
    queue: str | None = None
    queue_schools: tuple[int, ...] | None = None
    date: date | None = None
    sort: str = "rank"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class PriorityRow:
    """One school in one run. ``None`` is unknown. Percentages 0..100, money in whole som.

    ``contributions`` are points of the priority (0..100 in sum) per factor of ``FACTORS``;
    ``known`` says for which factors something was known; else the points are those of half, or of the prior where
    nobody assessed anything (then ``factor_raw`` holds the prior, which is no measurement: show none).
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
    kind: str
    ownership: str
    grade: Grade | None
    conformity_class: str
    index_lower: float
    index_central: float | None
    index_upper: float
    completeness: float
    priority_lower: float
    priority_central: float
    priority_upper: float
    national_rank: int
    rank_low: int
    rank_high: int
    oblast_rank: int | None
    rayon_rank: int | None
    aimak_rank: int | None
    confidence: int
    pupils: int | None
    seats: int | None
    shifts: int | None
    peak_pupils: int | None
    factor_raw: tuple[float | None, ...]
    contributions: tuple[float, ...]
    known: tuple[bool, ...]
    red_flags: tuple[str, ...]
    hazard_levels: dict[str, int | None]
    assessed_on: date | None
    is_synthetic: bool
    safety_rank: int | None = None
    gap_points: float | None = None
    gap_rank: int | None = None
    benefit_cost: float | None = None
    benefit_rank: int | None = None
    """Places by the three published methods beside the priority, and the figures of two of them."""
    top_by_weights: str | None = None
    top_moves: tuple[str, ...] | None = None
    """Whether it stays among the first N while each weight moves, and the moves that change it; None = older run."""


@dataclass(frozen=True, slots=True)
class AreaUnknowns:
    """How many schools of an area lack something; ``factors`` are in the order of ``FACTORS``."""

    schools: int
    without_grade: int
    never_assessed: int
    place_doubtful: int
    without_pupils: int
    factors: tuple[int, ...]
