"""Compare a checked file with what is stored, in the database: one COPY in, one statement over all rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from geodata.queries.import_targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

MAKE_STAGE = """
    CREATE TEMP TABLE IF NOT EXISTS import_stage (
        row_number integer, part smallint, key text, facts jsonb, UNIQUE (key)
    ) ON COMMIT DELETE ROWS
"""

# A file that repeats the stored point says nothing new about how that point was found.
COMPARE = """
    WITH stored AS MATERIALIZED ({stored})
    INSERT INTO import_row (batch_id, row_number, part, action, key, record_id, old, new)
    SELECT
        :batch_id, s.row_number, s.part,
        CASE WHEN t.id IS NULL THEN 'added' WHEN difference.new IS NULL THEN 'unchanged' ELSE 'changed' END,
        s.key, t.id,
        CASE WHEN t.id IS NOT NULL THEN
            coalesce(difference.old, '{{}}') || jsonb_build_object('_', jsonb_strip_nulls(jsonb_build_object(
                'batch', t.batch_id, 'version', t.version,
                'provenance', CASE WHEN difference.new IS NOT NULL THEN t.provenance END)))
        END,
        CASE WHEN t.id IS NULL THEN s.facts ELSE difference.new END
    FROM import_stage AS s
    LEFT JOIN stored AS t ON t.row_number = s.row_number AND t.part = s.part
    LEFT JOIN LATERAL (
        SELECT
            jsonb_object_agg(stated.key, coalesce(t.facts -> stated.key, 'null')) AS old,
            jsonb_object_agg(stated.key, stated.value) AS new
        FROM jsonb_each(s.facts) AS stated
        WHERE coalesce(t.facts -> stated.key, 'null') IS DISTINCT FROM
            CASE WHEN stated.key = ANY(:merged) THEN (t.facts -> stated.key) || stated.value ELSE stated.value END
            AND NOT (stated.key = 'location_quality' AND s.facts -> 'location' = t.facts -> 'location')
    ) AS difference ON t.id IS NOT NULL
"""

MOVED = """
    WITH stored AS MATERIALIZED ({stored})
    SELECT r.row_number, r.key
    FROM import_row AS r
    LEFT JOIN stored AS t ON t.row_number = r.row_number AND t.part = r.part
    WHERE r.batch_id = :batch_id AND (
        (r.action = 'added' AND t.id IS NOT NULL)
        OR (r.action <> 'added' AND (
            t.id IS NULL
            OR t.batch_id IS DISTINCT FROM (r.old -> '_' ->> 'batch')::bigint
            OR t.version IS DISTINCT FROM (r.old -> '_' ->> 'version')::integer)))
    ORDER BY r.row_number
    LIMIT :most
"""

COUNTS = text("""
    SELECT
        count(*) FILTER (WHERE action = 'added') AS added,
        count(*) FILTER (WHERE action IN ('changed', 'closed')) AS changed,
        count(*) FILTER (WHERE action = 'unchanged') AS unchanged
    FROM import_row WHERE batch_id = :batch_id
""")

FROZEN = text("""
    DELETE FROM import_row AS r
    USING school, standard_edition AS edition, assessment AS visit
    WHERE r.batch_id = :batch_id AND r.action IN ('added', 'changed') AND edition.is_current
        AND school.code = split_part(r.key, '|', 1)
        AND visit.school_id = school.id AND visit.edition_id = edition.id AND visit.kind = split_part(r.key, '|', 4)
        AND visit.assessed_on = split_part(r.key, '|', 5)::date
        AND EXISTS (SELECT FROM campaign_visit WHERE campaign_visit.assessment_id = visit.id)
    RETURNING r.row_number, r.key
""")

ComparedCounts = tuple[int, int, int]


def stage(session: Session, rows: Iterable[tuple[int, int, str, dict[str, Any]]]) -> None:
    """Put (row number, part, key, facts) into the staging table of this transaction; keys are unique."""
    session.execute(text(MAKE_STAGE))
    session.execute(text("TRUNCATE import_stage"))
    connection = session.connection().connection.driver_connection
    assert connection is not None
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY import_stage (row_number, part, key, facts) FROM STDIN") as copy,
    ):
        for row_number, part, key, facts in rows:
            copy.write_row((row_number, part, key, json.dumps(facts, ensure_ascii=False)))
    session.execute(text("ANALYZE import_stage"))


def compare(session: Session, batch_id: int, kind: str) -> ComparedCounts:
    """Write an ``import_row`` for each staged row and return how many are added, changed and unchanged."""
    target = TARGETS[kind]
    statement = text(COMPARE.format(stored=target.stored))
    session.execute(statement, {"batch_id": batch_id, "merged": list(target.merged)})
    return count(session, batch_id)


def leave_out_frozen(session: Session, batch_id: int) -> list[tuple[int, str]]:
    """Take the rows of answers out of a batch whose assessment a closed campaign counted; return (row number, key)."""
    return sorted((row.row_number, row.key) for row in session.execute(FROZEN, {"batch_id": batch_id}))


def count(session: Session, batch_id: int) -> ComparedCounts:
    """Return how many records a batch adds, changes (closes included) and leaves as they are."""
    found = session.execute(COUNTS, {"batch_id": batch_id}).one()
    return found.added, found.changed, found.unchanged


def moved_rows(session: Session, batch_id: int, kind: str, most: int = 20) -> list[tuple[int, str]]:
    """Return (row number, key) of rows whose record is no longer as the check saw it."""
    session.execute(text(MAKE_STAGE))
    session.execute(text("TRUNCATE import_stage"))
    session.execute(
        text("""
            INSERT INTO import_stage (row_number, part, key)
            SELECT row_number, part, key FROM import_row WHERE batch_id = :batch_id
        """),
        {"batch_id": batch_id},
    )
    session.execute(text("ANALYZE import_stage"))
    found = session.execute(text(MOVED.format(stored=TARGETS[kind].stored)), {"batch_id": batch_id, "most": most}).all()
    return [(row.row_number, row.key) for row in found]
