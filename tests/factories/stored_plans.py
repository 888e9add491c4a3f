"""A stored plan with the schools that it funds, as a solver would leave it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from geodata.models import Plan, PlanItem, PlanPayment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from geodata.models import Run, School


def make_plan(
    session: Session,
    run: Run,
    items: Sequence[tuple[School, str, int, Mapping[str, int]]],
    *,
    published: bool = True,
    **values: Any,
) -> Plan:
    """Add a plan; an item is a school, its bundle, its cost in som and who pays (empty: the plan does not say)."""
    total = sum(cost for _school, _bundle, cost, _paid in items)
    canonical = json.dumps({"budget_som": total + 5, "values": sorted(values), "published": published})
    facts: dict[str, Any] = {
        "hash": hashlib.sha256(canonical.encode()).hexdigest(),
        "canonical": canonical,
        "status": "optimal",
        "code_version": "test",
        "budget_som": total + 5,
        "cost_som": total,
        "benefit": 0.25,
        "bound": 0.25,
        "shadow_price": 1e-12,
        "proposal_share": 1.0,
        "schools": len(items),
        "is_proven": True,
        "is_unique": True,
        "is_synthetic": run.is_synthetic,
    } | values
    plan = Plan(run_id=run.id, is_published=published, **facts)
    session.add(plan)
    session.flush()
    for school, bundle, cost, paid in items:
        session.add(PlanItem(plan_id=plan.id, school_id=school.id, bundle=bundle, cost_som=cost, benefit=1 / 3 / cost))
        for source, amount in paid.items():
            key = {"plan_id": plan.id, "school_id": school.id, "source": source}
            session.add(PlanPayment(**key, year=2027, amount_som=amount))
    session.flush()
    return plan
