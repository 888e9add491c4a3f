"""What the parameter tables must not say: such a table is refused by name, never repaired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from app.risk.errors import InvalidParameterError

FloatArray = NDArray[np.float64]
TOLERANCE = 1e-9


def check_fragility(
    medians: Mapping[str, FloatArray], betas: Mapping[str, FloatArray], types: Sequence[str], states: Sequence[str]
) -> None:
    """Refuse medians that are not positive and rising from state to state, and spreads that are not positive.

    Raises:
        InvalidParameterError: The message names model, type and states.
    """
    for model, values in medians.items():
        for row, name in zip(values, types, strict=True):
            for number, state in enumerate(states):
                if not row[number] > 0:
                    raise InvalidParameterError(f"fragility {model} {name}: the median of {state} is not positive")
                if number and row[number] <= row[number - 1]:
                    raise InvalidParameterError(
                        f"fragility {model} {name}: the median of {state}, {row[number]:g} g, is not above that of "
                        f"{states[number - 1]}, {row[number - 1]:g} g"
                    )
        bad = np.argwhere(~(betas[model] > 0))
        if len(bad):
            kind, state_number = bad[0]
            raise InvalidParameterError(f"fragility {model} {types[kind]}: beta of {states[state_number]} is no spread")


def check_shares(name: str, values: FloatArray) -> None:
    """Refuse shares outside 0..1, or falling from the lighter to the heavier state."""
    if (values < 0).any() or (values > 1).any():
        raise InvalidParameterError(f"{name}: a share lies outside 0 to 1")
    if (np.diff(values) < 0).any():
        raise InvalidParameterError(f"{name}: a heavier state has a smaller share than a lighter one")


def check_weights(name: str, weights: Sequence[float]) -> None:
    """Refuse weights that are negative or do not sum to 1."""
    if min(weights) < 0 or abs(sum(weights) - 1) > TOLERANCE:
        raise InvalidParameterError(f"{name}: the weights sum to {sum(weights):g}, not to 1, or one is negative")


def check_rates(hazard: str, table: Mapping[str, Sequence[float]]) -> None:
    """Refuse a hazard whose rates, losses or death shares are negative, or whose range does not hold its default.

    ``table``: by level (default rate, loss ratio, death share, low rate, high rate).
    """
    for level, (rate, loss, death, low, high) in table.items():
        if min(rate, loss, death, low) < 0 or max(loss, death) > 1:
            raise InvalidParameterError(f"hazard {hazard}, level {level}: a rate is negative or a share outside 0 to 1")
        if not low <= rate <= high:
            raise InvalidParameterError(f"hazard {hazard}, level {level}: the rate {rate:g} is not within its range")
