"""Which rules cannot be kept together: a smallest set, found by leaving out one rule at a time (method 10)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.funding.portfolio import NO_LIMIT, Offers, Rules
from app.funding.program import build, solve

SECONDS = 10.0


def smallest_conflict(offers: Offers, rules: Rules) -> tuple[str, ...]:
    """Return names of rules that conflict; leaving out any one of them would end the conflict. Empty: none found.

    Names: ``budget``, ``gini``, ``floor:N`` and ``ceiling:N`` of region N, ``must_act:N`` of school N, and the names
    of further limits (rules of one name go together).
    """
    names = _names(rules)
    if _is_feasible(offers, rules):
        return ()
    for name in list(names):
        fewer = [other for other in names if other != name]
        if not _is_feasible(offers, _only(rules, fewer)):
            names = fewer
    return tuple(names)


def _names(rules: Rules) -> list[str]:
    names = [f"must_act:{school}" for school in rules.must_act.tolist()]
    names += [f"ceiling:{n}" for n, value in enumerate(rules.ceiling_som.tolist()) if value < NO_LIMIT]
    names += [f"floor:{n}" for n, value in enumerate(rules.floor_som.tolist()) if value > 0]
    names += dict.fromkeys(limit.name for limit in rules.limits)
    if rules.gini_most is not None:
        names.append("gini")
    return [*names, "budget"]


def _only(rules: Rules, names: list[str]) -> Rules:
    """Return the rules without those that are not named."""
    kept = set(names)
    regions = range(len(rules.pupils))
    return replace(
        rules,
        budget_som=rules.budget_som if "budget" in kept else NO_LIMIT,
        floor_som=np.array([rules.floor_som[n] if f"floor:{n}" in kept else 0 for n in regions]),
        ceiling_som=np.array([rules.ceiling_som[n] if f"ceiling:{n}" in kept else NO_LIMIT for n in regions]),
        gini_most=rules.gini_most if "gini" in kept else None,
        limits=tuple(limit for limit in rules.limits if limit.name in kept),
        must_act=np.array([n for n in rules.must_act.tolist() if f"must_act:{n}" in kept], dtype=np.int64),
    )


def _is_feasible(offers: Offers, rules: Rules) -> bool:
    found = solve(build(offers, rules), np.zeros(len(offers)), gap=1.0, seconds=SECONDS, seed=0)
    return found.status != "infeasible"
