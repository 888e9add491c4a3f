"""Ranks, nationally and within areas, with the stated rule for ties and the interval of each rank (method 7)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.prioritisation.value_functions import FloatArray

IntArray = NDArray[np.int64]

MOST_AREAS = 2**16
"""Up to so many numbers of areas are sorted as short ones, six times faster."""


def rank_schools(priority: FloatArray, individual_risk: FloatArray, equivalent_fatalities: FloatArray) -> IntArray:
    """Return national ranks from 1 (most urgent).

    Schools stand in the order of their codes. Ties of the priority: higher C1, then higher C2, then the code.
    An unknown C1 or C2 (NaN) counts as lower than any known one.
    """
    order = np.argsort(-priority)
    sorted_priority = priority[order]
    same = np.flatnonzero(sorted_priority[1:] == sorted_priority[:-1])
    if len(same):  # only ties need the other keys
        tied = np.union1d(same, same + 1)
        rows = order[tied]
        first = np.nan_to_num(individual_risk[rows], nan=-1.0)
        second = np.nan_to_num(equivalent_fatalities[rows], nan=-1.0)
        order[tied] = rows[np.lexsort((rows, -second, -first, -priority[rows]))]
    ranks = np.empty(len(priority), dtype=np.int64)
    ranks[order] = np.arange(1, len(priority) + 1)
    return ranks


def rank_within(area: IntArray, national_rank: IntArray) -> IntArray:
    """Return the rank of each school among those of the same area; 0 where the area is unknown (-1)."""
    by_rank = np.empty(len(area), dtype=np.int64)
    by_rank[national_rank - 1] = np.arange(len(area))
    small = area - area.min(initial=0)
    if small.max(initial=0) >= MOST_AREAS:
        small = np.unique(area, return_inverse=True)[1].reshape(-1)
    of_area = small[by_rank]
    order = np.argsort(of_area.astype(np.uint16) if small.max(initial=0) < MOST_AREAS else of_area, kind="stable")
    lengths = np.bincount(of_area)
    starts = np.cumsum(lengths) - lengths
    ranks = np.empty(len(area), dtype=np.int64)
    ranks[by_rank[order]] = np.arange(len(area)) - np.repeat(starts, lengths) + 1
    return np.where(area < 0, 0, ranks)


def rank_bounds(lower: FloatArray, upper: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the best and the worst rank that a school can have while each score is anywhere in its bounds.

    Best = 1 + the schools whose lower bound is above this school's upper one: they are certainly above. Worst =
    all schools but those whose upper bound is below this school's lower one. These are bounds, no probabilities.
    """
    by_lower, by_upper = np.argsort(lower), np.argsort(upper)
    sorted_lower, sorted_upper = lower[by_lower], upper[by_upper]
    best, worst = np.empty(len(lower), dtype=np.int64), np.empty(len(lower), dtype=np.int64)
    best[by_upper] = 1 + len(lower) - np.searchsorted(sorted_lower, sorted_upper, side="right")
    worst[by_lower] = len(upper) - np.searchsorted(sorted_upper, sorted_lower, side="left")
    return best, worst
