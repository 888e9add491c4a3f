"""Floods, mudflows, landslides, avalanches, rockfall, lake outbursts and fire, by level (method 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.risk.parameters import FloatArray, OtherHazard, RiskParameters

LANDSLIDE = "landslide"
TRIGGERED = "earthquake_landslide"
"""Landslides that an earthquake sets off: a line of its own in the sum."""
FIRE = "fire"
EARTHQUAKE = "earthquake"
"""Counted by the vulnerability models, not by level."""
LevelArray = NDArray[np.int8]
NO_CURVES: Mapping[str, FloatArray] = MappingProxyType({})


class HazardSums(NamedTuple):
    """Sums over hazards, each of shape (buildings, 3): central, lower, upper; per year."""

    loss_ratio: FloatArray
    deaths_per_person: FloatArray
    rate: FloatArray


def sum_hazards(
    levels: Mapping[str, LevelArray],
    counted: Sequence[str],
    msk: FloatArray,
    parameters: RiskParameters,
    annual_loss: Mapping[str, FloatArray] = NO_CURVES,
) -> HazardSums:
    """Sum r l, r d and r over the hazards that are counted.

    Args:
        levels: Per hazard, shape (buildings,): 1..4, 0 = unknown.
        counted: Hazards that the scheme counts; one without levels is not summed, except ``fire``, which every
            building has, and ``earthquake_landslide``, which reads the landslide's levels.
        msk: Intensity of the 475-year motion, NaN = unknown.
        annual_loss: Per hazard told by maps of depth, r l by its curve (``app.risk.depth_curve``); NaN = by level.

    Unknown level: central = lowest tabulated level (a prior), lower = rate 0, upper = highest level.
    """
    buildings = len(msk)
    loss, death, rate = (np.zeros((buildings, 3)) for _ in range(3))
    for name in counted:
        if name == EARTHQUAKE:
            continue
        if name == FIRE:
            level = np.ones(buildings, dtype=np.int8)
        elif name == TRIGGERED and LANDSLIDE in levels:
            level = levels[LANDSLIDE]
        elif name in levels:
            level = levels[name]
        else:
            continue
        row = parameters.hazards[LANDSLIDE if name == TRIGGERED else name]
        index, is_known = _rows(level, row)
        r = np.where(is_known, row.rate[index], 0.0)
        if name == TRIGGERED:
            r = r * _extra_share(index, msk, parameters)
        rate += r
        by_level, own = r * row.loss[index], annual_loss.get(name)
        loss += by_level if own is None else np.where(np.isnan(own)[:, None], by_level, own[:, None])
        death += r * row.death[index]
    return HazardSums(loss, death, rate)


def _rows(level: LevelArray, row: OtherHazard) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the row (0..3) of each bound, shape (buildings, 3), and whether its rate counts."""
    known = level > 0
    own = np.clip(level.astype(np.int64), 1, 4) - 1
    index = np.stack(
        [np.where(known, own, row.lowest_level - 1), np.where(known, own, 0), np.where(known, own, 3)], axis=1
    )
    counts = np.ones(index.shape, dtype=bool)
    counts[:, 1] = known
    return index, counts


def _extra_share(index: NDArray[np.int64], msk: FloatArray, parameters: RiskParameters) -> FloatArray:
    """Return the share of the rate that earthquakes add: 0.5 where MSK >= 8 and level >= 2 (upper: MSK unknown too)."""
    strong = np.nan_to_num(msk, nan=0.0) >= parameters["landslide.earthquake_msk"] - 1e-9
    strong_bounds = np.stack([strong, strong, strong | np.isnan(msk)], axis=1)
    return np.where(strong_bounds & (index >= 1), parameters["landslide.earthquake_factor"] - 1, 0.0)


def sum_rates(
    rate: FloatArray, loss: FloatArray, death: FloatArray, replacement_som: float, persons: float
) -> tuple[float, float, float]:
    """Return (EAL in som, deaths a year, total rate) of independent hazards at one place."""
    return float((rate * loss).sum() * replacement_som), float((rate * death).sum() * persons), float(rate.sum())
