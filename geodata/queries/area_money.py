"""Money of the newest public plan as an area sees it: who is funded there, and what its level gets for its pupils."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import text

from geodata.queries.areas import domain_query, in_order
from geodata.records.area import DomainShare

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class AreaPlan(NamedTuple):
    """The plan: a public one of the run shown, else the newest public one."""

    id: int
    hash: str
    run_id: int
    run_hash: str
    budget_som: int
    schools: int
    is_published: bool = True


class AreaMoney(NamedTuple):
    """What a plan spends in one area. ``pupils`` None: unknown. ``local_som``: paid by local budgets themselves."""

    area_id: int
    pupils: int | None
    schools: int
    som: int
    local_som: int

    @property
    def per_pupil_som(self) -> float | None:
        """Return som per pupil; None where the pupils are unknown or none."""
        return self.som / self.pupils if self.pupils else None


class FundedHere(NamedTuple):
    """One funded school of an area."""

    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    national_rank: int
    bundle: str
    cost_som: int
    year: int | None


@dataclass(frozen=True, slots=True)
class PlanInArea:
    """A plan in an area: money of every area of its level today (and its own), the first funded schools by rank."""

    plan: AreaPlan
    level: list[AreaMoney]
    here: list[FundedHere]


_MONEY = """
    (WITH plan AS (
        SELECT one.id, one.hash, one.run_id, run.hash AS run_hash, one.budget_som, one.schools
        FROM plan AS one
        JOIN run ON run.id = one.run_id
        WHERE one.is_published
        ORDER BY one.run_id = :run_id DESC, one.id DESC
        LIMIT 1
    ),
    spent AS (
        SELECT
            place.area_id, count(*) AS schools, sum(item.cost_som) AS som, sum(coalesce(own.amount_som, 0)) AS local_som
        FROM plan
        JOIN plan_item AS item ON item.plan_id = plan.id
        JOIN school_area AS place ON place.school_id = item.school_id AND place.level = :level
        LEFT JOIN plan_payment AS own
            ON own.plan_id = item.plan_id AND own.school_id = item.school_id AND own.source = 'local_budget'
        GROUP BY place.area_id
    ),
    here AS (
        SELECT
            school.code, school.name_ky, school.name_ru, school.name_en, result.national_rank, item.bundle,
            item.cost_som, item.year
        FROM plan
        JOIN plan_item AS item ON item.plan_id = plan.id
        JOIN school ON school.id = item.school_id
        JOIN school_result AS result ON result.run_id = plan.run_id AND result.school_id = item.school_id
        JOIN school_area AS place ON place.school_id = item.school_id AND place.area_id = :own
        ORDER BY result.national_rank
        LIMIT :most
    )
    SELECT json_build_array(
        json_build_array(plan.id, plan.hash, plan.run_id, plan.run_hash, plan.budget_som, plan.schools),
        (
            SELECT json_agg(json_build_array(
                result.area_id, result.pupils, coalesce(spent.schools, 0), coalesce(spent.som, 0),
                coalesce(spent.local_som, 0)
            ))
            FROM area_result AS result
            JOIN area ON area.id = result.area_id
            LEFT JOIN spent ON spent.area_id = result.area_id
            WHERE result.run_id = plan.run_id AND result.level = :level AND (area.valid_to IS NULL OR area.id = :own)
        ),
        (
            SELECT json_agg(json_build_array(
                code, name_ky, name_ru, name_en, national_rank, bundle, cost_som, year
            ) ORDER BY national_rank)
            FROM here
        )
    )
    FROM plan) AS money
"""


def domains_and_money(
    session: Session, run_id: int, area_id: int, level: int, most: int
) -> tuple[list[DomainShare], PlanInArea | None]:
    """Return the domains of an area's schools, worst first, and the plan's money there; in one question.

    Args:
        most: How many funded schools are named. The country (level 0) holds all schools.
    """
    money = text(_MONEY).bindparams(run_id=run_id, level=level, own=area_id, most=most)
    query = domain_query([run_id], area_id if level else None).add_columns(money)
    rows: list[Any] = list(session.execute(query))
    found = in_order([DomainShare(*row[1:-1]) for row in rows])
    return found, _plan(rows[0][-1]) if rows else None


def _plan(found: list[Any] | None) -> PlanInArea | None:
    if found is None:
        return None
    plan, level, here = found
    return PlanInArea(
        AreaPlan(*plan), [AreaMoney(*row) for row in level or ()], [FundedHere(*row) for row in here or ()]
    )
