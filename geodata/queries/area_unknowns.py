"""What is not known about the schools of an area: counted, so that no silence reads as safety."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from geodata.models import School, SchoolArea, SchoolResult
from geodata.records.priority import FACTORS, AreaUnknowns

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def area_unknowns(session: Session, run_id: int, area_id: int) -> AreaUnknowns:
    """Return how many schools of an area lack a grade, an assessment, a place, pupils, and each factor."""

    def count(condition: Any) -> Any:
        return func.count().filter(condition)

    factors = [count(~SchoolResult.known[number]) for number in range(1, len(FACTORS) + 1)]
    query = (
        select(
            func.count(),
            count(SchoolResult.grade.is_(None)),
            count(SchoolResult.assessed_on.is_(None)),
            count(or_(School.location.is_(None), func.cardinality(School.location_flags) > 0)),
            count(SchoolResult.pupils.is_(None)),
            *factors,
        )
        .select_from(SchoolResult)
        .join(School, School.id == SchoolResult.school_id)
        .join(SchoolArea, SchoolArea.school_id == SchoolResult.school_id)
        .where(SchoolResult.run_id == run_id, SchoolArea.area_id == area_id)
    )
    found: Any = tuple(session.execute(query).one())
    return AreaUnknowns(found[0], found[1], found[2], found[3], found[4], tuple(found[5:]))
