"""What the tables of fragility and of other hazards move in the scores of a run: one type or hazard at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from app.prioritisation.swings import Swing
from app.risk.errors import RiskError
from app.risk.moved import COLUMNS, ENDS, OTHER, median_ends, status_of, with_hazard, with_medians

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.risk.parameters import RiskParameters
    from app.workflows.ranking_scores import Ranked
    from geodata.readers.parameter_tables import ParameterTables

    Alone = Callable[[NDArray[np.float64]], NDArray[np.int64]]

MEDIANS, RATES, LOSSES = "fragility", "hazard_rate", "hazard_loss"
OF_BUILDING = "building"
NAMES = {"rate": RATES, "loss": LOSSES}


def swings_of_tables(
    rank: Callable[[RiskParameters], Ranked],
    parameters: RiskParameters,
    tables: ParameterTables,
    types: set[int],
    hazards: set[str],
    alone: Alone,
) -> Iterator[Swing | None]:
    """Yield a swing of each building type and hazard that a run has; None where one end is refused.

    Args:
        rank: Ranks the run under other parameters. ``types``: positions of the types of its buildings.
        hazards: Those that its scheme counts. ``alone``: rank of each school if it alone had other points.
    """
    rows = tables.rows["fragility"]
    low, high = median_ends(parameters["uncertainty.median_type_sigma"])
    for at in sorted(types):
        code = parameters.types[at]
        ends = [rank(with_medians(parameters, factor, at)) for factor in (low, high)]
        status = status_of([row for row in rows if row["building_type"] == code])
        yield _swing(f"{MEDIANS}.{code}", status, (low, high), ends)
    low, high = median_ends(parameters["uncertainty.median_building_sigma"])
    points = [rank(with_medians(parameters, factor)).priorities.central for factor in (low, high)]
    ranks = [alone(one) for one in points]
    yield Swing(f"{MEDIANS}.{OF_BUILDING}", "proposal", low, high, points[0], points[1], ranks[0], ranks[1])
    for hazard in dict.fromkeys(row["hazard"].lower() for row in tables.rows[OTHER]):
        if hazard not in hazards:
            continue
        status = status_of([row for row in tables.rows[OTHER] if row["hazard"].lower() == hazard])
        for what in COLUMNS:
            try:
                ends = [rank(with_hazard(tables, hazard, what, end)) for end in ENDS]
            except RiskError:
                yield None
                continue
            yield _swing(f"{NAMES[what]}.{hazard}", status, (np.nan, np.nan), ends)


def count_of(types: set[int], hazards: set[str]) -> int:
    """Return how many swings ``swings_of_tables`` yields at most."""
    return len(types) + 1 + len(COLUMNS) * len(hazards)


def _swing(name: str, status: str, values: tuple[float, float], ends: list[Ranked]) -> Swing:
    low, high = ends
    return Swing(name, status, *values, low.priorities.central, high.priorities.central, low.national, high.national)
