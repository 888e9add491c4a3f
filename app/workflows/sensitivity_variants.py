"""One changed assumption of a plan: what would be funded then, or why that is not computed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from app.funding.errors import FundingError, SolverStoppedError
from app.funding.portfolio import BoolArray, IntArray, Plan, Rules, keeps_rules
from app.funding.sensitivity import FROM_INPUTS, Effort, Variant, dearer, overlap
from app.funding.variant_plan import plan_near
from app.workflows.allocate_budget import cut_by_rank
from app.workflows.choose_plan import start_rows, with_must_act
from app.workflows.plan_problem import Problem, problem_of
from app.workflows.plan_wish import AllocationError, Wish, default_floor_share, wish_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.workflows.sensitivity_inputs import Inputs
    from geodata.records.plan import OfferTable, PlanFacts

COMPUTED, SAME, NOT_COMPUTED = "computed", "same", "not_computed"
ONE_YEAR, ONLY_TIES = "one_year", "only_ties"
INPUTS_CHANGED, RULES_CONFLICT, NO_PLAN_IN_TIME = "inputs_changed", "rules_conflict", "no_plan_in_time"
Item = tuple[int, str, int, int | None]
"""School id, bundle, som, year of one funded school."""


class NoSuchPlanError(AllocationError):
    """There is no plan whose hash begins so, or its offers are gone."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The plan that stands: its wish, its bundles as rows of the offers with their years, and what each school gets."""

    table: OfferTable
    wish: Wish
    row: IntArray
    year: IntArray
    """Calendar year, 0 = without a name."""
    planned: BoolArray
    cost_som: IntArray

    def rows_in(self, problem: Problem) -> IntArray:
        """Return the plan as rows of the spread problem; ``problem`` has the same offers and years."""
        place = np.searchsorted(np.array(problem.years), self.year)
        wanted = self.row * len(problem.years) + place
        have = problem.wide.row * len(problem.years) + problem.wide.year
        return np.flatnonzero(np.isin(have, wanted))


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """One variant: the row that is stored, and which schools it funds; None where it was not computed."""

    row: dict[str, Any]
    funded: BoolArray | None


def wish_of(plan: PlanFacts) -> Wish:
    """Return what the planner of a stored plan asked for."""
    asked = json.loads(plan.canonical)
    asked = asked.get("wish", asked)
    gini = asked.get("gini_most")
    return wish_from(
        asked | {"floor_share": float(asked["floor_share"]), "gini_most": None if gini is None else float(gini)}
    )


def standing_of(plan: PlanFacts, table: OfferTable, items: Sequence[Item]) -> Standing:
    """Find the plan's bundles among the offers of its run.

    Raises:
        NoSuchPlanError: A bundle of the plan is no offer of its run.
    """
    rows = {
        (int(table.school_id[school]), table.codes[bundle]): row
        for row, (school, bundle) in enumerate(zip(table.school.tolist(), table.bundle.tolist(), strict=True))
    }
    try:
        found = sorted((rows[school, bundle], year or 0) for school, bundle, _cost, year in items)
    except KeyError as error:
        raise NoSuchPlanError(plan.hash) from error
    chosen = np.array([row for row, _year in found], dtype=np.int64)
    planned, cost = np.zeros(len(table.school_id), dtype=bool), np.zeros(len(table.school_id), dtype=np.int64)
    planned[table.school[chosen]] = True
    np.add.at(cost, table.school[chosen], table.cost_som[chosen])
    years = np.array([year for _row, year in found], dtype=np.int64)
    return Standing(table, wish_of(plan), chosen, years, planned, cost)


def applies(variant: Variant, wish: Wish) -> bool:
    """Return whether a variant changes anything: fairness is switched to what the plan does not have."""
    if variant.change == "rule":
        return without(wish, variant.name or "") != wish
    return variant.change != "equity" or bool(variant.value) != has_equity(wish)


def without(wish: Wish, rule: str) -> Wish:
    """Return the wish without one of its rules."""
    changes: dict[str, dict[str, Any]] = {
        "floors": {"floor_share": 0.0},
        "gini": {"gini_most": None},
        "must_act": {"must_act": (), "must_rule": None},
        "limits": {"limits": ()},
        "capacity": {"works_most": None},
    }
    return replace(wish, **changes[rule])


def has_equity(wish: Wish) -> bool:
    """Return whether a wish holds any rule of fairness: floors, ceilings or a limit on unevenness."""
    return wish.floor_share > 0 or wish.gini_most is not None or bool(wish.limits)


def outcome_of(variant: Variant, standing: Standing, inputs: Inputs | None, effort: Effort) -> Outcome:
    """Return what a variant funds, or why that is not computed."""
    told = {"code": variant.code, "assumption": variant.assumption}
    years = {one.year for one in standing.wish.envelopes}
    if variant.change == "ranking" or (variant.change == "discount" and len(years) < 2):
        reason = ONLY_TIES if variant.change == "ranking" else ONE_YEAR
        return Outcome(told | {"outcome": SAME, "reason": reason}, None)
    if variant.change == "cut":
        return _cut(told, standing)
    if variant.change in FROM_INPUTS and inputs is None:
        return Outcome(told | {"outcome": NOT_COMPUTED, "reason": INPUTS_CHANGED}, None)
    try:
        problem, rules, made = _made(variant, standing, inputs, effort)
    except SolverStoppedError:
        return Outcome(told | {"outcome": NOT_COMPUTED, "reason": NO_PLAN_IN_TIME}, None)
    except FundingError:
        return Outcome(told | {"outcome": NOT_COMPUTED, "reason": RULES_CONFLICT}, None)
    funded = np.zeros(len(standing.planned), dtype=bool)
    funded[problem.wide.offers.school[made.chosen]] = True
    return Outcome(told | _figures(standing, problem, rules, made, funded), funded)


def _made(variant: Variant, standing: Standing, inputs: Inputs | None, effort: Effort) -> tuple[Problem, Rules, Plan]:
    table, wish = _changed(variant, standing, inputs)
    problem = problem_of(table, wish, discount=variant.value if variant.change == "discount" else None)
    rules = with_must_act(problem, seconds=effort.seconds, seed=0)
    stands = standing.rows_in(problem)
    made = plan_near(
        problem.wide.offers,
        rules,
        stands,
        gap=effort.gap,
        seconds=effort.seconds,
        loyalty=effort.loyalty,
        start=start_rows(problem),
    )
    return problem, rules, made


def _changed(variant: Variant, standing: Standing, inputs: Inputs | None) -> tuple[OfferTable, Wish]:
    """Return offers and wish under a variant."""
    table, wish, value = standing.table, standing.wish, variant.value or 0.0
    match variant.change:
        case "budget":
            return table, scaled(wish, value)
        case "cost":
            return replace(table, cost_som=dearer(table.cost_som, value)), wish
        case "equity":
            return table, replace(wish, floor_share=default_floor_share() if value else 0.0, gini_most=None, limits=())
        case "rule":
            return table, without(wish, variant.name or "")
        case "discount":
            return table, wish
    assert inputs is not None
    return replace(table, benefit=inputs.benefits(variant)), wish


def scaled(wish: Wish, factor: float) -> Wish:
    """Return the wish with all its money times ``factor``, each envelope in whole som."""
    envelopes = tuple(replace(one, som=round(one.som * factor)) for one in wish.envelopes)
    total = sum(one.som for one in envelopes) if envelopes else round(wish.budget_som * factor)
    return replace(wish, budget_som=total, envelopes=envelopes)


def _cut(told: dict[str, Any], standing: Standing) -> Outcome:
    """Return what the money would do given down the list to the best measure of each school until it ends."""
    table = standing.table
    rows = cut_by_rank(table, standing.wish.budget_som)
    funded = np.zeros(len(standing.planned), dtype=bool)
    funded[table.school[rows]] = True
    common = overlap(standing.planned, funded, standing.cost_som)
    figures = {
        "outcome": COMPUTED,
        "status": "exact",
        "budget_som": standing.wish.budget_som,
        "cost_som": int(table.cost_som[rows].sum()),
        "schools": len(rows),
        "shared": common.shared,
        "benefit": float(table.benefit[rows].sum()),
        "gap": 0.0,
        "shared_share": None if np.isnan(common.share) else common.share,
        "shared_money": None if np.isnan(common.money) else common.money,
    }
    return Outcome(told | figures, funded)


def _figures(standing: Standing, problem: Problem, rules: Rules, made: Plan, funded: BoolArray) -> dict[str, Any]:
    common = overlap(standing.planned, funded, standing.cost_som)
    offers, stands = problem.wide.offers, standing.rows_in(problem)
    stays = len(stands) == len(standing.row) and keeps_rules(offers, rules, stands)
    own = float(offers.benefit[stands].sum())
    return {
        "outcome": COMPUTED,
        "status": made.status,
        "budget_som": rules.budget_som,
        "cost_som": made.cost_som,
        "schools": int(funded.sum()),
        "shared": common.shared,
        "benefit": made.benefit,
        "gap": made.gap,
        "plan_misses": max(0.0, 1 - own / made.benefit) if stays and made.benefit > 0 else None,
        "shared_share": None if np.isnan(common.share) else common.share,
        "shared_money": None if np.isnan(common.money) else common.money,
    }
