"""What moves a score: one value at a time at both ends of its range, the largest swings first (method 11, 13).

Arithmetic only: whoever calls has ranked under each value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.prioritisation.value_functions import FloatArray

IntArray = NDArray[np.int64]
SHOWN = 6
"""Swings of a school that are kept."""

LEAST = 0.005
"""Points below which a value moves nothing (the list shows two decimals)."""


class Swing(NamedTuple):
    """One value at both ends of its range; arrays by school. ``low`` and ``high``: the value itself, NaN = none."""

    name: str
    status: str
    low: float
    high: float
    points_low: FloatArray
    points_high: FloatArray
    rank_low: IntArray
    rank_high: IntArray


class Placed(NamedTuple):
    """A swing of one school; ``place`` from 1, index into the swings that were given."""

    school: int
    place: int
    swing: int


def width(swing: Swing, points: FloatArray) -> FloatArray:
    """Return how far a value moves each school, in points: from the lowest to the highest of both ends and now."""
    ends = np.stack([swing.points_low, swing.points_high, points])
    return np.asarray(ends.max(axis=0) - ends.min(axis=0))


def largest(swings: Sequence[Swing], points: FloatArray) -> list[Placed]:
    """Return the largest swings of each school, the first of equals as they were given; none below ``LEAST``."""
    if not swings:
        return []
    table = np.stack([width(one, points) for one in swings], axis=1)
    order = np.argsort(-table, axis=1, kind="stable")[:, :SHOWN]
    return [
        Placed(school, place, int(chosen))
        for school, row in enumerate(order)
        for place, chosen in enumerate(row, 1)
        if table[school, chosen] >= LEAST
    ]


def ledger(swings: Sequence[Swing], points: FloatArray) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Return by status how far all its values together can pull a school down and up, as points from 0 to 100.

    Each is moved alone and the movements are added, as if they worked apart: a bound to compare by, no forecast.
    """
    found: dict[str, tuple[FloatArray, FloatArray]] = {}
    for status in dict.fromkeys(one.status for one in swings):
        down, up = np.zeros_like(points), np.zeros_like(points)
        for one in swings:
            if one.status == status:
                ends = np.stack([one.points_low, one.points_high]) - points
                down += np.minimum(ends.min(axis=0), 0.0)
                up += np.maximum(ends.max(axis=0), 0.0)
        found[status] = np.clip(points + down, 0.0, 100.0), np.clip(points + up, 0.0, 100.0)
    return found
