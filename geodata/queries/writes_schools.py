"""Write what a committed batch says about schools, and take it back."""
# ruff: noqa: S608  the statements are put together from constants of the code, never from input

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from geodata.queries import contacts
from geodata.queries.import_targets import SCHOOL_COLUMNS, inserted, record_of, updated

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_NAMES, _VALUES = inserted(SCHOOL_COLUMNS)
_RECORD = record_of(SCHOOL_COLUMNS)

STAMPED = """(
    SELECT coalesce(jsonb_object_agg(stated, CAST(:stamp AS jsonb)), '{}')
    FROM jsonb_object_keys(r.new) AS stated
    WHERE stated NOT IN ('provenance', 'other_codes', 'successors', 'boundary_quality', 'phones', '_')
)"""
"""Provenance of the fields that a later file changed: the row's own source holds for the others."""

ADD = text(f"""
    INSERT INTO school (code, {_NAMES}, location, area_id, batch_id, source, source_date, provenance)
    SELECT
        r.key, {_VALUES},
        ST_SetSRID(ST_MakePoint(
            (r.new -> 'location' ->> 0)::double precision, (r.new -> 'location' ->> 1)::double precision), 4326),
        area.id, r.batch_id, CAST(:source AS text),
        coalesce((r.new -> 'provenance' -> 'row' ->> 'date')::date, CAST(:source_date AS date)),
        coalesce(r.new -> 'provenance', '{{}}')
    FROM import_row AS r
    CROSS JOIN LATERAL jsonb_to_record(r.new) AS f({_RECORD})
    LEFT JOIN area ON area.code = r.new ->> 'area_code'
    WHERE r.batch_id = :batch_id AND r.action = 'added'
""")


# By the index on codes: nobody has statistics of rows that this transaction has just written.
NUMBER = text("""
    UPDATE import_row AS r SET record_id = t.id
    FROM school AS t
    WHERE r.batch_id = :batch_id AND r.action = 'added' AND t.code = r.key
""")


def _change(side: str, provenance: str, batch: str) -> str:
    return f"""
        UPDATE school AS t SET
            {updated(SCHOOL_COLUMNS, side)},
            location = CASE WHEN jsonb_exists(r.{side}, 'location') THEN ST_SetSRID(ST_MakePoint(
                (r.{side} -> 'location' ->> 0)::double precision,
                (r.{side} -> 'location' ->> 1)::double precision), 4326) ELSE t.location END,
            area_id = CASE WHEN jsonb_exists(r.{side}, 'area_code') THEN
                (SELECT area.id FROM area WHERE area.code = r.{side} ->> 'area_code') ELSE t.area_id END,
            provenance = {provenance},
            batch_id = {batch},
            version = t.version + 1,
            updated_at = now()
        FROM import_row AS r
        CROSS JOIN LATERAL jsonb_to_record(r.{side}) AS f({_RECORD})
        WHERE r.batch_id = :batch_id AND r.action = 'changed' AND t.id = r.record_id
    """


CHANGE = text(_change("new", f"t.provenance || {STAMPED} || coalesce(r.new -> 'provenance', '{{}}')", "r.batch_id"))
RESTORE = text(_change("old", "r.old -> '_' -> 'provenance'", "(r.old -> '_' ->> 'batch')::bigint"))

ADD_CODES = text("""
    INSERT INTO school_code (school_id, register, code, source, source_date)
    SELECT r.record_id, other.key, other.value, CAST(:source AS text), CAST(:source_date AS date)
    FROM import_row AS r
    CROSS JOIN LATERAL jsonb_each_text(r.new -> 'other_codes') AS other
    WHERE r.batch_id = :batch_id AND r.action IN ('added', 'changed') AND jsonb_exists(r.new, 'other_codes')
    ON CONFLICT (school_id, register) DO UPDATE
        SET code = excluded.code, source = excluded.source, source_date = excluded.source_date
        WHERE school_code.code <> excluded.code
""")
REMOVE_CODES = text("""
    DELETE FROM school_code AS c
    USING import_row AS r
    WHERE r.batch_id = :batch_id AND r.action = 'changed' AND c.school_id = r.record_id
        AND jsonb_exists(r.new -> 'other_codes', c.register)
        AND NOT jsonb_exists(coalesce(r.old -> 'other_codes', '{}'), c.register)
""")
RESTORE_CODES = text("""
    UPDATE school_code AS c SET code = r.old -> 'other_codes' ->> c.register
    FROM import_row AS r
    WHERE r.batch_id = :batch_id AND r.action = 'changed' AND c.school_id = r.record_id
        AND jsonb_exists(r.old -> 'other_codes', c.register)
""")
REMOVE = text("""
    DELETE FROM school AS t USING import_row AS r
    WHERE r.batch_id = :batch_id AND r.action = 'added' AND t.id = r.record_id
""")


def apply_schools(session: Session, batch_id: int, stamp: dict[str, object]) -> None:
    """Add and change the schools of a batch; ``stamp`` has stamp (JSON), source and source_date."""
    session.execute(ADD, {"batch_id": batch_id, "source": stamp["source"], "source_date": stamp["source_date"]})
    session.execute(NUMBER, {"batch_id": batch_id})
    session.execute(CHANGE, {"batch_id": batch_id, "stamp": stamp["stamp"]})
    session.execute(ADD_CODES, {"batch_id": batch_id, "source": stamp["source"], "source_date": stamp["source_date"]})
    contacts.apply_contacts(session, batch_id, stamp)


def revert_schools(session: Session, batch_id: int) -> None:
    """Restore the schools that a batch changed and remove those that it added."""
    contacts.revert_contacts(session, batch_id)
    for statement in (RESTORE, REMOVE_CODES, RESTORE_CODES, REMOVE):
        session.execute(statement, {"batch_id": batch_id})
