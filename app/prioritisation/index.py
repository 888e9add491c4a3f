"""The priority 0..100 of schools: weights times values, with bounds for what is unknown (method 7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.prioritisation.factors import FACTORS, SchoolFacts, part_of
from app.prioritisation.scheme import Scheme
from app.prioritisation.value_functions import FloatArray, ValueFunction

BLOCK = 16_384
"""Schools at a time, so that the arrays of a step stay in the cache."""

DECIMALS = 9
"""Scores are rounded here, so that the last bit of a sum never decides a rank."""


class Priorities(NamedTuple):
    """One row a school, one column a factor of the scheme."""

    lower: FloatArray
    central: FloatArray
    upper: FloatArray
    raw: FloatArray
    """x, in the factor's unit; NaN = unknown."""
    value: FloatArray
    """v(x), 0..1; NaN = unknown."""
    contribution: FloatArray
    """Points of the central score: 100 w v, with v = 0.5 where unknown."""
    known: NDArray[np.bool_]


def measure_factors(facts: SchoolFacts, factors: Sequence[str]) -> FloatArray:
    """Return x of each factor, shape (schools, factors, 3): central, lower, upper."""
    return np.stack([FACTORS[code].measure(facts) for code in factors], axis=1)


def prioritise(facts: SchoolFacts, scheme: Scheme, unknown_value: float = 0.5) -> Priorities:
    """Return the priorities of schools under ``scheme``; no other school's facts enter a school's score."""
    weights, parts = scheme.weight_array, []
    for start in range(0, max(len(facts.pupils), 1), BLOCK):
        x = measure_factors(part_of(facts, slice(start, start + BLOCK)), scheme.factors)
        parts.append(weigh(x, weights, scheme.functions, unknown_value))
    return parts[0] if len(parts) == 1 else Priorities(*(np.concatenate(found) for found in zip(*parts, strict=True)))


def weigh(
    x: FloatArray, weights: FloatArray, functions: Sequence[ValueFunction], unknown_value: float = 0.5
) -> Priorities:
    """Return P = 100 sum w v(x).

    Args:
        x: Shape (schools, factors, 3): central, lower, upper; NaN = unknown.
        weights: Shape (factors,), summing to 1; never renormalised over the known factors.
        unknown_value: Central v of an unknown factor; lower takes 0, upper 1.
    """
    values = np.empty_like(x)
    for column, function in enumerate(functions):
        values[:, column] = function(x[:, column])
    known = ~np.isnan(x[:, :, 0])
    points = 100 * weights
    contribution = np.round(np.where(known, values[:, :, 0], unknown_value) * points, DECIMALS)
    return Priorities(
        lower=np.round(np.nan_to_num(values[:, :, 1], nan=0.0) @ points, DECIMALS),
        central=np.round((np.where(known, values[:, :, 0], unknown_value) * points).sum(axis=1), DECIMALS),
        upper=np.round(np.nan_to_num(values[:, :, 2], nan=1.0) @ points, DECIMALS),
        raw=x[:, :, 0],
        value=np.where(known, values[:, :, 0], np.nan),
        contribution=contribution,
        known=known,
    )
