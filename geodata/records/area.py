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
