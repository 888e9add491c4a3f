"""A plan made again near one that stands: proven within a stated gap, and changed only where that brings something.

Ties are not broken to the end as in ``app.funding.allocation``: what stands is kept instead.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.funding.errors import InfeasibleError, SolverStoppedError
from app.funding.portfolio import NO_LIMIT, IntArray, Offers, Plan, Rules, plan_of, spend_by_region
from app.funding.preview import floors_met, preview
from app.funding.program import build, relax, solve

CORE = 3_000
"""Bundles that lose least at the prices of the relaxed program; a good plan is found among them in seconds."""

ROUNDING = 1e-9


def keeps(offers: Offers, rules: Rules, chosen: IntArray) -> bool:
    """Return whether a set of bundles keeps every rule but the limit on the Gini coefficient, in whole som."""
    spent = spend_by_region(offers, rules, chosen)
    acted = np.isin(rules.must_act, offers.school[chosen[offers.is_safety[chosen]]])
    return bool(
        int(offers.cost_som[chosen].sum()) <= rules.budget_som
        and (spent >= rules.floor_som).all()
        and ((spent <= rules.ceiling_som) | (rules.ceiling_som >= NO_LIMIT)).all()
        and acted.all()
        and all(limit.is_kept(chosen) for limit in rules.limits)
        and len(np.unique(offers.school[chosen])) == len(chosen)
    )


def plan_near(
    offers: Offers, rules: Rules, stands: IntArray, *, gap: float, seconds: float, loyalty: float, seed: int = 0
) -> Plan:
    """Return a plan whose ``gap`` to the best possible is known; bundles that stand are kept where that costs nothing.

    Args:
        stands: Rows of the plan that stands; it need not keep the rules any more.
        loyalty: How much more a bundle that stands counts while choosing, relative. Figures are without it.

    Raises:
        InfeasibleError: No plan keeps the rules. SolverStoppedError: None was found in time.
    """
    relaxed = relax(build(offers, rules), -offers.benefit, seconds=seconds, seed=seed)
    if relaxed.status == "infeasible":
        raise InfeasibleError(("rules",))
    if relaxed.status != "optimal":
        raise SolverStoppedError(relaxed.status)
    bound = -relaxed.bound
    weight = np.ones(len(offers))
    weight[stands] += loyalty
    wanted = replace(offers, benefit=offers.benefit * weight)
    known = _known(wanted, rules, stands)
    size = max(CORE, 2 * int((relaxed.losses <= ROUNDING * abs(bound)).sum()))
    nearest = np.sort(np.argsort(relaxed.losses, kind="stable")[:size])
    found, limit = known, bound
    for is_whole in (False, True):
        best = -np.inf if found is None else float(offers.benefit[found].sum())
        if is_whole and best >= limit * (1 - gap - loyalty):
            break
        kept = np.flatnonzero(relaxed.losses <= bound - best + ROUNDING * abs(bound)) if is_whole else nearest
        made = _solved(wanted, np.union1d(kept, stands), rules, found, gap=gap, seconds=seconds, seed=seed)
        if made is not None:
            found = made[0]
            limit = min(limit, made[1]) if is_whole else limit  # nothing better lies outside these rows
    if found is None:
        raise SolverStoppedError("time limit")
    plan = plan_of(offers, found, bound, is_proven=False, status="time limit")
    plan = replace(plan, bound=max(limit, plan.benefit))
    proven = plan.gap <= gap + loyalty
    return replace(plan, is_proven=proven, status="optimal" if proven else "time limit")


def _known(offers: Offers, rules: Rules, stands: IntArray) -> IntArray | None:
    """Return the better of what stands and the preview, of those that keep the rules."""
    found = [stands] if rules.gini_most is None and keeps(offers, rules, stands) else []
    if not rules.limits and rules.gini_most is None:
        try:
            quick = preview(offers, rules).plan
        except InfeasibleError:
            quick = None
        if quick is not None and floors_met(offers, rules, quick).all():
            found.append(quick.chosen)
    return max(found, key=lambda rows: float(offers.benefit[rows].sum()), default=None)


def _solved(
    offers: Offers, kept: IntArray, rules: Rules, start: IntArray | None, *, gap: float, seconds: float, seed: int
) -> tuple[IntArray, float] | None:
    """Return the best rows among ``kept`` and the bound there; None where nothing was found that keeps the rules."""
    core = Offers(
        offers.school[kept], offers.cost_som[kept], offers.benefit[kept], offers.is_safety[kept], offers.schools
    )
    own = rules.of(kept)
    program = build(core, own)
    hint = None if start is None else np.isin(kept, start).astype(float)
    made = solve(program, -core.benefit, gap=gap, seconds=seconds, seed=seed, hint=hint)
    if made.values is None:
        return None
    chosen = np.flatnonzero(made.values[: program.integers] > 0.5)
    return (kept[chosen], -made.bound) if keeps(core, own, chosen) else None
