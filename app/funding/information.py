"""What a survey is worth: the value of knowing a benefit before deciding (method 12; known answer K)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Value:
    """Value of information in units of benefit, net of the survey, and how likely the survey changes the decision."""

    gross: float
    net: float
    switches: float


def of_normal(mean: float, deviation: float, price: float, survey: float) -> Value:
    """Return the value for a benefit that is normal; ``price`` is the shadow price times the cost of the measure.

    A deviation of 0 is a benefit that is known: the survey is worth nothing.
    """
    surplus = mean - price
    if deviation <= 0:
        return Value(0.0, -survey, 0.0)
    at = surplus / deviation
    density = math.exp(-at * at / 2) / math.sqrt(2 * math.pi)
    below = 0.5 * math.erfc(-at / math.sqrt(2))
    gross = surplus * below + deviation * density - max(surplus, 0.0)
    switches = 0.5 * math.erfc(abs(at) / math.sqrt(2))
    return Value(gross, gross - survey, switches)


def of_draws(
    benefit: NDArray[np.float64], price: NDArray[np.float64], survey: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the net value per school.

    Args:
        benefit: Shape (draws, schools): benefit of each school's best bundle in each draw.
        price: Shape (schools,): shadow price times its cost. ``survey``: cost of the survey in units of benefit.
    """
    surplus = benefit - price
    gross = np.maximum(surplus, 0.0).mean(axis=0) - np.maximum(surplus.mean(axis=0), 0.0)
    return np.asarray(gross - survey)


class Values(NamedTuple):
    """``of_normal`` for many schools at once: value of knowing, and how likely it changes the decision, 0..1."""

    gross: NDArray[np.float64]
    switches: NDArray[np.float64]


def of_normals(mean: NDArray[np.float64], deviation: NDArray[np.float64], price: NDArray[np.float64]) -> Values:
    """Return the value of a survey before its cost, for benefits that are normal; NaN stays NaN.

    Args:
        mean: Expected benefit of each school's best bundle. ``price``: shadow price times its cost.
    """
    from scipy.special import ndtr

    surplus = mean - price
    spread = np.where(deviation > 0, deviation, np.nan)
    at = surplus / spread
    density = np.exp(-at * at / 2) / math.sqrt(2 * math.pi)
    gross = surplus * ndtr(at) + spread * density - np.maximum(surplus, 0.0)
    is_known = (deviation <= 0) & ~np.isnan(surplus)
    gross = np.where(is_known, 0.0, np.maximum(gross, 0.0))
    return Values(gross, np.where(is_known, 0.0, ndtr(-np.abs(at))))
