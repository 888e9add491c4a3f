"""Values to levels. A value that is not known has no level, and neither has a class that nobody documented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from layers.manifest import LayerClass

UNKNOWN = 0
"""Stands for "level unknown" inside integer arrays only; it leaves this room as None."""


def classify(values: NDArray[np.float64], classes: Sequence[LayerClass]) -> NDArray[np.int8]:
    """Return the level of each value: that of the first class whose ``upper`` is above it.

    Args:
        values: Shape (n,), in the layer's unit, NaN = unknown.
        classes: Ascending by ``upper``; empty = the source documents none.

    Returns:
        Shape (n,), 1..4, ``UNKNOWN`` where the value is NaN, beyond the last class, or of an undocumented class.
    """
    uppers = np.array([found.upper for found in classes], dtype=float)
    levels = np.array([found.level or UNKNOWN for found in classes] + [UNKNOWN], dtype=np.int8)
    at = np.searchsorted(uppers, values, side="right")
    found = levels[np.minimum(at, len(classes))]
    found[np.isnan(values)] = UNKNOWN
    return found
