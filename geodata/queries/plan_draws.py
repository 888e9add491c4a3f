"""Draws of a plan: stored once, read with the plan and with its schools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import case, func, insert, select

from geodata.models import Plan, PlanDraws, PlanDrawSchool, PlanItem, School, SchoolResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session


class NearMoney(NamedTuple):
    """A school without money in a plan that gets some in draws of it."""

    code: str
    name_ky: str
    name_ru: str | None
    name_en: str | None
    national_rank: int
    p_funded: float


class SchoolChance(NamedTuple):
    """What the draws of a plan say of one school; ``p_funded`` None: nothing can be bought for it at a known cost."""

    draws: int
    p_funded: float | None


def find_draws(session: Session, plan_id: int) -> PlanDraws | None:
    """Return how a plan was drawn; None: it was not."""
    return session.get(PlanDraws, plan_id)


def add_draws(session: Session, values: Mapping[str, Any], schools: Sequence[Mapping[str, Any]]) -> None:
    """Store the draws of a plan with its schools; there is one set a plan."""
    session.execute(insert(PlanDraws).values(**values))
    if schools:
        session.execute(insert(PlanDrawSchool), [{"plan_id": values["plan_id"], **row} for row in schools])


def chance_of_school(session: Session, plan_id: int, school_id: int) -> SchoolChance | None:
    """Return what the draws of a plan say of a school; None: the plan was not drawn."""
    query = (
        select(PlanDraws.draws, PlanDrawSchool.p_funded)
        .outerjoin(
            PlanDrawSchool,
            (PlanDrawSchool.plan_id == PlanDraws.plan_id) & (PlanDrawSchool.school_id == school_id),
        )
        .where(PlanDraws.plan_id == plan_id)
    )
    row = session.execute(query).first()
    return None if row is None else SchoolChance(*cast("Any", row))


def counts_by_chance(session: Session, plan_id: int, cuts: Sequence[float]) -> list[tuple[bool, int, int]]:
    """Return whether the plan funds them, the class of their share (0 = below the first of the ``cuts``), how many."""
    found = PlanDrawSchool
    at = case(*((found.p_funded + 1e-12 < cut, place) for place, cut in enumerate(cuts)), else_=len(cuts))
    planned = PlanItem.school_id.is_not(None)
    query = (
        select(planned, at, func.count())
        .select_from(found)
        .outerjoin(PlanItem, (PlanItem.plan_id == found.plan_id) & (PlanItem.school_id == found.school_id))
        .where(found.plan_id == plan_id)
        .group_by(planned, at)
    )
    return [(bool(row[0]), int(row[1]), int(row[2])) for row in session.execute(query)]


def near_money(session: Session, plan_id: int, least: float, limit: int) -> list[NearMoney]:
    """Return the schools without money in the plan that get some in at least a share of its draws, most often first."""
    found = PlanDrawSchool
    query = (
        select(School.code, School.name_ky, School.name_ru, School.name_en, SchoolResult.national_rank, found.p_funded)
        .join(Plan, Plan.id == found.plan_id)
        .join(School, School.id == found.school_id)
        .join(SchoolResult, (SchoolResult.run_id == Plan.run_id) & (SchoolResult.school_id == found.school_id))
        .outerjoin(PlanItem, (PlanItem.plan_id == found.plan_id) & (PlanItem.school_id == found.school_id))
        .where(found.plan_id == plan_id, PlanItem.school_id.is_(None), found.p_funded >= least)
        .order_by(found.p_funded.desc(), SchoolResult.national_rank)
        .limit(limit)
    )
    return [NearMoney(*cast("Any", row)) for row in session.execute(query)]
