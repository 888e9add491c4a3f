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
    """x as it entered, in the factor's unit; NaN = no x."""
    value: FloatArray
    """v(x), 0..1; NaN = no x."""
    contribution: FloatArray
    """Points of the central score: 100 w v, with v = 0.5 where there is no x."""
    known: NDArray[np.bool_]
    """Whether something was measured, declared or assessed of x; an x that is the prior pass rate alone is unknown."""


def measure_factors(facts: SchoolFacts, factors: Sequence[str]) -> FloatArray:
    """Return x of each factor, shape (schools, factors, 3): central, lower, upper."""
    return np.stack([FACTORS[code].measure(facts) for code in factors], axis=1)


def prioritise(facts: SchoolFacts, scheme: Scheme, unknown_value: float = 0.5) -> Priorities:
    """Return the priorities of schools under ``scheme``; no other school's facts enter a school's score."""
    weights, parts = scheme.weight_array, []
    for start in range(0, max(len(facts.pupils), 1), BLOCK):
        block = part_of(facts, slice(start, start + BLOCK))
        columns = [FACTORS[code].measure(block) for code in scheme.factors]
        on_prior = np.stack([FACTORS[code].rests_on_prior(block) for code in scheme.factors], axis=1)
        found = _weigh(columns, weights, scheme.functions, unknown_value)
        parts.append(found._replace(known=found.known & ~on_prior))
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
    return _weigh([x[:, column] for column in range(x.shape[1])], weights, functions, unknown_value)


def _weigh(
    columns: Sequence[FloatArray], weights: FloatArray, functions: Sequence[ValueFunction], unknown_value: float
) -> Priorities:
    """Return the same from the factors one by one, each of shape (schools, 3)."""
    shape = (len(columns[0]), len(columns))
    raw, value, low, high = (np.empty(shape) for _ in range(4))
    for number, (x, function) in enumerate(zip(columns, functions, strict=True)):
        raw[:, number] = x[:, 0]
        # A certain factor is one number seen thrice: it is valued once.
        valued = function(x[:, :1] if x.strides[1] == 0 else x)
        value[:, number], low[:, number], high[:, number] = valued[:, 0], valued[:, -2 % valued.shape[1]], valued[:, -1]
    known = ~np.isnan(raw)
    points = 100 * weights
    contribution = np.where(known, value, unknown_value) * points
    low[np.isnan(low)] = 0.0
    high[np.isnan(high)] = 1.0
    return Priorities(
        lower=np.round(low @ points, DECIMALS),
        central=np.round(contribution.sum(axis=1), DECIMALS),
        upper=np.round(high @ points, DECIMALS),
        raw=raw,
        value=value,
        contribution=np.round(contribution, DECIMALS),
        known=known,
    )
