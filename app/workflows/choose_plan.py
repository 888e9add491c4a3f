"""Choose a plan of a problem: as many must-act schools as the rules allow, then the most benefit; and who pays it.

A must-act school is a rule with slack: where the money does not reach, the plan stands and names who stays without.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.funding.allocation import allocate, most_served
from app.funding.envelope_preview import Staged, stage
from app.funding.envelopes import Payment, pay
from app.funding.errors import InfeasibleError
from app.funding.portfolio import Limit, Plan, Rules
from app.funding.preview import floors_met, preview
from app.workflows.plan_problem import Problem

IntArray = NDArray[np.int64]
FUNDED, NO_MONEY, NO_MEASURE = "funded", "no_money", "no_measure"


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """A plan in rows of the table, rising, with the calendar year of each (0 = without a name)."""

    plan: Plan
    """Its ``chosen`` are rows of the spread problem; benefit and bound count later years less."""
    row: IntArray
    year: IntArray
    payments: tuple[Payment, ...]
    """``row`` of a payment is a row of the table."""
    outcome: dict[int, str]
    """What came of each must-act school, by position."""

    @property
    def left(self) -> int:
        """Return how many must-act schools stay without a safety measure."""
        return sum(what != FUNDED for what in self.outcome.values())


def choose(problem: Problem, rank: IntArray, *, gap: float, seconds: float, seed: int) -> Chosen:
    """Return the best plan; a must-act school stands above any benefit, but never makes a plan impossible.

    Raises:
        InfeasibleError: With a smallest set of rules that conflict, must-act schools not among them.
        SolverStoppedError: No plan was found in time.
    """
    rules = with_must_act(problem, seconds=seconds, seed=seed)
    plan = allocate(problem.wide.offers, rules, rank, gap=gap, seconds=seconds, seed=seed, start=start_rows(problem))
    row, place = problem.wide.row[plan.chosen], problem.wide.year[plan.chosen]
    return _told(problem, plan, row, place, rank)


def chosen_of_preview(problem: Problem, staged: Staged, rank: IntArray) -> Chosen:
    """Return a preview in the form of a plan, with its payments and what came of the must-act schools."""
    return _told(problem, staged.plan, staged.plan.chosen, staged.year, rank)


def preview_of(problem: Problem) -> Staged:
    """Return the preview of a problem."""
    return stage(
        problem.offers, problem.base, problem.must_act, problem.weight, problem.money, problem.wide, problem.cuts
    )


def _told(problem: Problem, plan: Plan, row: IntArray, place: IntArray, rank: IntArray) -> Chosen:
    year = np.array(problem.years)[place]
    return Chosen(plan, row, year, _payments(problem, row, year, rank), _outcome(problem, row))


def start_rows(problem: Problem) -> IntArray | None:
    """Return the preview in rows of the spread problem, None where the floors leave it none."""
    try:
        staged = preview_of(problem)
    except InfeasibleError:
        return None
    return np.searchsorted(problem.wide.row, staged.plan.chosen) + staged.year


def with_must_act(problem: Problem, *, seconds: float, seed: int) -> Rules:
    """Return the rules with as many must-act schools as they allow."""
    must, rules, offers = problem.must_act, problem.rules, problem.wide.offers
    if not must.size:
        return rules
    if _all_fit(problem):
        return replace(rules, must_act=must)
    most = most_served(offers, rules, must, seconds=seconds, seed=seed)
    if most == len(must):
        return replace(rules, must_act=must)
    counted = np.zeros(offers.schools, dtype=np.int64)
    counted[must] = 1
    weight = counted[offers.school] * offers.is_safety
    return replace(rules, limits=(*rules.limits, Limit("must_act", weight, most, is_money=False)))


def _all_fit(problem: Problem) -> bool:
    """Return whether the preview alone shows that every must-act school finds money."""
    rules = replace(problem.rules, must_act=problem.must_act)
    if rules.limits or rules.gini_most is not None:
        return False
    try:
        found = preview(problem.wide.offers, rules)
    except InfeasibleError:
        return False
    return bool(floors_met(problem.wide.offers, rules, found.plan).all())


def _payments(problem: Problem, row: IntArray, year: IntArray, rank: IntArray) -> tuple[Payment, ...]:
    """Return who pays what, higher ranks first; nothing where the wish names no sources."""
    if not problem.envelopes:
        return ()
    offers = problem.offers
    order = np.argsort(rank[offers.school[row]], kind="stable").tolist()
    paid = pay(order, offers.cost_som[row], problem.local_som[row], problem.region[row], year, problem.envelopes)
    return tuple(replace(one, row=int(row[one.row])) for one in paid)


def _outcome(problem: Problem, row: IntArray) -> dict[int, str]:
    safe = set(problem.offers.school[row[problem.offers.is_safety[row]]].tolist())
    found = {int(at): NO_MEASURE for at in problem.without_measure}
    found |= {int(at): FUNDED if int(at) in safe else NO_MONEY for at in problem.must_act}
    return dict(sorted(found.items()))
