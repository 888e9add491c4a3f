"""What a file of the list says about itself beside its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ListSource:
    """One source: ``title`` is a msgid or empty, ``publisher`` and ``licence`` are as the source states them."""

    kind: Literal["boundaries", "hazard"]
    title: str
    publisher: str
    licence: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class MapWater:
    """A lake or a river to draw with a list: ``kind`` lake or river, names, and a simplified GeoJSON geometry."""

    kind: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    geometry: str


@dataclass(frozen=True, slots=True)
class MapArea:
    """An area to draw with a list: figures of the run (None = unknown) and a simplified GeoJSON geometry."""

    code: str
    level: int
    name_ky: str
    name_ru: str | None
    name_en: str | None
    schools: int | None
    assessed: int | None
    is_rankable: bool | None
    pupils: int | None
    pupils_at_risk: int | None
    mean_priority: float | None
    mean_index: float | None
    is_own: bool
    geometry: str | None
