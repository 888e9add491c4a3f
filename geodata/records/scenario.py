"""Scenario events as pages and files show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ScenarioFacts:
    """One scenario; texts in three languages, None = unknown or not of this kind."""

    id: int
    code: str
    kind: str
    title_ky: str
    title_ru: str
    title_en: str
    measure: str
    source: str
    licence: str | None
    equation: str | None
    file_name: str | None
    input_sha256: str
    happened_on: date | None
    magnitude: float | None
    lon: float | None
    lat: float | None
    data_date: date
    is_synthetic: bool
    is_published: bool

    @property
    def has_degree(self) -> bool:
        """Whether the event says how strongly, so that models speak of damage; an area alone does not."""
        return self.measure != "inside"


@dataclass(frozen=True, slots=True)
class ShakenSchool:
    """One school in a scenario; people are those present at the hour asked for, None = unknown.

    Shaking and shares are None where the event has no degree.
    """

    code: str
    name_ky: str
    name_ru: str | None
    name_en: str | None
    area_code: str | None
    area_name_ky: str | None
    area_name_ru: str | None
    area_name_en: str | None
    lon: float | None
    lat: float | None
    msk: float | None
    pga_g: float | None
    present: float | None
    staff: int | None
    seats: int | None
    unusable: float | None
    unusable_low: float | None
    unusable_high: float | None
    severe: float | None
    deaths: float | None
    seats_lost: float | None
    sees_phones: bool = False
    """Whether the telephones are for the reader; without it ``phones`` is empty and says nothing."""
    phones: tuple[str, ...] = ()
    """E.164, the first to call first; empty: no number is known."""


@dataclass(frozen=True, slots=True)
class CallCounts:
    """Schools of a scenario: whose telephones the reader sees, of those without a known number, and all.

    ``is_sample``: there are numbers among them that nobody can call.
    """

    seen: int
    without: int
    schools: int
    is_sample: bool


@dataclass(frozen=True, slots=True)
class ShakenArea:
    """Sums over the schools of one rayon or city; a None is left out of a sum, and ``unknown`` counts such schools.

    ``code`` None: the schools of no known area. What a model says is None where the event has no degree.
    """

    code: str | None
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    schools: int
    strongest_msk: float | None
    present: float
    unknown: int
    seats: int
    seats_lost: float | None
    seats_lost_low: float | None
    seats_lost_high: float | None
    severe: float | None
    deaths: float | None
