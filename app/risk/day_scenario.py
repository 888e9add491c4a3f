"""A day of school under the 475-year motion of its own place: what it does to each building, and to who is inside.

Arithmetic only. Annual means hide catastrophe (method 17); this speaks of one day (method 4).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.risk.event import BuildingImpact, building_impact
from app.risk.parameters import MODELS, FloatArray, IntArray, RiskParameters


class DayImpact(NamedTuple):
    """Shares 0..1 by building, shape (buildings, 5), last axis ``app.risk.vulnerability.BOUNDS``; NaN = unknown motion.

    ``unusable``: P(it cannot be used after); ``severe``: of the people inside, those who need a hospital or die;
    ``death``: those who die.
    """

    unusable: FloatArray
    severe: FloatArray
    death: FloatArray


def day_impact(
    motion_g: FloatArray,
    building_type: IntArray,
    modifiers: IntArray,
    parameters: RiskParameters,
    type_share: FloatArray | None = None,
) -> DayImpact:
    """Return what a motion at the surface does to buildings, as bounds over models and over what is unknown.

    Args:
        motion_g: Shape (buildings,), g; NaN = unknown.
        building_type: Index into the parameters' types, and their number for the unknown type, which is the mean over
            its types with the least and the greatest type as its bounds.
        modifiers: Bit set of known weaknesses.
        type_share: What a building of unknown type may be, shape (buildings, types); None: all types alike.
    """
    weights = np.array([parameters[f"model_weight.{model}"] for model in MODELS])
    impact = building_impact(motion_g, building_type, modifiers, parameters, type_share)
    types = len(parameters.types)
    unknown = np.flatnonzero(building_type == types)
    by_type = [
        building_impact(motion_g[unknown], np.full(len(unknown), kind), modifiers[unknown], parameters)
        for kind in (range(types) if len(unknown) else ())
    ]
    possible = np.ones((types, len(unknown)), bool) if type_share is None else (type_share[unknown] > 0).T
    return DayImpact(*(_bounds(impact, by_type, name, weights, unknown, possible) for name in DayImpact._fields))


def _bounds(
    impact: BuildingImpact,
    by_type: list[BuildingImpact],
    name: str,
    weights: FloatArray,
    unknown: IntArray,
    possible: NDArray[np.bool_],
) -> FloatArray:
    by_model = getattr(impact, name)
    central = by_model @ weights
    found = np.stack([central, central, central, by_model.min(axis=1), by_model.max(axis=1)], axis=1)
    if by_type:
        central_by_type = np.stack([getattr(one, name) @ weights for one in by_type])
        found[unknown, 1] = np.where(possible, central_by_type, np.inf).min(axis=0)
        found[unknown, 2] = np.where(possible, central_by_type, -np.inf).max(axis=0)
    return found


def toll(share: FloatArray, impact: FloatArray, present: float) -> FloatArray:
    """Return the people of a school whom one impact reaches, shape (5,): sum of present x share x impact.

    ``share``: of the people inside, by building. A building with nobody inside says nothing; one of unknown motion with
    people inside, or an unknown number of people, makes it unknown (NaN).
    """
    counted = share > 0
    if not counted.any():
        return np.full(impact.shape[1], np.nan)
    return np.asarray(present * (share[counted, None] * impact[counted]).sum(axis=0))
