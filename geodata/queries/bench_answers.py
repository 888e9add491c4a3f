"""Made-up answers of many years, for measuring on a scratch database as its owner; taken out again afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SOURCE = "bench: made-up answers of many years"
TABLES = ("answer", "assessment")

VISITS = text("""
    INSERT INTO assessment (school_id, edition_id, kind, assessed_on, status, source, is_synthetic)
    SELECT school.id, edition.id, 'self', make_date(year, 9, 15), 'published', :source, true
    FROM school
    CROSS JOIN generate_series(:first, :first + :years - 1) AS year
    CROSS JOIN (SELECT id FROM standard_edition WHERE is_current) AS edition
    ON CONFLICT DO NOTHING
""")
ANSWERS = text("""
    INSERT INTO answer (assessment_id, criterion_id, building_id, state)
    SELECT
        visit.id, criterion.id, CASE WHEN criterion.scope IN ('building', 'room') THEN block.id END,
        (ARRAY['meets', 'meets', 'partly', 'fails', 'not_applicable'])[1 + (visit.id * 7 + criterion.id * 13) % 5]
    FROM assessment AS visit
    JOIN criterion ON criterion.edition_id = visit.edition_id AND criterion.grouping <> 'protection'
    LEFT JOIN LATERAL (
        SELECT id FROM building WHERE school_id = visit.school_id ORDER BY code LIMIT 1
    ) AS block ON true
    WHERE visit.source = :source
""")
REMOVE = text("DELETE FROM assessment WHERE source = :source")


def _triggers(session: Session, state: str) -> None:
    """Switch the triggers: nobody audits a measurement, and a million rows would take minutes."""
    for table in TABLES:
        session.execute(text(f"ALTER TABLE {table} {state} TRIGGER USER"))


def add_years(session: Session, first: int, years: int) -> int:
    """Add a self-assessment a school and year, every public criterion answered; return how many answers there are."""
    _triggers(session, "DISABLE")
    session.execute(VISITS, {"source": SOURCE, "first": first, "years": years})
    session.execute(ANSWERS, {"source": SOURCE})
    _triggers(session, "ENABLE")
    session.commit()
    for table in TABLES:
        session.execute(text(f"ANALYZE {table}"))
    return int(session.scalar(text("SELECT count(*) FROM answer")) or 0)


def remove_years(session: Session) -> None:
    """Take them out again."""
    _triggers(session, "DISABLE")
    session.execute(REMOVE, {"source": SOURCE})
    _triggers(session, "ENABLE")
