"""Small repairs that each school of a run needs: where a requirement fails that one of them meets, and what it costs.

They are maintenance and wait for no plan, so that no budget of works is chosen among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from app.assessment.answers import FAILS, PARTLY
from app.funding.catalogue import QUICK_WIN, cost_som
from geodata.queries import quick_wins

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.funding.catalogue import Catalogue, Intervention
    from app.workflows.evaluate_bundles import Portfolio
    from geodata.database import Session

DEFAULT = 1
"""Of low, default and high."""


def store(
    session: Session, run_id: int, school_ids: NDArray[np.int64], portfolio: Portfolio, catalogue: Catalogue
) -> int:
    """Store what is needed where, and return how many rows that were; an unassessed requirement needs nothing yet."""
    codes = [code for code, one in catalogue.interventions.items() if one.group == QUICK_WIN]
    measure, school, places, cost = [], [], [], []
    for number, code in enumerate(codes):
        one = catalogue.interventions[code]
        needed = needs(portfolio, one)
        rows = np.flatnonzero(needed)
        measure.append(np.full(len(rows), number))
        school.append(school_ids[rows])
        places.append(needed[rows])
        cost.append(_costs(portfolio, one, needed)[rows])
    columns: dict[str, tuple[str, Any]] = {
        "school_id": ("int8", np.concatenate(school) if school else np.empty(0)),
        "measure": ("int2", np.concatenate(measure) if measure else np.empty(0)),
        "places": ("int4", np.concatenate(places) if places else np.empty(0)),
        "cost_som": ("float8", np.concatenate(cost) if cost else np.empty(0)),
    }
    quick_wins.store(session, run_id, columns, codes)
    return len(columns["school_id"][1])


def needs(portfolio: Portfolio, measure: Intervention) -> NDArray[np.int64]:
    """Return in how many buildings of each school the repair is needed; 1 where it is one of the school."""
    passes = measure.passes(portfolio.standard.codes)
    codes = portfolio.codes[:, passes]
    failed = ((codes == FAILS) | (codes == PARTLY)).any(axis=1)
    buildings = np.bincount(portfolio.school, failed, portfolio.schools).astype(np.int64)
    return buildings if measure.quantity == "building" else np.minimum(buildings, 1)


def _costs(portfolio: Portfolio, measure: Intervention, needed: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return whole som without design, supervision and contingency: such repairs have none; NaN = unknown."""
    local = portfolio.local_costs.get(measure.code)
    unit = None if local is None else local[:, DEFAULT]
    return cost_som(measure, needed.astype(np.float64), 1.0, 0.0, unit)
