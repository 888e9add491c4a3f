"""Maps of intensity with return periods, used directly as a hazard curve (method 4, the last sentence of F3).

A degree is a doubling of the motion (``hazard_curve.motion_of_intensity``), so that a curve that is linear in degrees
is linear in logarithms of the motion: F3 reads the degrees of the map again, F1 and F2 their motions. Rates per year.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from app.risk.hazard_curve import SurfaceHazard, curve_motion, motion_of_intensity, soil_factor
from app.risk.parameters import FloatArray, IntArray, RiskParameters

LEAST_DEGREES = 2
"""Return periods from which maps of intensity are a curve."""


def hazard_of_degrees(degrees: Mapping[int, FloatArray], soil: IntArray, parameters: RiskParameters) -> SurfaceHazard:
    """Return the shaking at the surface from maps of intensity for soil II.

    Args:
        degrees: MSK-64 by return period in years, two at least, shape (places,); NaN = unknown.
        soil: Classes 1, 2, 3; 0 = unknown. It moves the motion, and so the degree.

    Returns:
        A curve where every map is known and rises with the period. Elsewhere (one map alone, or the same whole degree
        twice) the greatest a475 that a known map gives by the power law of the hazard, and no curve.
    """
    periods = sorted(degrees)
    rate, reference = 1 / np.array(periods, dtype=float), parameters["seismic.reference_rate"]
    factor = soil_factor(soil, parameters) / parameters["soil.II"]
    told = np.stack([degrees[period] for period in periods], axis=1)
    motion = motion_of_intensity(told, parameters) * factor[:, None]
    with np.errstate(invalid="ignore"):
        is_rising = np.asarray((np.diff(motion, axis=1) > 0).all(axis=1))
    curve = np.where(is_rising[:, None], motion, np.nan)
    alone = np.fmax.reduce(motion * (rate / reference) ** (1 / parameters["seismic.k"]), axis=1)
    a475 = np.where(is_rising, curve_motion(curve, rate, reference), alone)
    return SurfaceHazard(a475, curve, rate)


def greater_of(one: SurfaceHazard, other: SurfaceHazard) -> SurfaceHazard:
    """Return at each place the source with the greater a475; its curve, else that of the other raised to it.

    The curves are brought to the rates of both: further points of straight lines change no line.
    """
    a475 = np.fmax(one.a475_g, other.a475_g)
    rates = np.unique(np.concatenate([found.curve_rate for found in (one, other) if found.curve_rate is not None]))[
        ::-1
    ]
    curves = [_at_rates(found, rates, len(a475)) for found in (one, other)]
    known = [~np.isnan(curve).any(axis=1) for curve in curves]
    with np.errstate(invalid="ignore"):
        takes_other = known[1] & (~known[0] | (other.a475_g > one.a475_g))
        raised = [curve * (a475 / found.a475_g)[:, None] for curve, found in zip(curves, (one, other), strict=True)]
    return SurfaceHazard(a475, np.where(takes_other[:, None], raised[1], raised[0]), rates)


def _at_rates(found: SurfaceHazard, rates: FloatArray, places: int) -> FloatArray:
    if found.curve_g is None or found.curve_rate is None:
        return np.full((places, len(rates)), np.nan)
    return np.stack([curve_motion(found.curve_g, found.curve_rate, float(rate)) for rate in rates], axis=1)
