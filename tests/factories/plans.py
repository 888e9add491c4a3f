"""Offers of a run and plans that rest on them, as a page or a query finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geodata.models import BundleResult, Plan, PlanItem

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from geodata.models import Run, School


def make_offer(session: Session, run: Run, school: School, bundle: str, **values: Any) -> BundleResult:
    """Add one bundle at one school; ten million som for a thousandth of the country's benefit unless said otherwise."""
    offer = BundleResult(
        run_id=run.id,
        school_id=school.id,
        bundle=bundle,
        **{"cost_som": 10_000_000, "benefit": 0.001, "fatalities_avoided": 0.01, "loss_avoided_som": 5e5,
           "index_gained": 12.0} | values,
    )  # fmt: skip
    session.add(offer)
    session.flush()
    return offer


def make_plan(session: Session, run: Run, offers: list[BundleResult], plan_hash: str = "a" * 64, **values: Any) -> Plan:
    """Add a published plan that funds ``offers``."""
    cost = sum(offer.cost_som or 0 for offer in offers)
    benefit = sum(offer.benefit for offer in offers)
    defaults: dict[str, Any] = {
        "hash": plan_hash, "canonical": "{}", "status": "optimal", "code_version": "0" * 64, "run_id": run.id,
        "budget_som": max(cost, 12_000_000), "cost_som": cost, "benefit": benefit, "bound": benefit,
        "shadow_price": 1e-10, "proposal_share": 0.2, "schools": len(offers), "is_proven": True, "is_unique": True,
        "is_synthetic": True, "is_published": True,
    }  # fmt: skip
    plan = Plan(**defaults | values)
    session.add(plan)
    session.flush()
    for offer in offers:
        item = {"school_id": offer.school_id, "bundle": offer.bundle, "cost_som": offer.cost_som}
        session.add(PlanItem(plan_id=plan.id, benefit=offer.benefit, **item))
    session.flush()
    return plan
