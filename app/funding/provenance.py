"""On what benefits and totals rest: each input at the middle and both ends of its range, one at a time (method 13).

Arithmetic only: whoever calls has worked the values out under each input.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from app.funding.portfolio import FloatArray

OWN = ("prior", "missing")
"""Facts of one school: each moves its own school only, so that a total moves by the sum of all of them."""


class Moved(NamedTuple):
    """Values of items with one input elsewhere. ``ends``: shape (places of the input, items); NaN = unknown."""

    name: str
    status: str
    ends: FloatArray


def item_moves(base: FloatArray, moved: Moved) -> FloatArray:
    """Return by how much an input moves each item, the farthest of its places."""
    return np.nan_to_num(np.abs(moved.ends - base)).max(axis=0)


def total_move(base: FloatArray, moved: Moved) -> float:
    """Return by how much an input moves the sum of all items; own facts move apart, so that nothing cancels."""
    if moved.status in OWN:
        return float(item_moves(base, moved).sum())
    return float(np.abs(np.nan_to_num(moved.ends - base).sum(axis=1)).max())


def total_shares(base: FloatArray, found: Sequence[Moved]) -> list[float]:
    """Return the share of the total that depends on each input, 0..1; NaN where the total is 0."""
    total = float(base.sum())
    if total <= 0:
        return [float("nan")] * len(found)
    return [min(total_move(base, one) / total, 1.0) for one in found]


def shares_by_status(base: FloatArray, found: Sequence[Moved]) -> dict[str, float]:
    """Return the share of the total that depends on all inputs of each status together, 0..1; NaN where it is 0.

    Each is moved alone and the movements are added, as if they worked apart: a bound, by which a plan is rather called
    a draft than handed out.
    """
    total = float(base.sum())
    sums: dict[str, float] = {}
    for one in found:
        sums[one.status] = sums.get(one.status, 0.0) + total_move(base, one)
    return {status: min(value / total, 1.0) if total > 0 else float("nan") for status, value in sums.items()}


def item_shares(base: FloatArray, found: Sequence[Moved]) -> dict[str, FloatArray]:
    """Return by status the share of each item that depends on its inputs, 0..1; NaN where the item is 0."""
    sums: dict[str, FloatArray] = {}
    for one in found:
        sums[one.status] = sums.get(one.status, np.zeros_like(base)) + item_moves(base, one)
    whole = np.where(base > 0, base, np.nan)
    return {status: np.minimum(value / whole, 1.0) for status, value in sums.items()}
