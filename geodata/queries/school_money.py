"""Plans as one school, one area and the list see them: who is funded, by which plan, and who is next below the line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select, text

from geodata.models import Plan, PlanItem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session


def shown_plan(run_id: int, plan_hash: str | None) -> Select:
    """Return the SELECT of the id of one plan that who asks may see: the named one, else the newest public one.

    A public plan of the run itself stands before newer ones of other runs.
    """
    if plan_hash is not None:
        return select(Plan.id).where(Plan.hash.startswith(plan_hash, autoescape=True)).limit(1)
    newest = select(Plan.id).where(Plan.is_published)
    return newest.order_by((Plan.run_id == run_id).desc(), Plan.id.desc()).limit(1)


def funded_schools(run_id: int, plan_hash: str | None) -> Select:
    """Return the SELECT of the ids of the schools that get money in a plan; see ``shown_plan``."""
    return select(PlanItem.school_id).where(PlanItem.plan_id == shown_plan(run_id, plan_hash).scalar_subquery())


class PlanShown(NamedTuple):
    """The plan whose money a page shows. ``below_id``: the best school without money; None: none is left."""

    id: int
    hash: str
    run_id: int
    run_hash: str
    budget_som: int
    cost_som: int
    schools: int
    shadow_price: float
    is_published: bool
    below_id: int | None
    below_code: str | None


_SHOWN = text("""
    SELECT
        plan.id, plan.hash, plan.run_id, run.hash, plan.budget_som, plan.cost_som, plan.schools, plan.shadow_price,
        plan.is_published, below.school_id, below.code
    FROM plan
    JOIN run ON run.id = plan.run_id
    LEFT JOIN LATERAL (
        SELECT offer.school_id, school.code
        FROM bundle_result AS offer
        JOIN school ON school.id = offer.school_id
        WHERE offer.run_id = plan.run_id AND offer.cost_som IS NOT NULL AND offer.benefit > 0
            AND NOT EXISTS (SELECT FROM plan_item AS item WHERE item.plan_id = plan.id AND item.school_id = school.id)
        ORDER BY offer.benefit / offer.cost_som DESC, offer.school_id
        LIMIT 1
    ) AS below ON true
    WHERE plan.id = (
        SELECT one.id FROM plan AS one
        WHERE CASE WHEN CAST(:hash AS text) IS NULL THEN one.is_published ELSE starts_with(one.hash, :hash) END
        ORDER BY one.run_id = :run_id DESC, one.id DESC
        LIMIT 1
    )
""")


def plan_shown(session: Session, run_id: int, plan_hash: str | None = None) -> PlanShown | None:
    """Return the plan that a page about ``run_id`` shows; None: there is none that who asks may see."""
    row = session.execute(_SHOWN, {"run_id": run_id, "hash": plan_hash}).first()
    return None if row is None else PlanShown(*row)


def funded_among(session: Session, plan_id: int, school_ids: Sequence[int]) -> frozenset[int]:
    """Return which of some schools get money in a plan."""
    wanted = select(PlanItem.school_id).where(PlanItem.plan_id == plan_id, PlanItem.school_id.in_(school_ids))
    return frozenset(session.scalars(wanted))


_FUNDED = text("""
    SELECT school.id, school.code
    FROM plan_item AS item
    JOIN school ON school.id = item.school_id
    WHERE item.plan_id = :plan_id
    ORDER BY school.id
""")


def funded_codes(session: Session, plan_id: int) -> list[tuple[int, str]]:
    """Return number and code of every school that gets money in a plan, for the marks on the map."""
    return [(number, code) for number, code in session.execute(_FUNDED, {"plan_id": plan_id})]
