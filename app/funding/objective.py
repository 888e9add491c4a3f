"""What a bundle brings, as one number without a unit: lives, loss and conformity as shares of the country (method 10).

b = w1 dEF / EF0 + w2 dEAL / EAL0 + w3 pupils dC / sum pupils (100 - C). Arithmetic only; any shapes that broadcast.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class Weights(Protocol):
    """Named constants, ``objective.life``, ``objective.loss`` and ``objective.conformity`` among them."""

    def __getitem__(self, name: str, /) -> float:
        """Return a constant."""
        ...


class Standing(NamedTuple):
    """How schools stand, today or after a bundle; NaN = unknown. The last axis but draws is that of the schools."""

    fatalities: FloatArray
    """Equivalent fatalities a year."""
    loss_som: FloatArray
    """Expected annual loss."""
    conformity: FloatArray
    """Index 0..100."""


class Shares(NamedTuple):
    """The three parts of the benefit, each as a share of the country and weighted."""

    life: FloatArray
    loss: FloatArray
    conformity: FloatArray

    @property
    def benefit(self) -> FloatArray:
        """Return the sum, never below zero."""
        return np.maximum(self.life + self.loss + self.conformity, 0.0)


def whole_of(today: Standing, pupils: FloatArray) -> Standing:
    """Return what the whole portfolio loses today: lives and som a year, and pupils times points that are missing.

    Args:
        pupils: Of each school, all shifts, 0 where nobody knows; of a shape that multiplies ``today.conformity``.
    """
    need = pupils * (100 - today.conformity)
    return Standing(total_of(today.fatalities), total_of(today.loss_som), total_of(need))


def total_of(values: FloatArray) -> FloatArray:
    """Return the sum of the known values over the first axis; 1 where it is nothing, so that shares of it are 0."""
    total = np.nansum(values, axis=0)
    return np.where(total > 0, total, 1.0)


def shares_of(today: Standing, after: Standing, whole: Standing, pupils: FloatArray, constants: Weights) -> Shares:
    """Return what a bundle brings to each part.

    A part that is unknown brings nothing: an unknown risk is surveyed first, not bought off.
    """
    gains = (
        today.fatalities - after.fatalities,
        today.loss_som - after.loss_som,
        (after.conformity - today.conformity) * pupils,
    )
    return Shares(
        *(
            constants[f"objective.{part}"] * np.where(np.isnan(gain), 0.0, gain) / total
            for part, gain, total in zip(Shares._fields, gains, whole, strict=True)
        )
    )
