"""What the table of priors in force says of the blocks of an assessment: the rates that a ranking would take there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.risk.parameters import UNKNOWN_TYPE, default_parameters
from app.risk.type_priors import decades_of
from app.workflows.prior_tables import version_in_force
from geodata.queries import priors

if TYPE_CHECKING:
    from app.workflows.assess import Sheet
    from geodata.database import Session

RatesOfBlocks = Callable[[Sequence[str]], NDArray[np.float64] | None]
"""Pass rates by codes of criteria, shape (blocks, criteria), NaN = nothing is counted."""


def rates_of(session: Session, sheet: Sheet) -> RatesOfBlocks | None:
    """Return the pass rates of the assessment's blocks; None: no table of its edition is in force."""
    found = version_in_force(session, default_parameters())
    if found is None or found.edition != sheet.visit.edition_code:
        return None
    facts = {row.building_id: row for row in priors.places_of_buildings(session, sheet.visit.school_id)}
    rows = [facts.get(block.id) for block in sheet.blocks] or [None]
    school = facts.get(None)
    rayon, oblast = ((getattr(school, level) or "") if school else "" for level in ("rayon", "oblast"))
    kind = [row.building_type if row else UNKNOWN_TYPE for row in rows]
    year = np.array([(row.year_built or 0) if row else 0 for row in rows], dtype=np.int64)
    decade = decades_of(year, found.types.decades[0], found.types.decades[-1])
    count = len(rows)
    cell, table = found.rates.cells_of([rayon] * count, [oblast] * count, kind, decade)
    return lambda codes: found.rates.columns_for(codes, table)[cell]
