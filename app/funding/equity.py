"""How evenly money is spread: Gini and concentration index of the money per pupil (method 10; known answer N)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def per_pupil(spend_som: FloatArray, pupils: FloatArray) -> FloatArray:
    """Return som per pupil of each region; NaN where nobody is known to learn."""
    return np.divide(spend_som, pupils, out=np.full(len(spend_som), np.nan), where=pupils > 0)


def gini(spend_som: FloatArray, pupils: FloatArray) -> float:
    """Return the Gini coefficient of the money per pupil, 0 (even) to 1; NaN where nothing is spent.

    Sum over pairs of regions of ``|p_h s_g - p_g s_h|`` over ``P S``: the form that a linear program can limit exactly.
    """
    total, everybody = float(spend_som.sum()), float(pupils.sum())
    if total <= 0 or everybody <= 0:
        return float("nan")
    cross = np.abs(np.outer(pupils, spend_som) - np.outer(spend_som, pupils))
    return float(np.triu(cross, 1).sum() / (everybody * total))


def concentration(spend_som: FloatArray, pupils: FloatArray, poverty: FloatArray) -> float:
    """Return the concentration index with the poorest regions first: below 0 the money favours poorer pupils.

    Regions of equal poverty keep their order. NaN where nothing is spent or the poverty of a region is unknown.
    """
    if np.isnan(poverty).any() or spend_som.sum() <= 0 or pupils.sum() <= 0:
        return float("nan")
    order = np.argsort(-poverty, kind="stable")
    share, people = spend_som[order] / spend_som.sum(), pupils[order] / pupils.sum()
    below = np.concatenate([[0.0], np.cumsum(share)])
    return float(1.0 - np.sum(people * (below[1:] + below[:-1])))
