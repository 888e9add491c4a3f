"""Why one school is funded or not, and what would change it (method 11), by the preview's arithmetic.

What is told of a change is solved again with the change made, and left untold where that does not bear it out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from app.funding.errors import FundingError
from app.funding.hull import Steps, steps_of
from app.funding.portfolio import Offers, Rules
from app.funding.preview import Preview, preview

State = Literal["funded", "below", "worth", "no_cost", "no_gain"]
Floors = Literal["helped", "hurt", "none"]
LOWERED = (1.0, 0.95, 0.8)
"""The cost at which a school reaches the line is tried, then lower ones: on the line there may be no money left."""
TRIED = (1.0, 1.02, 1.06, 1.2, 1.5)
"""A budget at which a school should enter is tried, then with so much more: whole measures do not fill it."""


@dataclass(frozen=True, slots=True)
class Why:
    """One school under a plan. Money in whole som; None = unknown, or not to be told.

    ``state``: funded; below the line; worth its money and yet without; no measure of known cost; none with a gain.
    ``row``: the funded bundle, else the one that gives most for its money. ``worth``: its benefit per som.
    ``floors``: without the floors of regions the school would be left out (helped) or funded (hurt).
    ``less_som``: what the cost of that bundle would have to fall by, or somebody else pay, to bring it above the line.
    ``enters_som``: a budget that funds it. ``loss_share``: what forcing it in takes from the benefit of all.
    """

    state: State
    row: int | None = None
    worth: float | None = None
    floors: Floors = "none"
    less_som: int | None = None
    enters_som: int | None = None
    loss_share: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What explanations of all schools of one plan have in common; see ``ground_of``."""

    offers: Offers
    rules_at: Callable[[int], Rules]
    rules: Rules
    price: float
    with_rules: Preview | None
    without_floors: Preview | None
    steps: Steps


def ground_of(offers: Offers, rules_at: Callable[[int], Rules], free: Rules, budget_som: int, price: float) -> Ground:
    """Return what all explanations of a plan rest on.

    Args:
        rules_at: The rules under a budget. ``free``: those of ``budget_som`` without floors.
        price: Shadow price of the plan, benefit per som; 0 where everything worth it is paid.
    """
    rules = rules_at(budget_som)
    has_floors = bool((rules.floor_som > 0).any())
    nothing = np.zeros(offers.schools, dtype=np.int64)
    steps = steps_of(offers, nothing, np.zeros(offers.schools))
    return Ground(
        offers, rules_at, rules, price, _try(offers, rules), _try(offers, free) if has_floors else None, steps
    )


def explain(ground: Ground, school: int, funded_row: int | None) -> Why:
    """Explain one school.

    Args:
        school: Position in the offers. ``funded_row``: its bundle in the plan, None = not funded.
    """
    offers, price = ground.offers, ground.price
    own = np.flatnonzero(offers.school == school)
    if not own.size:
        return Why("no_cost")
    worths = offers.benefit[own] / offers.cost_som[own]
    open_plan = ground.without_floors
    if funded_row is not None:
        worth = float(offers.benefit[funded_row] / offers.cost_som[funded_row])
        helped = open_plan is not None and not _takes(open_plan, offers, school)
        return Why("funded", funded_row, worth, "helped" if helped else "none")
    best = int(own[np.argmax(worths)])
    worth = float(worths.max())
    if worth <= 0:
        return Why("no_gain", best, 0.0)
    hurt = open_plan is not None and _takes(open_plan, offers, school)
    return Why(
        state="worth" if worth >= price else "below",
        row=best,
        worth=worth,
        floors="hurt" if hurt else "none",
        less_som=_reduction(offers, ground.rules, best, price),
        enters_som=_entering_budget(ground, school, worth),
        loss_share=_loss_if_forced(ground, school),
    )


def _try(offers: Offers, rules: Rules) -> Preview | None:
    try:
        return preview(offers, rules)
    except FundingError:
        return None


def _takes(made: Preview | None, offers: Offers, school: int) -> bool:
    return made is not None and school in offers.school[made.plan.chosen]


def _reduction(offers: Offers, rules: Rules, row: int, price: float) -> int | None:
    """Return the least fall of a cost that lifts its bundle above the price (c - b / price); None = none does."""
    wanted = int(offers.benefit[row] / price) if price > 0 else 0
    if not 0 < wanted < offers.cost_som[row]:
        return None
    cost = offers.cost_som.copy()
    for share in LOWERED:
        cost[row] = max(1, int(wanted * share))
        if _takes(_try(replace(offers, cost_som=cost), rules), offers, int(offers.school[row])):
            return int(offers.cost_som[row] - cost[row])
    return None


def _entering_budget(ground: Ground, school: int, worth: float) -> int | None:
    """Return a budget, in whole millions, that funds the school: all steps of more worth are paid, and the floors."""
    rules, steps = ground.rules, ground.steps
    region = rules.region[steps.school]
    better = np.where(steps.worth >= worth, steps.cost_som, 0)
    spent = np.bincount(region, better, len(rules.pupils))
    wanted = int(np.maximum(spent, np.minimum(rules.floor_som, rules.ceiling_som)).sum())
    for share in TRIED:
        tried = _millions(max(wanted, rules.budget_som) * share)
        if _takes(_try(ground.offers, _rules_or_same(ground.rules_at, tried, rules)), ground.offers, school):
            return tried
    return None


def _rules_or_same(rules_at: Callable[[int], Rules], budget_som: int, rules: Rules) -> Rules:
    try:
        return rules_at(budget_som)
    except FundingError:
        return replace(rules, budget_som=budget_som)


def _millions(som: float) -> int:
    return int(-(-som // 1_000_000)) * 1_000_000


def _loss_if_forced(ground: Ground, school: int) -> float | None:
    """Return the share of the benefit of all that is lost when the school must get something."""
    offers, base = ground.offers, ground.with_rules
    safe = replace(offers, is_safety=offers.is_safety | (offers.school == school))
    must = replace(ground.rules, must_act=np.union1d(ground.rules.must_act, [school]).astype(np.int64))
    forced = _try(safe, must)
    if base is None or forced is None or base.plan.benefit <= 0:
        return None
    return max(0.0, 1 - forced.plan.benefit / base.plan.benefit)
