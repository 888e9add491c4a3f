"""Write what a committed batch answers, each answer into the table of its field class, and take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TABLES = (("answer", "<>"), ("restricted_answer", "="))
"""Answers of group protection are restricted: never public, on any channel."""

ADD_VISITS = text("""
    INSERT INTO assessment (school_id, edition_id, kind, assessed_on, assessor, status, batch_id, source, is_synthetic)
    SELECT
        school.id, edition.id, split_part(r.key, '|', 4), split_part(r.key, '|', 5)::date,
        max(r.new ->> 'assessor'), 'published', r.batch_id, CAST(:source AS text),
        coalesce(bool_or((r.new ->> 'is_synthetic')::boolean), false)
    FROM import_row AS r
    JOIN school ON school.code = split_part(r.key, '|', 1)
    JOIN standard_edition AS edition ON edition.is_current
    WHERE r.batch_id = :batch_id AND r.action = 'added'
    GROUP BY school.id, edition.id, split_part(r.key, '|', 4), split_part(r.key, '|', 5), r.batch_id
    ON CONFLICT (school_id, edition_id, kind, assessed_on) DO NOTHING
""")

PLACE = """
    FROM import_row AS r
    JOIN school ON school.code = split_part(r.key, '|', 1)
    JOIN standard_edition AS edition ON edition.is_current
    JOIN criterion ON criterion.edition_id = edition.id AND criterion.code = split_part(r.key, '|', 2)
    LEFT JOIN building ON building.code = nullif(split_part(r.key, '|', 3), '')
    JOIN assessment AS visit
        ON visit.school_id = school.id AND visit.edition_id = edition.id
        AND visit.kind = split_part(r.key, '|', 4) AND visit.assessed_on = split_part(r.key, '|', 5)::date
"""

ADD = """
    INSERT INTO {table} (assessment_id, criterion_id, building_id, state, value, room_share, note, batch_id)
    SELECT
        visit.id, criterion.id, building.id, r.new ->> 'state', (r.new ->> 'value')::double precision,
        (r.new ->> 'room_share')::double precision, r.new ->> 'note', r.batch_id
    {place}
    WHERE r.batch_id = :batch_id AND r.action = 'added' AND criterion.grouping {comparison} 'protection'
"""

NUMBER = """
    UPDATE import_row AS mine SET record_id = found.id
    FROM (
        SELECT r.row_number, r.part, t.id
        {place}
        JOIN {table} AS t ON t.assessment_id = visit.id AND t.criterion_id = criterion.id
            AND (t.building_id = building.id OR (t.building_id IS NULL AND building.id IS NULL))
        WHERE r.batch_id = :batch_id AND r.action = 'added'
    ) AS found
    WHERE mine.batch_id = :batch_id AND mine.row_number = found.row_number AND mine.part = found.part
"""

CHANGE = """
    UPDATE {table} AS t SET
        state = coalesce(r.{side} ->> 'state', t.state),
        value = CASE WHEN jsonb_exists(r.{side}, 'value')
            THEN (r.{side} ->> 'value')::double precision ELSE t.value END,
        room_share = CASE WHEN jsonb_exists(r.{side}, 'room_share')
            THEN (r.{side} ->> 'room_share')::double precision ELSE t.room_share END,
        note = CASE WHEN jsonb_exists(r.{side}, 'note') THEN r.{side} ->> 'note' ELSE t.note END,
        batch_id = {batch}
    FROM import_row AS r
    JOIN standard_edition AS edition ON edition.is_current
    JOIN criterion ON criterion.edition_id = edition.id AND criterion.code = split_part(r.key, '|', 2)
    WHERE r.batch_id = :batch_id AND r.action = 'changed' AND t.id = r.record_id AND t.criterion_id = criterion.id
        AND criterion.grouping {comparison} 'protection'
"""

CHANGE_VISITS = """
    UPDATE assessment AS visit SET assessor = r.{side} ->> 'assessor', updated_at = now()
    FROM import_row AS r
    JOIN school ON school.code = split_part(r.key, '|', 1)
    JOIN standard_edition AS edition ON edition.is_current
    WHERE r.batch_id = :batch_id AND r.action = 'changed' AND jsonb_exists(r.{side}, 'assessor')
        AND visit.school_id = school.id AND visit.edition_id = edition.id
        AND visit.kind = split_part(r.key, '|', 4) AND visit.assessed_on = split_part(r.key, '|', 5)::date
"""

REMOVE = """
    DELETE FROM {table} AS t USING import_row AS r
    WHERE r.batch_id = :batch_id AND r.action = 'added' AND t.id = r.record_id AND t.batch_id = :batch_id
"""
REMOVE_VISITS = text("""
    DELETE FROM assessment AS visit
    WHERE visit.batch_id = :batch_id
        AND NOT EXISTS (SELECT FROM answer WHERE assessment_id = visit.id)
        AND visit.id NOT IN (SELECT assessment_id FROM restricted_answer_keys())
""")


def apply_answers(session: Session, batch_id: int, stamp: dict[str, object]) -> None:
    """Add and change the answers of a batch, with the assessments (school, kind, date) that they belong to."""
    session.execute(ADD_VISITS, {"batch_id": batch_id, "source": stamp["source"]})
    for table, comparison in TABLES:
        for statement in (ADD, NUMBER):
            placed = statement.format(table=table, comparison=comparison, place=PLACE)
            session.execute(text(placed), {"batch_id": batch_id})
        changed = CHANGE.format(table=table, comparison=comparison, side="new", batch="r.batch_id")
        session.execute(text(changed), {"batch_id": batch_id})
    session.execute(text(CHANGE_VISITS.format(side="new")), {"batch_id": batch_id})


def revert_answers(session: Session, batch_id: int) -> None:
    """Restore the answers that a batch changed, remove those that it added and assessments left without any."""
    for table, comparison in TABLES:
        batch = "(r.old -> '_' ->> 'batch')::bigint"
        restored = CHANGE.format(table=table, comparison=comparison, side="old", batch=batch)
        session.execute(text(restored), {"batch_id": batch_id})
        session.execute(text(REMOVE.format(table=table)), {"batch_id": batch_id})
    session.execute(text(CHANGE_VISITS.format(side="old")), {"batch_id": batch_id})
    session.execute(REMOVE_VISITS, {"batch_id": batch_id})
