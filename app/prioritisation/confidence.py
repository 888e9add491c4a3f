"""How far a rank can be trusted: 4 (best) to 1 (method 7)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.prioritisation.value_functions import FloatArray


@dataclass(frozen=True, slots=True)
class ConfidenceRule:
    """Widths of the rank interval as a share of the list, and the completeness that 4 asks for."""

    width_4: float = 0.05
    width_3: float = 0.15
    width_2: float = 0.40
    completeness: float = 0.8


def confidence(
    rank_low: NDArray[np.int64],
    rank_high: NDArray[np.int64],
    completeness: FloatArray,
    firm_completeness: FloatArray,
    is_insufficient: NDArray[np.bool_],
    rule: ConfidenceRule,
) -> NDArray[np.int64]:
    """Return 4..1 for each school.

    4: completeness is enough, by answers alone that are verified and within their shelf life too
    (``firm_completeness``), and the interval is narrow; 3 and 2 by the interval alone; 1: wider, or insufficient data.
    """
    width = (rank_high - rank_low) / max(len(rank_low), 1)
    enough = rule.completeness - 1e-12
    firm = (completeness >= enough) & (firm_completeness >= enough)
    found = np.select(
        [(width <= rule.width_4) & firm, width <= rule.width_3, width <= rule.width_2], [4, 3, 2], default=1
    )
    return np.where(is_insufficient, 1, found)
