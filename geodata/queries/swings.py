"""The ledger of what moves each school's score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from geodata.models import School, SchoolResult, SchoolSwing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session


def school_ids(session: Session, run_id: int) -> dict[str, int]:
    """Return the ids of a run's schools by code."""
    query = select(School.code, School.id).join(SchoolResult, SchoolResult.school_id == School.id)
    return {row.code: row.id for row in session.execute(query.where(SchoolResult.run_id == run_id))}


def has_swings(session: Session, run_id: int) -> bool:
    """Return whether the ledger of a run was made."""
    return session.scalar(select(SchoolSwing.run_id).where(SchoolSwing.run_id == run_id).limit(1)) is not None


def add_swings(session: Session, run_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store the ledger of a run; there is one."""
    if rows:
        session.execute(insert(SchoolSwing), [{"run_id": run_id, **row} for row in rows])


def swings_of(session: Session, run_id: int, school_id: int) -> Sequence[SchoolSwing]:
    """Return the ledger of one school: the sums by status first, then the largest swings."""
    query = select(SchoolSwing).where(SchoolSwing.run_id == run_id, SchoolSwing.school_id == school_id)
    return session.scalars(query.order_by(SchoolSwing.place, SchoolSwing.name)).all()
