"""Hazard features as read from a file: a geometry with a level or a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class HazardFeature:
    """``geometry`` in EPSG:4326. ``level`` 1..4 or None (undocumented classes stay unknown)."""

    geometry: BaseGeometry
    level: int | None = None
    value: float | None = None
    name: str | None = None
    properties: dict[str, object] = field(default_factory=dict)
