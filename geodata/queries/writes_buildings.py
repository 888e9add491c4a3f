"""Write what a committed batch says about buildings, and take it back."""
# ruff: noqa: S608  the statements are put together from constants of the code, never from input

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from geodata.queries.import_targets import BUILDING_COLUMNS, inserted, record_of, updated
from geodata.queries.writes_schools import STAMPED

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_NAMES, _VALUES = inserted(BUILDING_COLUMNS)
_RECORD = record_of(BUILDING_COLUMNS)

ADD = text(f"""
    INSERT INTO building (code, school_id, {_NAMES}, footprint, batch_id, source, source_date, provenance)
    SELECT
        r.key, school.id, {_VALUES},
        ST_GeomFromWKB(decode(r.new ->> 'footprint', 'hex'), 4326),
        r.batch_id, CAST(:source AS text),
        coalesce((r.new -> 'provenance' -> 'row' ->> 'date')::date, CAST(:source_date AS date)),
        coalesce(r.new -> 'provenance', '{{}}')
    FROM import_row AS r
    JOIN school ON school.code = r.new ->> 'school_code'
    CROSS JOIN LATERAL jsonb_to_record(r.new) AS f({_RECORD})
    WHERE r.batch_id = :batch_id AND r.action = 'added'
""")


# By the index on codes: nobody has statistics of rows that this transaction has just written.
NUMBER = text("""
    UPDATE import_row AS r SET record_id = t.id
    FROM building AS t
    WHERE r.batch_id = :batch_id AND r.action = 'added' AND t.code = r.key
""")


def _change(side: str, provenance: str, batch: str) -> str:
    return f"""
        UPDATE building AS t SET
            {updated(BUILDING_COLUMNS, side)},
            footprint = CASE WHEN jsonb_exists(r.{side}, 'footprint')
                THEN ST_GeomFromWKB(decode(r.{side} ->> 'footprint', 'hex'), 4326) ELSE t.footprint END,
            school_id = CASE WHEN jsonb_exists(r.{side}, 'school_code') THEN
                (SELECT school.id FROM school WHERE school.code = r.{side} ->> 'school_code') ELSE t.school_id END,
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
REMOVE = text("""
    DELETE FROM building AS t USING import_row AS r
    WHERE r.batch_id = :batch_id AND r.action = 'added' AND t.id = r.record_id
""")


def apply_buildings(session: Session, batch_id: int, stamp: dict[str, object]) -> None:
    """Add and change the buildings of a batch; ``stamp`` has stamp (JSON), source and source_date."""
    session.execute(ADD, {"batch_id": batch_id, "source": stamp["source"], "source_date": stamp["source_date"]})
    session.execute(NUMBER, {"batch_id": batch_id})
    session.execute(CHANGE, {"batch_id": batch_id, "stamp": stamp["stamp"]})


def revert_buildings(session: Session, batch_id: int) -> None:
    """Restore the buildings that a batch changed and remove those that it added."""
    for statement in (RESTORE, REMOVE):
        session.execute(statement, {"batch_id": batch_id})
