"""Water depths for several return periods: the damage of a year, in place of rate x loss of a level (method 5).

Arithmetic only. Depths in metres above the ground, rates per year; the curve of damage is a parameter table.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from app.risk.parameters import FloatArray

LEAST_PERIODS = 2
"""Return periods from which maps of depth are a curve."""


def annual_loss(depth_m: FloatArray, rate: FloatArray, damage: FloatArray) -> FloatArray:
    """Return the expected loss ratio of a year, shape (places,).

    Args:
        depth_m: Shape (places, periods), 0 = dry, NaN = unknown (outside the map).
        rate: Annual rates of the maps, shape (periods,), falling: the longest period last.
        damage: Depth (rising) and loss ratio, shape (points, 2), linear between them; the last counts beyond it.

    Returns:
        The trapezoid over the known maps, in rates. What comes more rarely than the rarest map counts as that map, as
        the shaking does; what comes more often than the most frequent one counts nothing. NaN where fewer than two maps
        are known, or the depth falls from one period to a longer one: there the level counts.
    """
    found = np.full(len(depth_m), np.nan)
    known = ~np.isnan(depth_m)
    loss = np.interp(depth_m, damage[:, 0], damage[:, 1])
    for pattern in np.unique(known, axis=0):
        if pattern.sum() < LEAST_PERIODS:
            continue
        rows = np.flatnonzero((known == pattern).all(axis=1))
        depths, share, rates = depth_m[rows][:, pattern], loss[rows][:, pattern], rate[pattern]
        total = 0.5 * ((share[:, :-1] + share[:, 1:]) * (rates[:-1] - rates[1:])).sum(axis=1) + share[:, -1] * rates[-1]
        found[rows] = np.where((np.diff(depths, axis=1) >= 0).all(axis=1), total, np.nan)
    return found


def losses_of_depths(
    depths: Mapping[str, Mapping[int, FloatArray]], damage: Mapping[str, FloatArray]
) -> dict[str, FloatArray]:
    """Return per hazard the loss ratio of a year; a hazard with one map, or without a curve of damage, has none.

    ``depths``: per hazard and return period in years, shape (places,), metres.
    """
    found = {}
    for hazard, by_period in depths.items():
        if len(by_period) >= LEAST_PERIODS and hazard in damage:
            periods = sorted(by_period)
            depth = np.stack([by_period[period] for period in periods], axis=1)
            found[hazard] = annual_loss(depth, 1 / np.array(periods, dtype=float), damage[hazard])
    return found
