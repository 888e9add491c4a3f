"""A preview with sources, years and schools that must be acted on: the hull greedy, then the earliest year with money.

What the preview does not know is left to the proven plan: rayons, capacity of contractors, the limit on unevenness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.funding.envelopes import Spread
from app.funding.errors import InfeasibleError
from app.funding.portfolio import NO_LIMIT, FloatArray, IntArray, Limit, Offers, Plan, Rules
from app.funding.preview import Preview, preview


@dataclass(frozen=True, slots=True, eq=False)
class Money:
    """Whole som of each year, of all sources and without local budgets; ``local_som``: their most of each offer."""

    total: IntArray
    others: IntArray
    local_som: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Staged:
    """A preview over years. ``year``: position of the year of each chosen row; ``left``: must-act schools without."""

    plan: Plan
    """Its benefit counts later works less, by the weight of their year; so does its bound."""
    year: IntArray
    shadow_price: float
    first_below: int | None
    left: IntArray


def stage(
    offers: Offers, rules: Rules, must_act: IntArray, weight: FloatArray, money: Money, wide: Spread,
    cuts: Sequence[Limit],
) -> Staged:  # fmt: skip
    """Return a good plan over the years in milliseconds, with the bound that tells how good.

    Args:
        rules: Of all years together; its budget is all the money. ``weight``: of each year.
        cuts: What the envelopes can pay, over the rows of ``wide``; none where one source pays everything.

    Raises:
        InfeasibleError: The floors ask for more than there is.
    """
    served = _served(offers, rules, must_act)
    quick = preview(offers, replace(rules, must_act=served))
    if not cuts:
        year = np.zeros(len(quick.plan.chosen), dtype=np.int64)
        return Staged(quick.plan, year, quick.shadow_price, quick.first_below, np.setdiff1d(must_act, served))
    chosen, year = _in_years(offers, quick, served, wide, cuts, len(weight))
    order = np.argsort(chosen)
    chosen, year = chosen[order], year[order]
    plan = replace(
        quick.plan,
        chosen=chosen,
        benefit=float((offers.benefit[chosen] * weight[year]).sum()),
        cost_som=int(offers.cost_som[chosen].sum()),
        bound=np.inf,
    )
    left = np.setdiff1d(must_act, offers.school[chosen[offers.is_safety[chosen]]])
    under = rules if left.size else replace(rules, must_act=must_act)  # all find money, so that every plan serves all
    plan = replace(plan, bound=max(_bound(offers, under, weight, money), plan.benefit))
    return Staged(plan, year, quick.shadow_price, quick.first_below, left)


def _served(offers: Offers, rules: Rules, must_act: IntArray) -> IntArray:
    """Return as many must-act schools as the money reaches, those of the cheapest safety bundle first."""
    if not must_act.size:
        return must_act
    cheapest = np.full(offers.schools, np.iinfo(np.int64).max)
    safe = offers.is_safety
    np.minimum.at(cheapest, offers.school[safe], offers.cost_som[safe])
    order = must_act[np.argsort(cheapest[must_act], kind="stable")]
    low, high = 0, len(order)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _fits(offers, rules, order[:middle]) else (low, middle - 1)
    return np.sort(order[:low])


def _fits(offers: Offers, rules: Rules, must_act: IntArray) -> bool:
    try:
        preview(offers, replace(rules, must_act=must_act))
    except InfeasibleError:
        return False
    return True


def _in_years(
    offers: Offers, quick: Preview, served: IntArray, wide: Spread, cuts: Sequence[Limit], years: int
) -> tuple[IntArray, IntArray]:
    """Return the rows that find a year, and the year of each: must-act schools first, then by worth, the earliest."""
    rows = quick.plan.chosen
    is_late = ~np.isin(offers.school[rows], served)
    rows = rows[np.lexsort((-offers.benefit[rows] / offers.cost_som[rows], is_late))]
    first = np.searchsorted(wide.row, rows)  # the rows of one bundle follow each other, one a year
    weights = np.stack([cut.weight for cut in cuts])
    room = np.array([cut.high for cut in cuts])
    chosen, year = [], []
    for row, at in zip(rows.tolist(), first.tolist(), strict=True):
        for now in range(years):
            after = room - weights[:, at + now]
            if (after >= 0).all():
                room = after
                chosen.append(row)
                year.append(now)
                break
    return np.array(chosen, dtype=np.int64), np.array(year, dtype=np.int64)


def _bound(offers: Offers, rules: Rules, weight: FloatArray, money: Money) -> float:
    """Return what no plan over the years exceeds: works done by a year cost at most the money of the years until then.

    Abel's sum of the benefits done by each year, with the fall of the weights, which is never below zero. The other
    sources alone bound it too: they pay of each work what local budgets may not.
    """
    free = replace(
        rules,
        floor_som=np.zeros_like(rules.floor_som),
        ceiling_som=np.full_like(rules.ceiling_som, NO_LIMIT),
        must_act=rules.must_act[:0],
    )
    without = offers.cost_som - money.local_som
    rest = replace(offers, cost_som=without) if (money.total > money.others).any() and (without > 0).all() else None
    falls = weight - np.append(weight[1:], 0.0)
    years, total = len(weight), 0.0
    for at in range(years):
        under = replace(rules if at == years - 1 else free, budget_som=int(money.total[: at + 1].sum()))
        most = preview(offers, under).plan.bound
        if rest is not None:
            most = min(most, preview(rest, replace(free, budget_som=int(money.others[: at + 1].sum()))).plan.bound)
        total += float(falls[at]) * most
    return total
