"""Three published methods beside the priority: safety-first, standard gap, benefit-cost (method 7).

Arithmetic only. Schools stand in the order of their codes; ties of every method: higher C1, then higher C2, then code.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.prioritisation.ranking import IntArray, rank_schools
from app.prioritisation.value_functions import FloatArray

UNRANKED = 0
"""The rank of a school of which the method's figure is unknown: it has none, and stands nowhere."""


class Methods(NamedTuple):
    """One row a school; NaN and rank ``UNRANKED`` are unknown."""

    safety_rank: IntArray
    gap_points: FloatArray
    gap_rank: IntArray
    benefit_cost: FloatArray
    benefit_rank: IntArray


def compare_methods(
    grade: IntArray,
    index: FloatArray,
    pupils: FloatArray,
    benefit_cost: FloatArray,
    individual_risk: FloatArray,
    equivalent_fatalities: FloatArray,
) -> Methods:
    """Return the ranks of all three methods.

    Args:
        grade: Position in the order of labels, the higher the worse; a school without a grade stands between D and C,
            for what is not known is neither the worst nor a pass.
        index: Central conformity 0..100, NaN = unknown.
        pupils: Of all shifts, NaN = unknown.
        benefit_cost: Benefit over cost, NaN = unknown (``best_of_offers``, ``best_benefit_cost``).
        individual_risk, equivalent_fatalities: C1 and C2, central.

    Returns:
        Safety-first ranks every school; the others leave out those of unknown figure. Gap points are
        (100 - index) x pupils.
    """
    gap = (100 - index) * pupils
    return Methods(
        safety_rank=rank_schools(grade.astype(float), individual_risk, equivalent_fatalities),
        gap_points=gap,
        gap_rank=rank_known(gap, individual_risk, equivalent_fatalities),
        benefit_cost=benefit_cost,
        benefit_rank=rank_known(benefit_cost, individual_risk, equivalent_fatalities),
    )


def rank_known(figure: FloatArray, individual_risk: FloatArray, equivalent_fatalities: FloatArray) -> IntArray:
    """Return ranks from 1 = the highest figure among the known ones, ``UNRANKED`` where it is NaN."""
    ranks = np.full(len(figure), UNRANKED, dtype=np.int64)
    known = np.flatnonzero(~np.isnan(figure))
    ranks[known] = rank_schools(figure[known], individual_risk[known], equivalent_fatalities[known])
    return ranks


def best_benefit_cost(
    saved_som: FloatArray, saved_lives: FloatArray, cost_som: FloatArray, life_som: float
) -> tuple[FloatArray, NDArray[np.int64]]:
    """Return the best ratio of each school over the measures offered, and which measure gives it (-1 = unknown).

    Args:
        saved_som: Shape (schools, measures), expected annual loss avoided, som.
        saved_lives: Shape (schools, measures), equivalent fatalities avoided a year.
        cost_som: Shape (schools, measures), som; NaN = unknown or not offered.
        life_som: What one equivalent fatality avoided counts, som.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = (saved_som + life_som * saved_lives) / np.where(cost_som > 0, cost_som, np.nan)
    is_known = ~np.isnan(ratio)
    best = np.where(is_known, ratio, -np.inf).argmax(axis=1)
    found = ratio[np.arange(len(ratio)), best]
    return found, np.where(np.isnan(found), -1, best)


def best_of_offers(
    benefit: FloatArray, cost_som: FloatArray, is_offered: NDArray[np.bool_]
) -> tuple[FloatArray, NDArray[np.int64]]:
    """Return the best b/c of each school over the bundles that it is offered, and which gives it (-1 = unknown).

    Args:
        benefit: Shape (bundles, schools), of the objective of method 10; NaN = nobody knows any part of it.
        cost_som: Of the same shape; NaN = unknown.
        is_offered: Of the same shape.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(is_offered & (cost_som > 0), benefit / cost_som, np.nan)
    best = np.where(np.isnan(ratio), -np.inf, ratio).argmax(axis=0)
    found = ratio[best, np.arange(ratio.shape[1])]
    return found, np.where(np.isnan(found), -1, best)
