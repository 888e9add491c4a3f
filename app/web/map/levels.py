"""Which level of areas the map shades: the one that was chosen, else by zoom, and always inside the chosen area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.web.map.state import MapState
    from geodata.records.map_shape import AreaShape

LEVEL_ZOOMS = (4.1, 8.2)
"""Zooms (tiles of 512 pixels) from which rayons and aiyl aimaks are shaded when the level goes by zoom."""

DEEPEST = 3
OF_THE_COUNTRY = 2
"""What a map of the whole country shades before anyone has zoomed."""


@dataclass(frozen=True, slots=True)
class Levels:
    """``shown`` is what legend, headline and table count; by zoom it lies between ``least`` and ``deepest``."""

    shown: int
    least: int
    deepest: int


def levels_of(state: MapState, own: AreaShape | None, inside: Sequence[AreaShape]) -> Levels:
    """Return the levels of a map of ``own`` (None: the country), whose areas are ``inside``.

    By zoom an area is never shaded as a whole while units stand below it; where none do, it is.
    """
    least = 1 if own is None else min(DEEPEST, own.level + 1)
    deepest = DEEPEST if own is None else max((shape.level for shape in inside), default=own.level)
    if state.level != "auto":
        return Levels(int(state.level), least, deepest)
    if state.view is not None:
        wanted = max(least, 1 + sum(state.view[2] >= zoom for zoom in LEVEL_ZOOMS))
    else:
        wanted = OF_THE_COUNTRY if own is None else least
    return Levels(min(wanted, deepest), least, deepest)
