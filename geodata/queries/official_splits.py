"""The exact split of what an official list moved: what it is made from, and the rows that it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, text

from geodata.models import Building, OfficialSplit, School

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

_IN_BOTH = text("""
    SELECT
        school.code, school.id,
        former.national_rank AS old_rank, result.national_rank AS new_rank,
        former.priority_central AS old_points, result.priority_central AS new_points
    FROM school_result AS result
    JOIN school_result AS former ON former.school_id = result.school_id AND former.run_id = :old
    JOIN school ON school.id = result.school_id
    WHERE result.run_id = :new
    ORDER BY school.code COLLATE "C"
""")


def results_in_both(session: Session, old_run_id: int, new_run_id: int) -> Sequence[Any]:
    """Return (code, id, ranks and points of both runs) of the schools that both hold, in the order of codes."""
    return session.execute(_IN_BOTH, {"old": old_run_id, "new": new_run_id}).all()


def days_of_evidence(session: Session) -> tuple[dict[str, date], dict[tuple[str, str], date]]:
    """Return the stated day of evidence by school, and by school and building; without those that have none."""
    schools = select(School.code, School.source_date).where(School.source_date.is_not(None))
    buildings = (
        select(School.code, Building.code, Building.source_date)
        .join(School, School.id == Building.school_id)
        .where(Building.source_date.is_not(None))
    )
    of_school = {code: day for code, day in session.execute(schools) if day is not None}
    of_building = {(school, code): day for school, code, day in session.execute(buildings) if day is not None}
    return of_school, of_building


def add_split(session: Session, list_id: int, run_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store the split of a decision; there is one."""
    if rows:
        session.execute(insert(OfficialSplit), [{"list_id": list_id, "run_id": run_id, **row} for row in rows])


def has_split(session: Session, list_id: int) -> bool:
    """Return whether what a decision moved was split exactly."""
    return session.scalar(select(OfficialSplit.list_id).where(OfficialSplit.list_id == list_id).limit(1)) is not None
