"""The steps worth taking at each school: the upper hull of its bundles over cost, as steps of falling worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.funding.portfolio import FloatArray, IntArray, Offers


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps from one hull bundle of a school to its next, in the order of schools, then of cost.

    Within a school each step gives less benefit for a som than the one before. ``row`` is the bundle reached.
    """

    school: IntArray
    row: IntArray
    cost_som: IntArray
    benefit: FloatArray

    @property
    def worth(self) -> FloatArray:
        """Benefit per som."""
        return self.benefit / self.cost_som


def steps_of(offers: Offers, base_cost: IntArray, base_benefit: FloatArray) -> Steps:
    """Return the steps of every school above its base (nothing: cost and benefit 0; else the bundle it starts with).

    Bundles that cost no more than the base, or give no more than a cheaper bundle, take no part.
    """
    order = np.flatnonzero(
        (offers.cost_som > base_cost[offers.school]) & (offers.benefit > base_benefit[offers.school])
    )
    order = order[np.lexsort((offers.cost_som[order], offers.school[order]))]
    school, cost, benefit = offers.school[order], offers.cost_som[order], offers.benefit[order]
    while len(order):
        before_cost, before_benefit, after = _neighbours(school, cost, benefit, base_cost, base_benefit)
        rise, run = benefit - before_benefit, cost - before_cost
        drop = rise <= 0
        has_next = after >= 0
        next_rise, next_run = benefit[after] - benefit, cost[after] - cost
        drop |= (run <= 0) | (has_next & (next_rise * run >= rise * next_run))
        if not drop.any():
            return Steps(school, order, run, rise)
        drop = _every_other(drop, school)
        order, school, cost, benefit = order[~drop], school[~drop], cost[~drop], benefit[~drop]
    empty = np.empty(0, dtype=np.int64)
    return Steps(empty, empty, empty, np.empty(0))


def _neighbours(
    school: IntArray, cost: IntArray, benefit: FloatArray, base_cost: IntArray, base_benefit: FloatArray
) -> tuple[IntArray, FloatArray, IntArray]:
    """Return cost and benefit of the bundle before each one (or of the base), and the place of the next, -1 without."""
    is_first = np.concatenate([[True], school[1:] != school[:-1]])
    before_cost = np.where(is_first, base_cost[school], np.roll(cost, 1))
    before_benefit = np.where(is_first, base_benefit[school], np.roll(benefit, 1))
    after = np.where(np.roll(is_first, -1), -1, np.arange(1, len(school) + 1))
    after[-1] = -1
    return before_cost, before_benefit, after


def _every_other(drop: NDArray[np.bool_], school: IntArray) -> NDArray[np.bool_]:
    """Return which bundles to drop in this pass: never two neighbours of one school, the second test would be stale."""
    place = np.arange(len(drop))
    starts = drop & ~np.concatenate([[False], drop[:-1] & (school[1:] == school[:-1])])
    begun = np.maximum.accumulate(np.where(starts, place, -1))
    return np.asarray(drop & ((place - begun) % 2 == 0))
