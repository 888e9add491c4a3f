"""A layer's classes as a legend: for the map, the page and the files alike."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from geodata.records.marks import N_

if TYPE_CHECKING:
    from layers.manifest import HazardLayer

UNKNOWN_COLOUR = "#9e9e9e"
UNKNOWN_LABEL = N_("Level unknown")


@dataclass(frozen=True, slots=True)
class LegendClass:
    """One row of a legend; ``label`` is a msgid, bounds are in the layer's unit (None = open)."""

    level: int | None
    label: str
    colour: str
    lower: float | None
    upper: float | None


def legend_classes(layer: HazardLayer) -> list[LegendClass]:
    """Return the classes from least to worst value, and "level unknown" last when no class says otherwise."""
    rows: list[LegendClass] = []
    lower: float | None = None
    for found in layer.classes:
        upper = None if found.upper == inf else found.upper
        rows.append(LegendClass(found.level, found.label, found.colour, lower, upper))
        lower = upper
    if not any(row.level is None for row in rows):
        rows.append(LegendClass(None, UNKNOWN_LABEL, UNKNOWN_COLOUR, None, None))
    return rows
