"""Ranks, nationally and within areas, with the stated rule for ties and the interval of each rank (method 7)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.prioritisation.value_functions import FloatArray

IntArray = NDArray[np.int64]


def rank_schools(priority: FloatArray, individual_risk: FloatArray, equivalent_fatalities: FloatArray) -> IntArray:
    """Return national ranks from 1 (most urgent).

    Schools stand in the order of their codes. Ties of the priority: higher C1, then higher C2, then the code.
    An unknown C1 or C2 (NaN) counts as lower than any known one.
    """
    first = np.nan_to_num(individual_risk, nan=-1.0)
    second = np.nan_to_num(equivalent_fatalities, nan=-1.0)
    order = np.lexsort((-second, -first, -priority))
    ranks = np.empty(len(priority), dtype=np.int64)
    ranks[order] = np.arange(1, len(priority) + 1)
    return ranks


def rank_within(area: IntArray, national_rank: IntArray) -> IntArray:
    """Return the rank of each school among those of the same area; 0 where the area is unknown (-1)."""
    order = np.lexsort((national_rank, area))
    sorted_area = area[order]
    starts = np.flatnonzero(np.r_[True, sorted_area[1:] != sorted_area[:-1]]) if len(area) else np.zeros(0, np.int64)
    lengths = np.diff(np.r_[starts, len(area)])
    ranks = np.empty(len(area), dtype=np.int64)
    ranks[order] = np.arange(len(area)) - np.repeat(starts, lengths) + 1
    return np.where(area < 0, 0, ranks)


def rank_bounds(lower: FloatArray, upper: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the best and the worst rank that a school can have while each score is anywhere in its bounds.

    Best = 1 + the schools whose lower bound is above this school's upper one: they are certainly above. Worst =
    all schools but those whose upper bound is below this school's lower one. These are bounds, no probabilities.
    """
    best = 1 + len(lower) - np.searchsorted(np.sort(lower), upper, side="right")
    worst = len(upper) - np.searchsorted(np.sort(upper), lower, side="left")
    return best.astype(np.int64), worst.astype(np.int64)
