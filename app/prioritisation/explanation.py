"""Why a school has its rank, and what would change it (method 11, 13).

Arithmetic only. One fact is changed at a time while all other schools stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.prioritisation.index import DECIMALS
from app.prioritisation.value_functions import FloatArray

COMPUTED = ("C1", "C2", "C3")
"""Factors that rest on the parameters of the risk engine, most of which are proposals."""
ASSESSED = ("C4", "C5")
"""Factors that rest on answers: what nobody answered stands in them at its prior."""
SMALLEST = 10.0**-DECIMALS


@dataclass(frozen=True, slots=True)
class FactorChange:
    """What one factor could do. Ranks if its value were 0 (the best) and 1 (the worst), nothing else changed.

    ``value_up`` and ``value_down``: v at which the school stands ``step`` places higher and lower; None = no value
    of this factor alone does it.
    """

    code: str
    rank_if_best: int
    rank_if_worst: int
    value_up: float | None
    value_down: float | None


class ScoreShares(NamedTuple):
    """Points of the priority by what they rest on; their sum is the score."""

    measured: float
    proposal: float
    missing: float


def rank_at(score: float, others: FloatArray) -> int:
    """Return the rank of a score among the scores of all other schools; equal ones stand behind it."""
    return 1 + int((others > score + SMALLEST / 2).sum())


def explain_changes(
    codes: tuple[str, ...],
    values: FloatArray,
    weights: FloatArray,
    unknown_value: float,
    score: float,
    others: FloatArray,
    step: int,
) -> list[FactorChange]:
    """Return what each factor alone could do to the rank of one school.

    Args:
        values: v of its factors, shape (factors,); NaN = unknown.
        weights: Shape (factors,), summing to 1.
        score: Its own priority, 0..100.
        others: Priorities of all other schools, shape (schools - 1,).
        step: Places that ``value_up`` and ``value_down`` are asked for.
    """
    rank = rank_at(score, others)
    by_score = np.sort(others)[::-1]
    higher = by_score[rank - 1 - step] if rank - step >= 1 else None
    lower = by_score[rank + step - 2] if rank + step - 2 < len(by_score) else None
    found = []
    for place, code in enumerate(codes):
        value = unknown_value if np.isnan(values[place]) else float(values[place])
        points = 100 * float(weights[place])
        best, worst = score - points * value, score + points * (1 - value)
        found.append(
            FactorChange(
                code,
                rank_at(best, others),
                rank_at(worst, others),
                _value_for(higher, score, value, points, SMALLEST),
                _value_for(lower, score, value, points, -SMALLEST),
            )
        )
    return found


def _value_for(target: float | None, score: float, value: float, points: float, beyond: float) -> float | None:
    """Return v that brings ``score`` just beyond ``target``, where it lies within 0..1."""
    if target is None or points <= 0:
        return None
    found = value + (float(target) + beyond - score) / points
    return found if 0 <= found <= 1 else None


def smallest_change(changes: list[FactorChange], values: FloatArray, *, upwards: bool) -> FactorChange | None:
    """Return the known factor whose value has to move least, on its scale of 0 to 1; None = none can do it."""
    able = []
    for place, change in enumerate(changes):
        target = change.value_up if upwards else change.value_down
        if target is not None and not np.isnan(values[place]):
            able.append((abs(target - float(values[place])), place))
    return changes[min(able)[1]] if able else None


def share_score(
    codes: tuple[str, ...], contribution: FloatArray, known: NDArray[np.bool_], completeness: float
) -> ScoreShares:
    """Return the points of a score by what they rest on.

    A factor that is unknown is missing. Of the factors of the Standard the part that nobody assessed is missing. The
    computed risks rest on proposals of the method. The rest is measured or declared.
    """
    missing = proposal = 0.0
    for place, code in enumerate(codes):
        points = float(contribution[place])
        if not known[place]:
            missing += points
        elif code in ASSESSED:
            missing += points * (1 - completeness)
        elif code in COMPUTED:
            proposal += points
    total = float(np.sum(contribution))
    return ScoreShares(max(total - missing - proposal, 0.0), proposal, missing)
