"""How often the ground shakes: annual rate of exceeding a peak acceleration (method 4).

Motions are at the surface, in g; rates per year. Unknown motion is NaN and stays NaN.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from app.risk.errors import InvalidHazardCurveError
from app.risk.parameters import FloatArray, IntArray, RiskParameters

LEAST_POINTS = 3
"""Return periods from which maps of acceleration are a curve."""
LEAST_OF_CURVE = 2
TOLERANCE = 1e-9


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
        curve_rate: Annual rates of the points, shape (points,), falling; two at least.

    Returns:
        Rates, shape (places, m); NaN where a place has a NaN.

    Raises:
        InvalidHazardCurveError: Fewer than two points, rates that do not fall, or motions that do not rise.
    """
    rate = np.asarray(curve_rate, dtype=float)
    if rate.size < LEAST_OF_CURVE or (np.diff(rate) >= 0).any() or (rate <= 0).any():
        raise InvalidHazardCurveError("a curve needs at least two points with falling rates")
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


def intensity_of_motion(motion_g: FloatArray, parameters: RiskParameters) -> FloatArray:
    """Return macroseismic intensity I = 7 + log2(a / 0.1): one degree where the motion doubles."""
    msk, base = parameters["seismic.reference_msk"], parameters["seismic.reference_motion_g"]
    with np.errstate(divide="ignore"):
        return msk + np.log2(np.asarray(motion_g, dtype=float) / base)


def motion_of_intensity(intensity: FloatArray, parameters: RiskParameters) -> FloatArray:
    """Return peak acceleration (g), the inverse of ``intensity_of_motion``: doubled by one degree."""
    base = parameters["seismic.reference_motion_g"]
    return np.asarray(base * 2.0 ** (np.asarray(intensity, dtype=float) - parameters["seismic.reference_msk"]))


def soil_factor(soil: IntArray, parameters: RiskParameters) -> FloatArray:
    """Return the factor on the motion of rock for soil 1, 2, 3 (classes I, II, III); 0 (unknown) counts as II."""
    factors = np.array([parameters["soil.II"], parameters["soil.I"], parameters["soil.II"], parameters["soil.III"]])
    return factors[np.asarray(soil, dtype=np.int64)]


def zone_motion(msk: FloatArray, soil: IntArray, parameters: RiskParameters) -> FloatArray:
    """Return the motion at the surface (g) of an MSK zone, which is drawn for soil II: soil is relative to it."""
    return motion_of_msk(msk, parameters) * soil_factor(soil, parameters) / parameters["soil.II"]


def surface_motion(pga_rock_g: FloatArray, msk: FloatArray, soil: IntArray, parameters: RiskParameters) -> FloatArray:
    """Return a475 at the surface (g): the greater of rock x soil and of the zone, the precautionary value.

    Soil is applied once to each. Who has decided for one of two sources passes the other as NaN; NaN where both are
    unknown.
    """
    rock = np.asarray(pga_rock_g, dtype=float) * soil_factor(soil, parameters)
    return np.asarray(np.fmax(zone_motion(msk, soil, parameters), rock), dtype=float)


class SurfaceHazard(NamedTuple):
    """Shaking at the surface: a475 (g, NaN = unknown), and the curve where three return periods are known, or None.

    ``curve_g``: shape (places, periods), a row of NaN has no curve. ``curve_rate``: shape (periods,), falling.
    """

    a475_g: FloatArray
    curve_g: FloatArray | None
    curve_rate: FloatArray | None


def surface_hazard(
    rock_g: Mapping[int, FloatArray], msk: FloatArray, soil: IntArray, parameters: RiskParameters
) -> SurfaceHazard:
    """Return the shaking at the surface from maps of rock and of zones; where both are known the greater one counts.

    Args:
        rock_g: By return period in years, shape (places,), g; three or more make a curve where they rise.
        msk: Zone, NaN = unknown. Where its motion is the greater one the whole curve is raised to it alike.
        soil: Classes 1, 2, 3; 0 = unknown.
    """
    rate = parameters["seismic.reference_rate"]
    rock = rock_g.get(round(1 / rate), np.full(len(msk), np.nan))
    a475 = surface_motion(rock, msk, soil, parameters)
    if len(rock_g) < LEAST_POINTS:
        return SurfaceHazard(a475, None, None)
    periods = sorted(rock_g)
    curve_rate = 1 / np.array(periods, dtype=float)
    curve = np.stack([rock_g[period] for period in periods], axis=1) * soil_factor(soil, parameters)[:, None]
    with np.errstate(invalid="ignore"):
        is_rising = np.asarray((np.diff(curve, axis=1) > 0).all(axis=1) & (curve > 0).all(axis=1))
    curve = np.where(is_rising[:, None], curve, np.nan)
    own = curve_motion(curve, curve_rate, rate)
    a475 = np.fmax(a475, own)
    return SurfaceHazard(a475, curve * (a475 / own)[:, None], curve_rate)


def curve_motion(curve_motion_g: FloatArray, curve_rate: FloatArray, rate: float) -> FloatArray:
    """Return the motion (g) that a curve exceeds at ``rate`` a year, shape (places,); inverts ``curve_rates``."""
    y = np.log(curve_rate)
    x = np.log(curve_motion_g)
    at = int(np.clip((y >= np.log(rate) - TOLERANCE).sum() - 1, 0, len(y) - 2))
    part = (np.log(rate) - y[at]) / (y[at + 1] - y[at])
    return np.asarray(np.exp(x[:, at] + part * (x[:, at + 1] - x[:, at])), dtype=float)
