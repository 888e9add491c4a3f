"""A stored plan under other assumptions: what would be funded then, and which schools hang on one assumption.

Budget, costs, fairness and discount are exchanged in the stored offers of the run; weights of the benefit, models of
vulnerability, the curve of hazard and the spread of fragility are worked out again from the inputs, if these still
give the stored offers. What cannot be computed is stored as such with its reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.funding.sensitivity import RULES, Effort, Hanging, Variant, hanging, load_variants
from app.i18n.marks import N_
from app.workflows import allocate_budget, sensitivity_inputs, sensitivity_variants
from app.workflows.canonical import canonical_hash, canonical_json
from app.workflows.plan_problem import load_table
from app.workflows.sensitivity_variants import NoSuchPlanError, Outcome, Standing, applies, outcome_of, standing_of
from geodata.queries import audit, plans, runs, sensitivity

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.records.plan import PlanFacts

Report = Callable[[float, str], None]
ROW = (
    "code", "assumption", "outcome", "reason", "status", "budget_som", "cost_som", "schools", "shared", "benefit",
    "gap", "plan_misses", "shared_share", "shared_money",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SensitivitySummary:
    """What a report found. ``computed`` of ``variants``; ``no_regret``: schools of the plan that each of them funds."""

    hash: str
    plan_hash: str
    variants: int
    computed: int
    schools: int
    no_regret: int
    is_new: bool


def report_sensitivity(
    session: Session,
    plan_hash: str,
    *,
    seconds: float | None = None,
    account_id: int | None = None,
    report: Report | None = None,
) -> SensitivitySummary:
    """Make the plan again under every variant, store the report, and say what came of it; the same inputs, once.

    Args:
        session: National scope with the right to rank; the caller commits.
        seconds: Most time of each step of the solver; None as the table of variants says.

    Raises:
        NoSuchPlanError: See there.
    """
    say = report or (lambda _pct, _step: None)
    plan = plans.find_plan(session, plan_hash)
    run = runs.published_run(session, plan.run_hash) if plan else None
    table = load_table(session, run.id) if run else None
    if plan is None or run is None or table is None:
        raise NoSuchPlanError(plan_hash)
    effort, variants, version = load_variants()
    effort = effort if seconds is None else replace(effort, seconds=seconds)
    content = _content(plan, effort, version)
    standing = standing_of(plan, table, sensitivity.items_of(session, plan.id))
    asked = [one for one in variants if applies(one, standing.wish)]
    assumed = sum(one.change not in RULES for one in asked)
    existing = sensitivity.find_report(session, canonical_hash(content))
    if existing is not None:
        return SensitivitySummary(
            existing.hash, plan.hash, assumed, existing.variants, plan.schools, existing.no_regret, is_new=False
        )
    say(5, N_("Reading what the plan rests on"))
    inputs = sensitivity_inputs.load_inputs(session, table, str(run.scheme))
    found, step = [], N_("Making the plan again under other assumptions")
    for number, variant in enumerate(asked):
        say(20 + 75 * number / len(asked), step)
        found.append(outcome_of(variant, standing, inputs, effort))
    made = _store(session, plan, content, standing, asked, found, account_id)
    say(100, N_("Done"))
    return made


def _store(
    session: Session,
    plan: PlanFacts,
    content: dict[str, Any],
    standing: Standing,
    asked: list[Variant],
    found: list[Outcome],
    account_id: int | None,
) -> SensitivitySummary:
    pairs = [
        (one, made.funded)
        for one, made in zip(asked, found, strict=True)
        if made.funded is not None and one.change not in RULES
    ]
    funded = np.array([mask for _one, mask in pairs], dtype=bool).reshape(len(pairs), len(standing.planned))
    hung = hanging(standing.planned, funded, [one.assumption for one, _mask in pairs])
    no_regret = int(hung.is_no_regret.sum()) if pairs else 0
    values = {
        "plan_id": plan.id,
        "hash": canonical_hash(content),
        "canonical": canonical_json(content),
        "code_version": content["code"],
        "variants": len(pairs),
        "no_regret": no_regret,
        "gap_asked": content["solver"]["gap"] + content["solver"]["loyalty"],
        "account_id": account_id,
    }
    rows = [{name: made.row.get(name) for name in ROW} for made in found]
    schools = _schools(standing, hung, [one.code for one, _mask in pairs])
    sensitivity.add_report(session, values, rows, schools)
    audit.record(session, "plan:varied", subject=plan.hash, details={"no_regret": no_regret})
    assumed = sum(one.change not in RULES for one in asked)
    return SensitivitySummary(values["hash"], plan.hash, assumed, len(pairs), plan.schools, no_regret, is_new=True)


def _schools(standing: Standing, hung: Hanging, codes: list[str]) -> list[dict[str, Any]]:
    """Return a row for each school that the plan or a variant funds."""
    concerned = np.flatnonzero(standing.planned | hung.changed.any(axis=0))
    return [
        {
            "school_id": int(standing.table.school_id[at]),
            "is_planned": bool(standing.planned[at]),
            "funded_in": int(hung.funded_in[at]),
            "changed_by": [code for code, moved in zip(codes, hung.changed[:, at], strict=True) if moved],
            "hangs_on": hung.hangs_on[at],
        }
        for at in concerned.tolist()
    ]


def _content(plan: PlanFacts, effort: Effort, version: str) -> dict[str, Any]:
    """Return what a report rests on: the text whose hash is its name."""
    return {
        "schema": "koopsuz-sensitivity/1",
        "plan": plan.hash,
        "variants": version,
        "solver": {"gap": effort.gap, "seconds": effort.seconds, "loyalty": effort.loyalty},
        "code": code_version(),
    }


@cache
def code_version() -> str:
    """Return the SHA-256 over the rules of allocation and of these reports."""
    digest = hashlib.sha256(allocate_budget.code_version().encode())
    for module in (__file__, sensitivity_variants.__file__, sensitivity_inputs.__file__):
        digest.update(Path(str(module)).read_bytes() + b"\0")
    return digest.hexdigest()
