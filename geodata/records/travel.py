"""Roads and services as read from a file: lines that vehicles use, fire stations and hospitals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from shapely.geometry.base import BaseGeometry

SERVICES = ("fire_station", "hospital")
WAY_TARGETS = ("settlement", "school", "safe_school", *SERVICES)
"""What ways lead to: a settlement's centre, the next school, the next one of grade A to C, and services."""


@dataclass(frozen=True, slots=True)
class RoadLine:
    """``geometry``: (Multi)LineString, EPSG:4326. None is unknown; ``direction`` 1 as drawn, -1 against, 0 both."""

    geometry: BaseGeometry
    road_class: str = "other"
    limit_kmh: float | None = None
    direction: int = 0
    is_paved: bool | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class ServicePoint:
    """A fire station or a hospital at a Point, EPSG:4326."""

    geometry: BaseGeometry
    kind: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class TravelVersion:
    """One version of the file of roads or of services."""

    id: int
    kind: str
    version: int
    source: str
    licence: str | None
    data_sha256: str
    feature_count: int
    is_synthetic: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TouchedLayer:
    """What one hazard layer holds within its accuracy of a way.

    ``coverage`` as the manifest states it, None: not at all. ``paths`` are features at the stated level or worse,
    ``worst`` the worst level met, ``unlevelled`` features whose level nobody documented. ``is_covered``: features
    cover the whole way.
    """

    code: str
    hazard: str
    coverage: dict[str, Any] | None
    paths: int
    worst: int | None
    unlevelled: int
    is_covered: bool


@dataclass(frozen=True, slots=True)
class WayFacts:
    """A way from a school; ``minutes`` and ``km`` are None where ``line`` is a straight line and no road.

    ``line``: LineString, EPSG:4326. ``straight_km`` is the distance of its ends on the ellipsoid.
    """

    target: str
    other_code: str | None
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    minutes: float | None
    km: float | None
    straight_km: float
    line: BaseGeometry
    touched: tuple[TouchedLayer, ...]
