"""Value functions with fixed anchors: what a fact weighs between 0 and 1, whoever else is on the list."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ValueFunction:
    """``kind`` is linear or log; the value is 0 at ``x0`` and 1 at ``x1``, clipped beyond."""

    kind: str
    x0: float
    x1: float

    def __call__(self, x: FloatArray) -> FloatArray:
        """Return v(x), 0..1: clip((x-x0)/(x1-x0)), or by logarithms with 0 for x <= 0; NaN stays NaN."""
        values = np.asarray(x, dtype=float)
        if self.kind == "linear":
            return np.clip((values - self.x0) / (self.x1 - self.x0), 0.0, 1.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            scaled = np.log(values / self.x0) / np.log(self.x1 / self.x0)
        return np.where(values <= 0, 0.0, np.clip(scaled, 0.0, 1.0))

    def inverse(self, value: float) -> float:
        """Return x with v(x) = ``value``, for 0 < value < 1."""
        if self.kind == "linear":
            return self.x0 + value * (self.x1 - self.x0)
        return float(self.x0 * (self.x1 / self.x0) ** value)
