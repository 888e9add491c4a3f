"""The funded schools of a plan with their places, whole or of an area at any level, and the sums by area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from geoalchemy2.functions import ST_X, ST_Y
from sqlalchemy import BigInteger, and_, func, select, text
from sqlalchemy.orm import aliased

from geodata.models import (
    Area,
    Plan,
    PlanDrawSchool,
    PlanItem,
    PlanItemProvenance,
    PlanPayment,
    Run,
    School,
    SchoolArea,
    SchoolResult,
)
from geodata.queries.provenance import PROPOSAL
from geodata.records.plan_item import PlanArea, PlanItemRow, PlanSums

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

_oblast, _rayon, _aimak = aliased(Area), aliased(Area), aliased(Area)


def _payments() -> Any:
    return (
        select(func.jsonb_object_agg(PlanPayment.source, PlanPayment.amount_som))
        .where(PlanPayment.plan_id == PlanItem.plan_id, PlanPayment.school_id == PlanItem.school_id)
        .scalar_subquery()
    )


def _inside(area: str | None) -> list[ColumnElement[bool]]:
    if area is None:
        return []
    inside = select(SchoolArea.school_id).join(Area, Area.id == SchoolArea.area_id).where(Area.code == area)
    return [PlanItem.school_id.in_(inside)]


def _joined(query: Any, plan_id: int, area: str | None) -> Any:
    result = and_(SchoolResult.run_id == Plan.run_id, SchoolResult.school_id == PlanItem.school_id)
    return (
        query.select_from(PlanItem)
        .join(Plan, Plan.id == PlanItem.plan_id)
        .join(School, School.id == PlanItem.school_id)
        .join(SchoolResult, result)
        .where(PlanItem.plan_id == plan_id, *_inside(area))
    )


def item_rows(
    session: Session, plan_id: int, area: str | None = None, limit: int | None = None, offset: int = 0
) -> list[PlanItemRow]:
    """Return the funded schools in the order of their ranks; ``area``: the code of an area of any level and period."""
    columns = (
        School.id, School.code, School.name_ky, School.name_ru, School.name_en, _oblast.code, _rayon.code, _aimak.code,
        ST_X(School.location), ST_Y(School.location), SchoolResult.national_rank, SchoolResult.grade,
        SchoolResult.pupils, SchoolResult.shifts, School.is_synthetic, PlanItem.bundle, PlanItem.year,
        PlanItem.cost_som, PlanItem.benefit, _payments(), PlanDrawSchool.p_funded,
        PlanItemProvenance.share,
    )  # fmt: skip
    query = (
        _joined(select(*columns), plan_id, area)
        .outerjoin(
            PlanDrawSchool,
            and_(PlanDrawSchool.plan_id == PlanItem.plan_id, PlanDrawSchool.school_id == PlanItem.school_id),
        )
        .outerjoin(
            PlanItemProvenance,
            and_(
                PlanItemProvenance.plan_id == PlanItem.plan_id,
                PlanItemProvenance.school_id == PlanItem.school_id,
                PlanItemProvenance.status == PROPOSAL,
            ),
        )
        .outerjoin(_oblast, _oblast.id == SchoolResult.oblast_id)
        .outerjoin(_rayon, _rayon.id == SchoolResult.rayon_id)
        .outerjoin(_aimak, _aimak.id == SchoolResult.aimak_id)
        .order_by(SchoolResult.national_rank, School.id)
    )
    return [PlanItemRow(*cast("Any", row)) for row in session.execute(query.limit(limit).offset(offset))]


def item_sums(session: Session, plan_id: int, area: str | None = None) -> PlanSums:
    """Return how many schools the plan funds, what they cost and how many pupils learn in them."""
    columns = (
        func.count(),
        func.coalesce(func.sum(PlanItem.cost_som), 0).cast(BigInteger),
        func.sum(SchoolResult.pupils).cast(BigInteger),
    )
    return PlanSums(*cast("Any", session.execute(_joined(select(*columns), plan_id, area)).one()))


def sums_by_area(session: Session, plan_id: int, level: int, above: str | None = None) -> list[PlanArea]:
    """Return today's areas of ``level`` (inside ``above``, if given) with what the plan holds for each, by code."""
    if above is not None and above == _country(session):
        above = None
    within = _joined(
        select(PlanItem.school_id, PlanItem.cost_som.label("cost_som"), SchoolResult.pupils.label("pupils")),
        plan_id,
        above,
    ).subquery()
    lies = aliased(SchoolArea)
    parent = aliased(Area)
    query = (
        select(
            Area.code, Area.level, Area.name_ky, Area.name_ru, Area.name_en,
            func.count(within.c.school_id),
            func.coalesce(func.sum(within.c.cost_som), 0).cast(BigInteger),
            func.sum(within.c.pupils).cast(BigInteger),
        )
        .select_from(Area)
        .outerjoin(lies, lies.area_id == Area.id)
        .outerjoin(within, within.c.school_id == lies.school_id)
        .where(Area.level == level, Area.valid_to.is_(None))
        .group_by(Area.id)
        .order_by(Area.code)
    )  # fmt: skip
    if above is not None:
        grand = aliased(Area)
        query = (
            query.outerjoin(parent, parent.id == Area.parent_id)
            .outerjoin(grand, grand.id == parent.parent_id)
            .where((parent.code == above) | (grand.code == above))
        )
    return [PlanArea(*cast("Any", row)) for row in session.execute(query)]


def _country(session: Session) -> str | None:
    return session.scalar(select(Area.code).where(Area.level == 0, Area.valid_to.is_(None)))


def count_plans(session: Session, run_id: int) -> int:
    """Return how many plans of a run the reader may see."""
    return int(session.scalar(select(func.count()).select_from(Plan).where(Plan.run_id == run_id)) or 0)


def run_of_plan(session: Session, plan_id: int) -> Run | None:
    """Return the ranking that a plan rests on; None when the reader may not see it."""
    return session.scalar(select(Run).join(Plan, Plan.run_id == Run.id).where(Plan.id == plan_id))


def item_of_school(session: Session, plan_id: int, school_id: int) -> tuple[str, int] | None:
    """Return the bundle and the cost in som of a school in a plan; None where the plan does not fund it."""
    query = select(PlanItem.bundle, PlanItem.cost_som)
    row = session.execute(query.where(PlanItem.plan_id == plan_id, PlanItem.school_id == school_id)).first()
    return None if row is None else (row.bundle, row.cost_som)


class OwnSchool(NamedTuple):
    """A school where the reader edits or publishes; ``bundle`` and ``cost_som`` of the newest plan seen, or None."""

    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    national_rank: int
    grade: str | None
    pupils: int | None
    bundle: str | None
    cost_som: int | None


_OWN = """
    FROM school_result AS result
    JOIN school ON school.id = result.school_id
    LEFT JOIN plan_item AS item
        ON item.school_id = school.id AND item.plan_id = (SELECT max(id) FROM plan WHERE run_id = :run_id)
    WHERE result.run_id = :run_id AND app_scope() IN ('area', 'national')
        AND ((SELECT app_everywhere('edit')) OR (SELECT app_everywhere('publish'))
            OR app_in_territory(school.id, 'edit') OR app_in_territory(school.id, 'publish'))
        AND (CAST(:area AS text) IS NULL OR school.id IN (
            SELECT school_area.school_id FROM school_area JOIN area ON area.id = school_area.area_id
            WHERE area.code = :area
        ))
"""


def own_schools(session: Session, run_id: int, area: str | None, limit: int, offset: int) -> list[OwnSchool]:
    """Return the schools of a run where the reader edits or publishes, by rank; ``area``: only those inside it."""
    statement = text(
        "SELECT school.code, school.name_ky, school.name_ru, school.name_en, result.national_rank, result.grade, "
        f"result.pupils, item.bundle, item.cost_som {_OWN} ORDER BY result.national_rank LIMIT :limit OFFSET :offset"
    )
    values = {"run_id": run_id, "area": area, "limit": limit, "offset": offset}
    return [OwnSchool(*row) for row in session.execute(statement, values)]


def count_own_schools(session: Session, run_id: int, area: str | None) -> int:
    """Return how many there are."""
    return int(session.scalar(text(f"SELECT count(*) {_OWN}"), {"run_id": run_id, "area": area}) or 0)
