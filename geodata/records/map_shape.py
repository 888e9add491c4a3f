"""Shapes of a drawn map: a frame on the ground and paths in its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, cos, exp, log, pi, radians, tan
from typing import Any

EARTH_RADIUS_M = 6378137.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle of Web Mercator (EPSG:3857, metres) drawn on ``width`` x ``height`` pixels; y grows downwards."""

    west: float
    south: float
    east: float
    north: float
    width: int
    height: int

    @property
    def scale(self) -> float:
        """Pixels a metre of the projection."""
        return self.width / (self.east - self.west)

    def project(self, lon: float, lat: float) -> tuple[float, float]:
        """Return the pixel of a place in EPSG:4326 degrees; it may lie outside the frame."""
        x = EARTH_RADIUS_M * radians(lon)
        y = EARTH_RADIUS_M * log(tan(pi / 4 + radians(lat) / 2))
        return (x - self.west) * self.scale, (self.north - y) * self.scale

    @property
    def metres_a_pixel(self) -> float:
        """Metres on the ground along the middle line of the frame."""
        middle = (self.north + self.south) / 2 / EARTH_RADIUS_M
        latitude = 2 * atan(exp(middle)) - pi / 2
        return cos(latitude) / self.scale


@dataclass(frozen=True, slots=True)
class AreaShape:
    """One area in a frame: SVG path data, the pixel of its label, and its figures in a run (None: unknown).

    ``is_leaf``: no unit with a known boundary stands below it on the day of the map.
    """

    code: str
    level: int
    name_ky: str
    name_ru: str | None
    name_en: str | None
    path: str
    label_x: float
    label_y: float
    schools: int | None
    assessed: int | None
    is_rankable: bool | None
    pupils: int | None
    pupils_at_risk: int | None
    mean_priority: float | None
    mean_index: float | None
    parent_code: str | None = None
    is_leaf: bool = False

    def stands_at(self, level: int) -> bool:
        """Return whether a map of ``level`` shades this area: it is of that level, or nothing below it could be."""
        return self.level == level or (1 <= self.level < level and self.is_leaf)


@dataclass(frozen=True, slots=True)
class ContextShape:
    """A lake, river, outline (path) or place (pixel) of the base map. ``kind`` as in ``BaseMapFeature``."""

    kind: str
    path: str
    x: float
    y: float
    rank: int
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    is_sketch: bool

    def names(self) -> dict[str, Any]:
        """Return the names as a mapping, for ``app.i18n.names``."""
        return {"name_ky": self.name_ky, "name_ru": self.name_ru, "name_en": self.name_en}


def frame_around(lon: float, lat: float, across_km: float, width: int, height: int) -> Frame:
    """Return the frame of ``width`` x ``height`` pixels around a place (EPSG:4326) that is ``across_km`` wide there."""
    half = across_km * 500 / cos(radians(lat))
    x = EARTH_RADIUS_M * radians(lon)
    y = EARTH_RADIUS_M * log(tan(pi / 4 + radians(lat) / 2))
    return Frame(x - half, y - half * height / width, x + half, y + half * height / width, width, height)
