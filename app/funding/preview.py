"""A plan while a slider moves: steps of the hull by falling worth, with its bound and gap (method 10).

The bound is the exact optimum of the linear relaxation under budget, floors, ceilings and must-act schools: what a
region gives for its money is concave along its steps, so that the best steps first are best. The limit on the Gini
coefficient, precedence and several years are left to ``app.funding.allocation``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.funding.errors import InfeasibleError
from app.funding.hull import Steps, steps_of
from app.funding.portfolio import BoolArray, FloatArray, IntArray, Offers, Plan, Rules, plan_of, spend_by_region

LOOKED_AT = 4_000
"""How many steps beyond the cut are tried for what is left of the money."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan, and the shadow price: benefit that one som more would bring; 0 where everything worth it is paid."""

    plan: Plan
    shadow_price: float
    first_below: int | None
    """Row of the first bundle below the line, None without."""
    region_price: FloatArray
    """The same for a som in each region, where its floor or ceiling binds."""


def preview(offers: Offers, rules: Rules) -> Preview:
    """Return a good plan in milliseconds, with the bound that tells how good.

    Raises:
        InfeasibleError: The must-act schools alone cost more than the budget or their region's ceiling.
    """
    base_row, base_cost, base_benefit, allowed = _base(offers, rules)
    steps = steps_of(_only(offers, allowed), base_cost, base_benefit)
    started = np.zeros(len(rules.pupils), dtype=np.int64)
    np.add.at(started, rules.region, base_cost)
    if int(base_cost.sum()) > rules.budget_som or (started > rules.ceiling_som).any():
        raise InfeasibleError(("budget", "must_act"))
    order = np.argsort(-steps.worth, kind="stable")  # equal worth: in the order of schools
    steps = Steps(steps.school[order], steps.row[order], steps.cost_som[order], steps.benefit[order])
    region = rules.region[steps.school]
    relaxed = _relaxed(steps, region, rules, started)
    taken = _rounded(steps, region, rules, started)
    chosen = _rows(steps, taken, base_row)
    bound = float(base_benefit.sum() + (relaxed.share * steps.benefit).sum())
    below = np.flatnonzero(~taken[relaxed.cut :])
    first = int(steps.row[below[0] + relaxed.cut]) if below.size else None
    plan = plan_of(offers, chosen, bound, is_proven=False, status="preview")
    return Preview(plan, relaxed.price, first, _region_prices(steps, region, rules, relaxed))


def _base(offers: Offers, rules: Rules) -> tuple[IntArray, IntArray, FloatArray, BoolArray]:
    """Return where each school starts: with its cheapest safety bundle where it must act, else with nothing (-1)."""
    row = np.full(offers.schools, -1, dtype=np.int64)
    cost, benefit = np.zeros(offers.schools, dtype=np.int64), np.zeros(offers.schools)
    must = np.zeros(offers.schools, dtype=bool)
    must[rules.must_act] = True
    candidates = np.flatnonzero(must[offers.school] & offers.is_safety)
    order = candidates[
        np.lexsort((-offers.benefit[candidates], offers.cost_som[candidates], offers.school[candidates]))
    ]
    schools, first = np.unique(offers.school[order], return_index=True)
    if len(schools) < must.sum():
        raise InfeasibleError(("must_act",))
    row[schools] = order[first]
    cost[schools], benefit[schools] = offers.cost_som[order[first]], offers.benefit[order[first]]
    return row, cost, benefit, ~must[offers.school] | offers.is_safety


def _only(offers: Offers, allowed: BoolArray) -> Offers:
    """Return the offers with those that are not allowed made worthless: rows keep their places."""
    benefit = np.where(allowed, offers.benefit, -1.0)
    return Offers(offers.school, offers.cost_som, benefit, offers.is_safety, offers.schools)


@dataclass(frozen=True, slots=True)
class _Relaxed:
    """The linear optimum: the share of each step, in falling worth; the price of money; the place of the cut."""

    share: FloatArray
    price: float
    cut: int


def _relaxed(steps: Steps, region: IntArray, rules: Rules, started: IntArray) -> _Relaxed:
    """Take what floors ask for first, then the best steps of all regions up to their ceilings."""
    before, after = _cumulated(steps, region, started, len(rules.pupils))
    floor, ceiling = rules.floor_som[region], rules.ceiling_som[region]
    asked = np.clip(after, None, floor) - np.clip(before, None, floor)
    free = np.clip(after, floor, ceiling) - np.clip(before, floor, ceiling)
    left = rules.budget_som - int(started.sum()) - int(asked.sum())
    if left < 0:
        raise InfeasibleError(("budget", "floors", "must_act"))
    spent = np.cumsum(free)
    paid = np.clip(left - (spent - free), 0, free)
    beyond = np.flatnonzero((paid < free) & (free > 0))
    price = float(steps.worth[beyond[0]]) if beyond.size else 0.0
    return _Relaxed((asked + paid) / steps.cost_som, price, int(beyond[0]) if beyond.size else len(spent))


def _region_prices(steps: Steps, region: IntArray, rules: Rules, relaxed: _Relaxed) -> FloatArray:
    """Return what one som more is worth in each region: above the price at a ceiling, below it at a floor."""
    prices = np.full(len(rules.pupils), relaxed.price)
    open_steps = np.flatnonzero(relaxed.share < 1.0)
    regions, first = np.unique(region[open_steps], return_index=True)
    marginal = steps.worth[open_steps[first]]
    partly = relaxed.share[open_steps[first]] > 0
    bound_to = (marginal > relaxed.price) | (partly & (marginal < relaxed.price))
    prices[regions[bound_to]] = marginal[bound_to]
    return prices


def _cumulated(steps: Steps, region: IntArray, started: IntArray, regions: int) -> tuple[IntArray, IntArray]:
    """Return the som of a step's region before and after it, when its region takes the best steps first."""
    order = np.argsort(region, kind="stable")
    running = np.cumsum(steps.cost_som[order])
    starts = np.searchsorted(region[order], np.arange(regions))
    earlier = np.concatenate([[0], running])[starts]
    after = np.empty_like(running)
    after[order] = running - earlier[region[order]] + started[region[order]]
    return after - steps.cost_som, after


def _rounded(steps: Steps, region: IntArray, rules: Rules, started: IntArray) -> BoolArray:
    """Return whole steps: each region's best until its floor is reached, the best of all for the rest, what still fits.

    A step follows those before it in its school; both orders keep that, since worth falls within a school.
    """
    before, _after = _cumulated(steps, region, started, len(rules.pupils))
    taken = before < rules.floor_som[region]
    asked = int(steps.cost_som[taken].sum())
    free = np.flatnonzero(~taken & (before + steps.cost_som <= rules.ceiling_som[region]))
    left = rules.budget_som - int(started.sum()) - asked
    running = np.cumsum(steps.cost_som[free])
    fits = running <= left
    taken[free[fits]] = True
    spent = started.copy()
    np.add.at(spent, region[taken], steps.cost_som[taken])
    left = rules.budget_som - int(spent.sum())
    if left < 0:  # floors rounded up ask for more than there is: let go of the least worthy
        _let_go(steps, region, taken, spent, -left)
        left = rules.budget_som - int(spent.sum())
    _fill(steps, region, rules, taken, spent, left)
    return taken


def _let_go(steps: Steps, region: IntArray, taken: BoolArray, spent: IntArray, short_som: int) -> None:
    for place in np.flatnonzero(taken)[::-1].tolist():
        if short_som <= 0:
            return
        taken[place] = False
        spent[region[place]] -= steps.cost_som[place]
        short_som -= int(steps.cost_som[place])


def _fill(steps: Steps, region: IntArray, rules: Rules, taken: BoolArray, spent: IntArray, left: int) -> None:
    """Take what still fits, best first; changes ``taken``."""
    number, reached = _numbers(steps), _steps_taken(steps, taken)
    waiting = np.flatnonzero(~taken & (steps.cost_som <= left))[:LOOKED_AT]
    for place in waiting.tolist():
        school, group, cost = steps.school[place], region[place], int(steps.cost_som[place])
        if cost > left or spent[group] + cost > rules.ceiling_som[group] or number[place] != reached[school]:
            continue
        taken[place] = True
        reached[school] += 1
        spent[group] += cost
        left -= cost


def _numbers(steps: Steps) -> IntArray:
    """Return which step of its school each one is, from 0; steps stand in falling worth."""
    order = np.argsort(steps.school, kind="stable")
    school = steps.school[order]
    starts = np.concatenate([[True], school[1:] != school[:-1]]) if len(school) else np.empty(0, dtype=bool)
    first = np.maximum.accumulate(np.where(starts, np.arange(len(school)), 0))
    number = np.empty(len(school), dtype=np.int64)
    number[order] = np.arange(len(school)) - first
    return number


def _steps_taken(steps: Steps, taken: BoolArray) -> IntArray:
    count = np.zeros(int(steps.school.max(initial=-1)) + 1, dtype=np.int64)
    np.add.at(count, steps.school[taken], 1)
    return count


def _rows(steps: Steps, taken: BoolArray, base_row: IntArray) -> IntArray:
    """Return the bundle of each school that has one: its last step's, else its base."""
    row, number = base_row.copy(), _numbers(steps)
    order = np.flatnonzero(taken)
    order = order[np.argsort(number[order], kind="stable")]
    row[steps.school[order]] = steps.row[order]  # the last of equal places stays
    return row[row >= 0]


def floors_met(offers: Offers, rules: Rules, plan: Plan) -> BoolArray:
    """Return for each region whether the plan spends at least its floor."""
    return np.asarray(spend_by_region(offers, rules, plan.chosen) >= rules.floor_som)
