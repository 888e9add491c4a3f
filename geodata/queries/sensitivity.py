"""Reports of a plan's sensitivity: stored once, read with the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import func, insert, select

from geodata.models import (
    Plan,
    PlanItem,
    PlanSensitivity,
    School,
    SchoolResult,
    SensitivitySchool,
    SensitivityVariant,
)
from geodata.records.sensitivity import HangingSchool, ReportFacts, VariantRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_FACTS = (
    PlanSensitivity.id, PlanSensitivity.plan_id, PlanSensitivity.hash, PlanSensitivity.variants,
    PlanSensitivity.no_regret, PlanSensitivity.gap_asked, PlanSensitivity.created_at,
)  # fmt: skip


_VARIANT = tuple(
    getattr(SensitivityVariant, name)
    for name in (
        "code", "assumption", "outcome", "reason", "status", "budget_som", "cost_som", "schools", "shared", "benefit",
        "gap", "plan_misses", "shared_share", "shared_money",
    )
)  # fmt: skip


def items_of(session: Session, plan_id: int) -> list[tuple[int, str, int, int | None]]:
    """Return school id, bundle, som and year of each funded school of a plan, by school."""
    query = select(PlanItem.school_id, PlanItem.bundle, PlanItem.cost_som, PlanItem.year).where(
        PlanItem.plan_id == plan_id
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(query.order_by(PlanItem.school_id))]


def find_report(session: Session, report_hash: str) -> ReportFacts | None:
    """Return the report of this hash."""
    row = session.execute(select(*_FACTS).where(PlanSensitivity.hash == report_hash)).first()
    return ReportFacts(*cast("Any", row)) if row else None


def newest_report(session: Session, plan_id: int) -> tuple[ReportFacts, list[VariantRow]] | None:
    """Return the newest report of a plan with its variants in their order, None without one."""
    newest = select(func.max(PlanSensitivity.id)).where(PlanSensitivity.plan_id == plan_id).scalar_subquery()
    query = (
        select(*_FACTS, *_VARIANT)
        .join(SensitivityVariant, SensitivityVariant.sensitivity_id == PlanSensitivity.id)
        .where(PlanSensitivity.id == newest)
        .order_by(SensitivityVariant.number)
    )
    rows = session.execute(query).all()
    size = len(_FACTS)
    variants = [VariantRow(*cast("Any", row[size:])) for row in rows]
    return (ReportFacts(*cast("Any", rows[0][:size])), variants) if rows else None


def add_report(
    session: Session,
    values: Mapping[str, Any],
    variants: Sequence[Mapping[str, Any]],
    schools: Sequence[Mapping[str, Any]],
) -> int:
    """Store a report with its variants, in their order, and its schools; return its id."""
    number = int(session.scalar(insert(PlanSensitivity).values(**values).returning(PlanSensitivity.id)) or 0)
    rows = [{"sensitivity_id": number, "number": place, **row} for place, row in enumerate(variants, 1)]
    if rows:
        session.execute(insert(SensitivityVariant), rows)
    if schools:
        session.execute(insert(SensitivitySchool), [{"sensitivity_id": number, **row} for row in schools])
    return number


def variants_of(session: Session, report_id: int) -> list[VariantRow]:
    """Return the variants of a report in their order."""
    query = select(*_VARIANT).where(SensitivityVariant.sensitivity_id == report_id)
    query = query.order_by(SensitivityVariant.number)
    return [VariantRow(*cast("Any", row)) for row in session.execute(query)]


def hanging_schools(session: Session, report_id: int, limit: int) -> tuple[list[HangingSchool], int]:
    """Return the first schools that hang on one assumption, the plan's first, by rank; and how many there are."""
    found = SensitivitySchool
    columns = (
        School.code, School.name_ky, School.name_ru, School.name_en, SchoolResult.national_rank,
        found.is_planned, found.hangs_on, found.changed_by, func.count().over(),
    )  # fmt: skip
    query = (
        select(*columns)
        .join(PlanSensitivity, PlanSensitivity.id == found.sensitivity_id)
        .join(Plan, Plan.id == PlanSensitivity.plan_id)
        .join(School, School.id == found.school_id)
        .join(SchoolResult, (SchoolResult.run_id == Plan.run_id) & (SchoolResult.school_id == found.school_id))
        .where(found.sensitivity_id == report_id, found.hangs_on.is_not(None))
        .order_by(found.is_planned.desc(), SchoolResult.national_rank)
        .limit(limit)
    )
    rows = session.execute(query).all()
    return [HangingSchool(*cast("Any", row[:-1])) for row in rows], int(rows[0][-1]) if rows else 0


def no_regret_ids(session: Session, report_id: int) -> list[int]:
    """Return the ids of the schools of the plan that no computed variant takes out."""
    found = SensitivitySchool
    query = select(found.school_id).where(
        found.sensitivity_id == report_id, found.is_planned, func.cardinality(found.changed_by) == 0
    )
    return list(session.scalars(query.order_by(found.school_id)))
