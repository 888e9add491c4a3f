"""Whether a school stays among the first N while one weight at a time moves up or down by a stated share (method 14).

Arithmetic only. The other weights keep their proportions and stop at their bounds, as on the workbench.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.prioritisation.factors import FACTORS
from app.prioritisation.ranking import IntArray
from app.prioritisation.value_functions import FloatArray
from app.prioritisation.weights import UNITS, Bounds, rank_under, rebalance

Standing = Literal["stays", "falls", "enters", "outside"]
STANDINGS: tuple[Standing, ...] = ("outside", "enters", "falls", "stays")
"""Not among the first N whatever moves; there when some weight moves; there now, not always; there whatever moves."""
DOWN, UP = "-", "+"
MOVES = tuple(code + sign for code in FACTORS for sign in (DOWN, UP))


class WeightMoves(NamedTuple):
    """What the moves do to each school."""

    moves: tuple[str, ...]
    """Name of each move: the factor and the direction, ``C1-`` or ``C1+``."""
    changes: NDArray[np.bool_]
    """Shape (schools, moves): the move brings the school in, or puts it out of the first N."""
    standing: IntArray
    """Shape (schools,): index into ``STANDINGS``."""


def moved_weights(units: Sequence[int], bounds: Bounds, share: float) -> dict[str, list[int]]:
    """Return the weights of each move in thousandths, by its name.

    A weight whose bound is nearer than ``share`` moves as far as the bound; every other one as little as it must.

    Raises:
        InvalidSchemeError: No weights within the bounds sum to 1.
    """
    found = {}
    for place, code in enumerate(bounds.codes):
        for sign, factor in ((DOWN, 1 - share), (UP, 1 + share)):
            wanted = [round(value * factor) if row == place else value for row, value in enumerate(units)]
            found[code + sign] = rebalance(wanted, bounds, place)
    return found


def move_weights(
    values: FloatArray,
    units: Sequence[int],
    bounds: Bounds,
    share: float,
    ranks: IntArray,
    top: int,
    unknown_value: float,
    individual_risk: FloatArray,
    equivalent_fatalities: FloatArray,
) -> WeightMoves:
    """Return what moving each weight by ``share`` does to the first ``top`` schools.

    Args:
        values: v of each factor, shape (schools, factors), 0..1; NaN = unknown, which counts ``unknown_value``.
        units: Weights in thousandths.
        ranks: Under these weights, from 1.
        individual_risk, equivalent_fatalities: C1 and C2, for ties.

    Raises:
        InvalidSchemeError: No weights within the bounds sum to 1.
    """
    moved = moved_weights(units, bounds, share)
    is_top = ranks <= top
    changes = np.empty((len(values), len(moved)), dtype=bool)
    for column, weights in enumerate(moved.values()):
        _, found = rank_under(values, weights, unknown_value, individual_risk, equivalent_fatalities)
        changes[:, column] = (found <= top) != is_top
    return WeightMoves(tuple(moved), changes, np.where(is_top, 3 - changes.any(axis=1), 0 + changes.any(axis=1)))


def units_of(weights: FloatArray) -> list[int]:
    """Return weights 0..1 in thousandths, whose sum is ``UNITS`` where that of the weights is 1."""
    exact = np.asarray(weights, dtype=float) * UNITS
    units = np.floor(exact + 1e-6).astype(int)
    rest = np.argsort(-(exact - units), kind="stable")[: max(round(exact.sum()) - int(units.sum()), 0)]
    units[rest] += 1
    return [int(value) for value in units]
