"""The best plan for a budget, proven by HiGHS, and made unique by breaking its ties (method 10).

The plan is summed again in whole som, and one that overspends or breaks a limit is never returned.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.funding.core import price_losses
from app.funding.errors import InfeasibleError, SolverStoppedError
from app.funding.portfolio import THOUSAND_SOM, FloatArray, IntArray, Offers, Plan, Rules, keeps_rules, plan_of
from app.funding.preview import Preview, floors_met, preview
from app.funding.program import Program, build, relax, solve

FIRST_KERNEL = 1_000
"""Where no preview is known to keep the rules: a first plan in seconds, from which the next search begins."""

TIE_TOLERANCE = 1e-6
"""Relative: plans whose benefit differs by less are equally good; the cheapest of them is taken."""

ROUNDING = 1e-9
"""Relative: what sums of benefits lose in binary fractions."""

FEASIBLE_PART = 1e-6
"""What a count may miss of a whole number in a linear program."""

KERNEL = 3_000
"""Bundles that lose least at the preview's prices; a good plan is found among them in seconds."""


def allocate(
    offers: Offers, rules: Rules, rank: IntArray, *, gap: float = 1e-4, seconds: float = 60.0, seed: int = 0,
    start: IntArray | None = None,
) -> Plan:  # fmt: skip
    """Return the plan of most benefit under the rules; ties go to the cheapest, then to the higher ranks.

    Args:
        rank: Rank of each school in the run that the plan rests on, 1 = first.
        gap: Relative gap that counts as proven. ``seconds``: time for each of the three steps.
        start: Rows of a known plan, of a preview; used where it keeps the rules.

    Raises:
        InfeasibleError: With a smallest set of rules that conflict.
        SolverStoppedError: No plan was found in time.
    """
    plan, losses, bound = _best(offers, rules, gap=gap, seconds=seconds, seed=seed, start=start)
    if not plan.is_proven:
        return plan
    near = _near(losses, bound, plan.benefit * (1 - TIE_TOLERANCE))
    return _unique(offers, rules, plan, rank, rows=near, seconds=seconds, seed=seed)


def most_served(offers: Offers, rules: Rules, must_act: IntArray, *, seconds: float, seed: int = 0) -> int:
    """Return to how many of some schools the rules allow a safety bundle at once.

    Raises:
        InfeasibleError, SolverStoppedError: As ``allocate``.
    """
    must = np.zeros(offers.schools, dtype=bool)
    must[must_act] = True
    counted = replace(offers, benefit=(must[offers.school] & offers.is_safety).astype(float))
    return round(_best(counted, rules, gap=0.0, seconds=seconds, seed=seed, is_count=True)[0].benefit)


def _best(
    offers: Offers, rules: Rules, *, gap: float, seconds: float, seed: int, is_count: bool = False,
    start: IntArray | None = None,
) -> tuple[Plan, FloatArray, float]:  # fmt: skip
    """Return the best plan that was found, what each bundle loses, and the bound that the losses belong to."""
    losses, bound, plan = _prices(offers, rules, seconds)
    if plan is None and start is not None and keeps_rules(offers, rules, start):
        plan = plan_of(offers, start, bound, is_proven=False, status="preview")
    everything, order = np.arange(len(offers)), np.argsort(losses, kind="stable")
    least = 2 * int((losses <= ROUNDING * abs(bound)).sum())
    sizes = [max(size, least) for size in ((KERNEL,) if plan is not None else (FIRST_KERNEL, KERNEL))]
    highest = float(np.floor(bound + FEASIBLE_PART)) if is_count else bound
    for rows in (*(np.sort(order[:size]) for size in sizes if size < len(offers)), None):
        if plan is not None and plan.gap <= gap:
            break
        known = -np.inf if plan is None else plan.benefit
        kept = rows if rows is not None else everything if plan is None else _near(losses, bound, known)
        enough = highest * (1 - gap) if rows is not None else np.inf
        better = _solve_core(offers, kept, rules, plan, gap=gap, seconds=seconds, seed=seed, enough=enough)
        if better is not None and better.benefit >= known:
            limit = highest if rows is not None else min(highest, better.bound)
            plan = replace(better, bound=max(limit, better.benefit))
    if plan is None:
        raise _no_plan(offers, rules)
    proven = plan.gap <= max(gap, ROUNDING)
    return replace(plan, is_proven=proven, status="optimal" if proven else "time limit"), losses, bound


def _prices(offers: Offers, rules: Rules, seconds: float) -> tuple[FloatArray, float, Plan | None]:
    """Return what each bundle loses, the bound that these losses belong to, and the preview where it keeps all rules.

    Raises:
        InfeasibleError: Not even parts of bundles keep the rules.
    """
    quick = None if rules.limits or rules.gini_most is not None else _start(offers, rules)
    if quick is not None:
        losses, bound = price_losses(offers, rules, quick.shadow_price, quick.region_price)
        return losses, bound, replace(quick.plan, bound=min(bound, quick.plan.bound))
    relaxed = relax(build(offers, rules), -offers.benefit, seconds=seconds)
    if relaxed.status == "infeasible":
        raise _no_plan(offers, rules)
    if relaxed.status != "optimal":
        most = np.zeros(offers.schools)
        np.maximum.at(most, offers.school, offers.benefit)
        return relaxed.losses, float(most.sum()), None
    return relaxed.losses, -relaxed.bound, None


def _no_plan(offers: Offers, rules: Rules) -> InfeasibleError | SolverStoppedError:
    """Return what to say where no plan was found: the rules that conflict, or that time was out."""
    from app.funding.conflict import smallest_conflict

    conflict = smallest_conflict(offers, rules)
    return InfeasibleError(conflict) if conflict else SolverStoppedError("time limit")


def _near(losses: FloatArray, bound: float, known: float) -> IntArray:
    """Return the rows that a plan of at least ``known`` benefit may hold; ``bound`` belongs to the same prices."""
    return np.flatnonzero(losses <= bound - known + ROUNDING * abs(bound))


def _start(offers: Offers, rules: Rules) -> Preview | None:
    """Return the preview where it keeps every rule but the evenness, else None."""
    try:
        quick = preview(offers, rules)
    except InfeasibleError:
        return None
    return quick if floors_met(offers, rules, quick.plan).all() else None


def _solve_core(
    offers: Offers, kept: IntArray, rules: Rules, start: Plan | None, *, gap: float, seconds: float, seed: int,
    enough: float,
) -> Plan | None:  # fmt: skip
    """Return the best plan among some rows of the offers, or one of benefit ``enough``; None where none was found."""
    core, core_rules = _only(offers, kept), rules.of(kept)
    program = build(core, core_rules)
    hint = None if start is None else np.isin(kept, start.chosen).astype(float)
    first = solve(program, -core.benefit, gap=gap, seconds=seconds, seed=seed, hint=hint, target=-enough)
    if first.values is None:
        return None
    chosen = _chosen(first.values, program)
    plan = plan_of(core, chosen, -first.bound, is_proven=first.status == "optimal", status=first.status)
    _check(plan, core_rules)
    return replace(plan, chosen=kept[plan.chosen])


def _only(offers: Offers, rows: IntArray) -> Offers:
    return Offers(
        offers.school[rows], offers.cost_som[rows], offers.benefit[rows], offers.is_safety[rows], offers.schools
    )


def _chosen(values: FloatArray, program: Program) -> IntArray:
    return np.flatnonzero(values[: program.integers] > 0.5)


def _check(plan: Plan, rules: Rules) -> None:
    if plan.cost_som > rules.budget_som:
        raise SolverStoppedError(f"the solver's plan costs {plan.cost_som - rules.budget_som} som too much")
    broken = [limit.name for limit in rules.limits if not limit.is_kept(plan.chosen)]
    if broken:
        raise SolverStoppedError("the solver's plan breaks a limit by less than a som: " + ", ".join(broken))


def _unique(
    offers: Offers,
    rules: Rules,
    plan: Plan,
    rank: IntArray,
    *,
    rows: IntArray | None = None,
    seconds: float,
    seed: int,
) -> Plan:
    """Return the cheapest plan of (nearly) the same benefit, of those the one with the highest ranks."""
    kept = np.arange(len(offers)) if rows is None else rows
    core = _only(offers, kept)
    program, everything = build(core, rules.of(kept)), np.arange(len(core))
    scale = plan.benefit or 1.0
    program.add(everything, core.benefit / scale, plan.benefit / scale - TIE_TOLERANCE, np.inf)
    hint = np.isin(kept, plan.chosen).astype(float)
    cheapest = solve(program, core.cost_som / THOUSAND_SOM, gap=0.0, seconds=seconds, seed=seed, hint=hint)
    if cheapest.values is None:
        return plan
    best = _same(offers, plan, kept[_chosen(cheapest.values, program)])
    if cheapest.status != "optimal":
        return best
    program.add(everything, core.cost_som / THOUSAND_SOM, 0.0, (best.cost_som + 0.5) / THOUSAND_SOM)
    hint = np.isin(kept, best.chosen).astype(float)
    ranks = rank[core.school].astype(np.float64)
    ranked = solve(program, ranks, gap=0.0, seconds=seconds, seed=seed, hint=hint)
    if ranked.values is None:
        return best
    made = _same(offers, plan, kept[_chosen(ranked.values, program)])
    return replace(made, is_unique=ranked.status == "optimal")


def _same(offers: Offers, plan: Plan, chosen: IntArray) -> Plan:
    return plan_of(offers, chosen, plan.bound, is_proven=plan.is_proven, status=plan.status)
