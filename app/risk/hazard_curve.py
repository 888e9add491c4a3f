"""How often the ground shakes: annual rate of exceeding a peak acceleration (method 4).

Motions are at the surface, in g; rates per year. Unknown motion is NaN and stays NaN.
"""

from __future__ import annotations

import numpy as np

from app.risk.errors import InvalidHazardCurveError
from app.risk.parameters import FloatArray, IntArray, RiskParameters


def motion_grid(parameters: RiskParameters) -> FloatArray:
    """Return the log-spaced motions (g) on which every rate is summed: 200 from 0.05 to 3.0."""
    low, high = parameters["seismic.grid_low_g"], parameters["seismic.grid_high_g"]
    return np.geomspace(low, high, int(parameters["seismic.grid_points"]))


def power_law_rates(motion_g: FloatArray, a475_g: FloatArray, k: float, reference_rate: float) -> FloatArray:
    """Return lambda(a) = reference_rate (a / a475)^-k, shape (places, motions); NaN rows where a475 is NaN."""
    return reference_rate * (motion_g[None, :] / np.asarray(a475_g, dtype=float)[:, None]) ** -k


def curve_rates(motion_g: FloatArray, curve_motion_g: FloatArray, curve_rate: FloatArray) -> FloatArray:
    """Interpolate ln(rate) linearly in ln(motion), with the end slopes beyond the ends.

    Args:
        motion_g: Motions wanted, shape (m,).
        curve_motion_g: Motions of the curve, shape (places, points), ascending along a row; NaN = unknown place.
        curve_rate: Annual rates of the points, shape (points,), falling; three at least.

    Returns:
        Rates, shape (places, m); NaN where a place has a NaN.

    Raises:
        InvalidHazardCurveError: Fewer than three points, rates that do not fall, or motions that do not rise.
    """
    rate = np.asarray(curve_rate, dtype=float)
    if rate.size < 3 or (np.diff(rate) >= 0).any() or (rate <= 0).any():
        raise InvalidHazardCurveError("a curve needs at least three points with falling rates")
    with np.errstate(invalid="ignore", divide="ignore"):
        x = np.log(np.asarray(curve_motion_g, dtype=float))
        if (np.diff(x, axis=1) <= 0).any():
            raise InvalidHazardCurveError("the motions of a curve must rise as the rates fall")
    y, wanted = np.log(rate), np.log(motion_g)
    segment = np.clip((wanted[None, :, None] >= x[:, None, :]).sum(axis=2) - 1, 0, rate.size - 2)
    x0, x1 = np.take_along_axis(x, segment, axis=1), np.take_along_axis(x, segment + 1, axis=1)
    y0, y1 = y[segment], y[segment + 1]
    rates = np.exp(y0 + (y1 - y0) * (wanted[None, :] - x0) / (x1 - x0))
    return np.where(np.isnan(x).any(axis=1)[:, None], np.nan, rates)


def motion_of_msk(msk: FloatArray, parameters: RiskParameters) -> FloatArray:
    """Return the 475-year motion (g) of an MSK zone: 7, 8, 9 (and 6; above 9 counts as ">9"); NaN if unknown."""
    zone = np.asarray(msk, dtype=float)
    motion = np.full(zone.shape, np.nan)
    for number, value in parameters.msk_pga.items():
        motion[np.clip(np.floor(zone + 0.5), min(parameters.msk_pga), 10) == number] = value
    return motion


def intensity_of_motion(motion_g: FloatArray) -> FloatArray:
    """Return macroseismic intensity I = 7 + log2(a / 0.1)."""
    with np.errstate(divide="ignore"):
        return 7 + np.log2(np.asarray(motion_g, dtype=float) / 0.1)


def soil_factor(soil: IntArray, parameters: RiskParameters) -> FloatArray:
    """Return the factor on the motion of rock for soil 1, 2, 3 (classes I, II, III); 0 (unknown) counts as II."""
    factors = np.array([parameters["soil.II"], parameters["soil.I"], parameters["soil.II"], parameters["soil.III"]])
    return factors[np.asarray(soil, dtype=np.int64)]


def surface_motion(pga_rock_g: FloatArray, msk: FloatArray, soil: IntArray, parameters: RiskParameters) -> FloatArray:
    """Return a475 at the surface (g): from the motion of rock where it is known, else from the MSK zone.

    Soil is applied once: as the code's factor to the motion of rock; relative to soil II, for which MSK
    zones are drawn, to the motion of a zone. NaN where both are unknown.
    """
    factor = soil_factor(soil, parameters)
    from_zone = motion_of_msk(msk, parameters) * factor / parameters["soil.II"]
    rock = np.asarray(pga_rock_g, dtype=float)
    return np.where(np.isnan(rock), from_zone, rock * factor)
