"""Weights that people move: bounds, the sum of 1, and what a list becomes under them.

Arithmetic only. Weights are whole thousandths (``UNITS`` in sum), so that a sum is exact here and in the browser;
``app/web/static/js/lib/reranking.js`` computes the same, and tests hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

import numpy as np

from app.prioritisation.errors import InvalidSchemeError
from app.prioritisation.index import DECIMALS
from app.prioritisation.ranking import IntArray, rank_schools
from app.prioritisation.value_functions import FloatArray

UNITS = 1000
STEPS = 60
"""Halvings of the common factor: further ones move no thousandth."""

Flaw = Literal["not_a_number", "below", "above", "sum", "unknown_factor"]


@dataclass(frozen=True, slots=True)
class WeightFlaw:
    """One thing that is wrong with weights; ``code`` is the factor ("" = of all), ``value`` what was given."""

    kind: Flaw
    code: str
    value: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """The factors in their order, and the least and the greatest weight of each in thousandths."""

    codes: tuple[str, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]


def read_units(text: str) -> int | None:
    """Return a weight written as 0.3 or 0,3 in thousandths, rounded; None when it is no number between 0 and 1."""
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return int((value * UNITS).to_integral_value()) if value.is_finite() and 0 <= value <= 1 else None


def find_flaws(units: Sequence[int], bounds: Bounds) -> list[WeightFlaw]:
    """Return what is wrong with weights: one outside its bounds, or a sum that is not 1. Nothing is repaired."""
    flaws = []
    for code, value, low, high in zip(bounds.codes, units, bounds.low, bounds.high, strict=True):
        if value < low:
            flaws.append(WeightFlaw("below", code, write_units(value)))
        elif value > high:
            flaws.append(WeightFlaw("above", code, write_units(value)))
    if sum(units) != UNITS:
        flaws.append(WeightFlaw("sum", "", write_units(sum(units))))
    return flaws


def write_units(units: int) -> str:
    """Return thousandths as a decimal number: 300 -> 0.300."""
    return f"{units // UNITS}.{units % UNITS:03d}"


def rebalance(units: Sequence[int], bounds: Bounds, kept: int | None = None) -> list[int]:
    """Return weights of sum 1: the others keep their proportions to each other and stop at their bounds.

    Args:
        units: Thousandths, any sum.
        kept: Place of the weight that keeps its value, as far as the bounds of the others let it; None = none.

    Raises:
        InvalidSchemeError: No weights within the bounds sum to 1.
    """
    if not sum(bounds.low) <= UNITS <= sum(bounds.high):
        raise InvalidSchemeError("no weights within the bounds sum to 1")
    found = list(units)
    others = [place for place in range(len(units)) if place != kept]
    if kept is not None:
        least = max(bounds.low[kept], UNITS - sum(bounds.high[place] for place in others))
        most = min(bounds.high[kept], UNITS - sum(bounds.low[place] for place in others))
        found[kept] = min(max(units[kept], least), most)
    left = UNITS - (0 if kept is None else found[kept])
    exact = _scaled([max(units[place], 1) for place in others], [(bounds.low[p], bounds.high[p]) for p in others], left)
    floors = [int(value + 1e-9) for value in exact]
    missing = left - sum(floors)
    by_rest = sorted(range(len(others)), key=lambda place: (-(exact[place] - floors[place]), place))
    for place in [*by_rest, *by_rest]:
        if missing > 0 and floors[place] < bounds.high[others[place]]:
            floors[place] += 1
            missing -= 1
    for place, value in zip(others, floors, strict=True):
        found[place] = value
    return found


def _scaled(units: Sequence[int], limits: Sequence[tuple[int, int]], total: int) -> list[float]:
    """Return one factor times ``units``, each held within its limits, that sums to ``total``."""
    low, high = 0.0, float(UNITS)
    for _ in range(STEPS):
        factor = (low + high) / 2
        if (
            sum(min(max(factor * value, least), most) for value, (least, most) in zip(units, limits, strict=True))
            < total
        ):
            low = factor
        else:
            high = factor
    return [min(max(high * value, least), most) for value, (least, most) in zip(units, limits, strict=True)]


def score_under(values: FloatArray, units: Sequence[int], unknown_value: float) -> FloatArray:
    """Return the priority of schools under other weights, as ``index.weigh`` does.

    Args:
        values: v of each factor, shape (schools, factors), 0..1; NaN = unknown.
    """
    points = 100 * (np.array(units, dtype=float) / UNITS)
    return np.round((np.where(np.isnan(values), unknown_value, values) * points).sum(axis=1), DECIMALS)


def rank_under(
    values: FloatArray,
    units: Sequence[int],
    unknown_value: float,
    individual_risk: FloatArray,
    equivalent_fatalities: FloatArray,
) -> tuple[FloatArray, IntArray]:
    """Return scores and ranks under other weights; schools stand in the order of their codes, ties as in a run."""
    scores = score_under(values, units, unknown_value)
    return scores, rank_schools(scores, individual_risk, equivalent_fatalities)


def overlap(first: IntArray, second: IntArray, top: int) -> int:
    """Return how many schools two rankings have in common among the first ``top``; rank 0 is none."""
    return int(((first > 0) & (first <= top) & (second > 0) & (second <= top)).sum())
