"""Damage given shaking, and how often damage comes: models F1, F2 (lognormal) and F3 (macroseismic), method 4."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from app.risk.parameters import FloatArray, RiskParameters


def exceedance_probability(
    motion_g: FloatArray, median_g: FloatArray, beta: FloatArray | float, no_damage_below_g: float = 0.0
) -> FloatArray:
    """Return P(state >= d | a) = Phi(ln(a / median) / beta), shape (..., motions, states).

    Args:
        motion_g: Shape (motions,), g.
        median_g: Shape (..., states), g.
        beta: Logarithmic standard deviation, a number or the shape of ``median_g``.
        no_damage_below_g: P is 0 below this motion.
    """
    from scipy.special import ndtr

    motion = np.asarray(motion_g, dtype=float)
    ratio = np.log(motion[:, None] / np.asarray(median_g, dtype=float)[..., None, :])
    spread = np.asarray(beta, dtype=float)
    found = ndtr(ratio / (spread[..., None, :] if spread.ndim else spread))
    return np.where(motion[:, None] < no_damage_below_g, 0.0, found)


def state_probability(exceedance: FloatArray) -> FloatArray:
    """Return the probability of each state (none first) from P(state >= d); the last axis grows by one."""
    ones, zeros = np.ones_like(exceedance[..., :1]), np.zeros_like(exceedance[..., :1])
    return -np.diff(np.concatenate([ones, exceedance, zeros], axis=-1), axis=-1)


class MacroseismicLaw(NamedTuple):
    """Coefficients of model F3 as published: rows ``macroseismic.*`` of the parameter table."""

    half: float
    index_factor: float
    offset: float
    spread: float
    beta_sum: float
    cubic: float
    square: float
    linear: float


def macroseismic_law(parameters: RiskParameters) -> MacroseismicLaw:
    """Return the coefficients of model F3."""
    return MacroseismicLaw(*(parameters[f"macroseismic.{name}"] for name in MacroseismicLaw._fields))


def mean_damage(intensity: FloatArray, vulnerability_index: FloatArray, law: MacroseismicLaw) -> FloatArray:
    """Return the mean damage grade mu = 2.5 (1 + tanh((I + 6.25 V - 13.1) / 2.3)), 0..5."""
    inside = (intensity + law.index_factor * vulnerability_index - law.offset) / law.spread
    return np.asarray(law.half * (1 + np.tanh(inside)), dtype=float)


def grade_probability(intensity: FloatArray, vulnerability_index: FloatArray, law: MacroseismicLaw) -> FloatArray:
    """Return the probability of D0..D5 (Lagomarsino and Giovinazzi 2006), last axis of six.

    The arguments broadcast against each other.
    """
    from scipy.special import betainc

    mu = mean_damage(np.asarray(intensity, dtype=float), np.asarray(vulnerability_index, dtype=float), law)
    r = law.beta_sum * (law.cubic * mu**3 - law.square * mu**2 + law.linear * mu)
    edges = np.arange(7) / 6
    cumulative = betainc(r[..., None], law.beta_sum - r[..., None], edges)
    return np.diff(cumulative, axis=-1)


def sum_coefficients(values: FloatArray) -> FloatArray:
    """Return c such that ``rates @ c`` is the annual rate of ``values`` over the grid.

    sum_j 0.5 (y_j + y_j+1) (lambda_j - lambda_j+1) + y_n lambda_n is linear in lambda; c are its
    coefficients. ``values`` y: first axis = motions; the shape stays.
    """
    y = np.asarray(values, dtype=float)
    first = 0.5 * (y[:1] + y[1:2])
    inner = 0.5 * (y[2:] - y[:-2])
    last = 0.5 * (y[-1:] - y[-2:-1])
    return np.concatenate([first, inner, last], axis=0)


def annual_rate(rates: FloatArray, values: FloatArray) -> FloatArray:
    """Return the expected ``values`` per year: ``rates`` (places, motions), ``values`` (motions, ...)."""
    return np.tensordot(rates, sum_coefficients(values), axes=(-1, 0))


def occurrence_rate(exceedance_rate: FloatArray) -> FloatArray:
    """Return o_d = nu_d - nu_(d+1), nu_5 = 0, along the last axis."""
    zeros = np.zeros_like(exceedance_rate[..., :1])
    return -np.diff(np.concatenate([exceedance_rate, zeros], axis=-1), axis=-1)


def probability_in_years(rate: FloatArray, years: float) -> FloatArray:
    """Return 1 - exp(-rate years)."""
    return -np.expm1(-np.asarray(rate, dtype=float) * years)
