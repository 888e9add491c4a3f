"""The steps worth taking at each school: the upper hull of its bundles over cost, as steps of falling worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.funding.portfolio import FloatArray, IntArray, Offers

LARGEST_KEY = 2**62


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
    order = _by_cost(offers, order)
    school, cost, benefit = offers.school[order], offers.cost_som[order], offers.benefit[order]
    while len(order):
        rise, run, is_first = _rises(school, cost, benefit, base_cost, base_benefit)
        drop = (rise <= 0) | (run <= 0)
        has_next = ~is_first[1:]  # the next one is of the same school: a step must fall in worth
        drop[:-1] |= has_next & (np.diff(benefit) * run[:-1] >= rise[:-1] * np.diff(cost))
        if not drop.any():
            return Steps(school, order, run, rise)
        kept = ~_every_other(drop, school)
        order, school, cost, benefit = order[kept], school[kept], cost[kept], benefit[kept]
    empty = np.empty(0, dtype=np.int64)
    return Steps(empty, empty, empty, np.empty(0))


def _by_cost(offers: Offers, rows: IntArray) -> IntArray:
    """Return some rows in the order of their schools, then of cost; one key sorts rows that are nearly in order."""
    school, cost = offers.school[rows], offers.cost_som[rows]
    width = int(cost.max(initial=0)) + 1
    if width * (offers.schools + 1) >= LARGEST_KEY:
        return rows[np.lexsort((cost, school))]
    key = school * width
    key += cost
    return rows if (key[1:] >= key[:-1]).all() else rows[np.argsort(key, kind="stable")]


def _rises(
    school: IntArray, cost: IntArray, benefit: FloatArray, base_cost: IntArray, base_benefit: FloatArray
) -> tuple[FloatArray, IntArray, NDArray[np.bool_]]:
    """Return what each bundle gives and costs above the one before it (or the base), and which is a school's first."""
    is_first = np.concatenate([[True], school[1:] != school[:-1]])
    first = np.flatnonzero(is_first)
    rise, run = np.empty_like(benefit), np.empty_like(cost)
    rise[1:], run[1:] = np.diff(benefit), np.diff(cost)
    rise[first] = benefit[first] - base_benefit[school[first]]
    run[first] = cost[first] - base_cost[school[first]]
    return rise, run, is_first


def _every_other(drop: NDArray[np.bool_], school: IntArray) -> NDArray[np.bool_]:
    """Return which bundles to drop in this pass: never two neighbours of one school, the second test would be stale."""
    place = np.arange(len(drop))
    starts = drop & ~np.concatenate([[False], drop[:-1] & (school[1:] == school[:-1])])
    begun = np.maximum.accumulate(np.where(starts, place, -1))
    return np.asarray(drop & ((place - begun) % 2 == 0))
