"""Readings of instruments within an assessment; row security says who reads and who adds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from geodata.records.assessing import ReadingFacts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

ADD = text("""
    INSERT INTO reading (
        assessment_id, criterion_id, building_id, room, value, measured_at, shift, instrument, calibrated_on, note
    )
    VALUES (:assessment_id, :criterion_id, CAST(:building_id AS bigint), :room, :value, :measured_at,
        CAST(:shift AS smallint), :instrument, CAST(:calibrated_on AS date), :note)
    ON CONFLICT DO NOTHING
    RETURNING id
""")


def add(session: Session, rows: Sequence[dict[str, Any]]) -> int:
    """Add readings and return how many were not there yet: the same place, moment and instrument is the same one."""
    return sum(session.scalar(ADD, row) is not None for row in rows)


def of_visit(session: Session, number: int, most: int = 500) -> list[ReadingFacts]:
    """Return the readings of an assessment by criterion, building and time; ``most`` of them."""
    statement = text("""
        SELECT reading.id, criterion.code, building.code, coalesce(building.name, building.code), reading.room,
            reading.value, reading.measured_at, reading.shift, reading.instrument, reading.calibrated_on, reading.note
        FROM reading
        JOIN criterion ON criterion.id = reading.criterion_id
        LEFT JOIN building ON building.id = reading.building_id
        WHERE reading.assessment_id = :id
        ORDER BY criterion.position, criterion.code, building.code, reading.measured_at, reading.id
        LIMIT :most
    """)
    return [ReadingFacts(*row) for row in session.execute(statement, {"id": number, "most": most})]


def remove(session: Session, number: int, reading_id: int) -> bool:
    """Take a reading out of an assessment; False when it is not there or not this reader's to take."""
    statement = text("DELETE FROM reading WHERE id = :id AND assessment_id = :assessment_id")
    return bool(session.execute(statement, {"id": reading_id, "assessment_id": number}).rowcount)  # type: ignore[attr-defined]
