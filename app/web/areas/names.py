"""Names of areas for pages: today's units are read once as long as the data stay, a former one is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.web.remembered import remembered
from geodata.queries import areas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.database import Session
    from geodata.models import Area

LEVELS = (1, 2, 3)


def todays_units(session: Session, levels: Sequence[int] = LEVELS, also: str | None = None) -> dict[str, Area]:
    """Return today's units of some levels by code, in Kyrgyz order, and ``also`` whatever its level and period."""
    return remembered(("area names", tuple(levels), also), lambda: _read(session, levels, also))


def units_of(session: Session, codes: set[str]) -> dict[str, Area]:
    """Return the units of ``codes`` by code, former ones too; what does not exist is left out."""
    known = todays_units(session)
    former = codes - known.keys()
    return {code: known[code] for code in codes & known.keys()} | (areas.by_codes(session, former) if former else {})


def _read(session: Session, levels: Sequence[int], also: str | None) -> dict[str, Area]:
    found = areas.names(session, levels, also)
    for area in found.values():
        session.expunge(area)  # other requests will read it
    return found
