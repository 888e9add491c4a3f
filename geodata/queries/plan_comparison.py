"""Several stored plans and the schools that any of them funds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import or_, select

from geodata.models import Plan, PlanItem, Run, School, SchoolResult
from geodata.queries.plans import _FACTS
from geodata.records.plan import PlanFacts
from geodata.records.plan_comparison import ComparedSchool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def find_plans(session: Session, hashes: Sequence[str]) -> dict[str, PlanFacts]:
    """Return the plan of each beginning of a hash that names exactly one."""
    if not hashes:
        return {}
    begins = [Plan.hash.startswith(one, autoescape=True) for one in hashes]
    query = select(*_FACTS).join(Run, Run.id == Plan.run_id).where(or_(*begins)).order_by(Plan.id)
    found = [PlanFacts(*cast("Any", row)) for row in session.execute(query.limit(2 * len(hashes) + 2))]
    named = {one: [plan for plan in found if plan.hash.startswith(one)] for one in hashes}
    return {one: plans[0] for one, plans in named.items() if len(plans) == 1}


def compared_schools(session: Session, plan_ids: Sequence[int]) -> list[ComparedSchool]:
    """Return every school that one of the plans funds, with what each gives it, by rank and code."""
    columns = (
        PlanItem.plan_id, School.id, School.code, School.name_ky, School.name_ru, School.name_en,
        SchoolResult.oblast_id, SchoolResult.national_rank, SchoolResult.grade, SchoolResult.pupils,
        PlanItem.bundle, PlanItem.cost_som,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(Plan, Plan.id == PlanItem.plan_id)
        .join(School, School.id == PlanItem.school_id)
        .join(SchoolResult, (SchoolResult.run_id == Plan.run_id) & (SchoolResult.school_id == PlanItem.school_id))
        .where(PlanItem.plan_id.in_(plan_ids))
    )
    order = {number: place for place, number in enumerate(plan_ids)}
    found: dict[int, ComparedSchool] = {}
    for row in sorted(session.execute(query), key=lambda row: order[row[0]]):
        plan_id, *facts, bundle, cost = row
        school = found.setdefault(row[1], ComparedSchool(*cast("Any", (*facts, {}))))
        school.given[plan_id] = (bundle, cost)
    return sorted(found.values(), key=lambda school: (school.rank, school.code))
