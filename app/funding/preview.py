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
    order = np.lexsort((steps.row, steps.school, -steps.worth))
    steps = Steps(steps.school[order], steps.row[order], steps.cost_som[order], steps.benefit[order])
    share, price, cut = _relaxed(steps, rules, started)
    bound = float(base_benefit.sum() + (share * steps.benefit).sum())
    taken = _rounded(steps, rules, share, started, cut)
    chosen = _rows(steps, taken, base_row)
    plan = plan_of(offers, chosen, bound, is_proven=False, status="preview")
    below = np.flatnonzero(~taken & (np.arange(len(taken)) >= cut))
    return Preview(plan, price, int(steps.row[below[0]]) if below.size else None)


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


def _relaxed(steps: Steps, rules: Rules, started: IntArray) -> tuple[FloatArray, float, int]:
    """Return the share of each step (in falling worth) in the linear optimum, the shadow price and the cut's place."""
    region = rules.region[steps.school]
    before, after = _cumulated(steps, region, started, len(rules.pupils))
    floor = np.minimum(rules.floor_som, rules.ceiling_som)[region]
    ceiling = rules.ceiling_som[region]
    asked = np.clip(after, None, floor) - np.clip(before, None, floor)
    free = np.clip(after, floor, ceiling) - np.clip(before, floor, ceiling)
    left = rules.budget_som - int(started.sum()) - int(asked.sum())
    if left < 0:
        raise InfeasibleError(("budget", "floors", "must_act"))
    spent = np.cumsum(free)
    paid = np.clip(left - (spent - free), 0, free)
    beyond = np.flatnonzero((paid < free) & (free > 0))
    price = float(steps.worth[beyond[0]]) if beyond.size else 0.0
    cut = int(beyond[0]) if beyond.size else len(spent)
    return (asked + paid) / steps.cost_som, price, cut


def _cumulated(steps: Steps, region: IntArray, started: IntArray, regions: int) -> tuple[IntArray, IntArray]:
    """Return the som of a step's region before and after it, when its region takes the best steps first."""
    order = np.argsort(region, kind="stable")
    running = np.cumsum(steps.cost_som[order])
    starts = np.searchsorted(region[order], np.arange(regions))
    earlier = np.concatenate([[0], running])[starts]
    after = np.empty_like(running)
    after[order] = running - earlier[region[order]] + started[region[order]]
    return after - steps.cost_som, after


def _rounded(steps: Steps, rules: Rules, share: FloatArray, started: IntArray, cut: int) -> BoolArray:
    """Return the whole steps to take: those of the linear optimum, those that floors need, then what fits."""
    taken = share >= 1.0
    region = rules.region[steps.school]
    spent = started.copy()
    np.add.at(spent, region[taken], steps.cost_som[taken])
    left = rules.budget_som - int(spent.sum())
    reached = _steps_taken(steps, taken)
    number = _numbers(steps)
    partly = np.flatnonzero(~taken & (share > 0))
    after_cut = np.flatnonzero(~taken[cut : cut + LOOKED_AT]) + cut
    for place in np.unique(np.concatenate([partly, after_cut])).tolist():
        school, group, cost = steps.school[place], region[place], int(steps.cost_som[place])
        fits = cost <= left and spent[group] + cost <= rules.ceiling_som[group]
        if taken[place] or not fits or number[place] != reached[school]:
            continue
        taken[place] = True
        reached[school] += 1
        spent[group] += cost
        left -= cost
    return taken


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
