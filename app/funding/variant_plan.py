"""A plan made again near one that stands: proven within a stated gap, and changed only where that brings something.

Ties are not broken to the end as in ``app.funding.allocation``: what stands is kept instead.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.funding.errors import InfeasibleError, SolverStoppedError
from app.funding.portfolio import IntArray, Offers, Plan, Rules, keeps_rules, plan_of
from app.funding.preview import floors_met, preview
from app.funding.program import build, relax, solve

CORE = 3_000
"""Bundles that lose least at the prices of the relaxed program; a good plan is found among them in seconds."""

ROUNDING = 1e-9
RELAXING = 6
"""Times the seconds of a step: without the relaxed program nothing is known of a bound."""


def plan_near(
    offers: Offers,
    rules: Rules,
    stands: IntArray,
    *,
    gap: float,
    seconds: float,
    loyalty: float,
    start: IntArray | None = None,
    seed: int = 0,
) -> Plan:
    """Return a plan whose ``gap`` to the best possible is known; bundles that stand are kept where that costs nothing.

    Args:
        stands: Rows of the plan that stands; it need not keep the rules any more.
        loyalty: How much more a bundle that stands counts while choosing, relative. Figures are without it.
        start: Rows of another plan that is known, of a preview.

    Raises:
        InfeasibleError: No plan keeps the rules. SolverStoppedError: None was found in time.
    """
    relaxed = relax(build(offers, rules), -offers.benefit, seconds=RELAXING * seconds, seed=seed)
    if relaxed.status == "infeasible":
        raise InfeasibleError(("rules",))
    if relaxed.status != "optimal":
        raise SolverStoppedError(relaxed.status)
    bound = -relaxed.bound
    weight = np.ones(len(offers))
    weight[stands] += loyalty
    wanted = replace(offers, benefit=offers.benefit * weight)
    known = _known(wanted, rules, [stands] if start is None else [stands, start])
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


def _known(offers: Offers, rules: Rules, plans: list[IntArray]) -> IntArray | None:
    """Return the best of some plans and the preview, of those that keep the rules."""
    found = [rows for rows in plans if keeps_rules(offers, rules, rows)]
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
    counted = replace(own, gini_most=None)  # unevenness is a fraction: the solver keeps it within its tolerance
    return (kept[chosen], -made.bound) if keeps_rules(core, counted, chosen) else None
