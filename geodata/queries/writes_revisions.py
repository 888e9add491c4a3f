"""Write a verified revision into its school or building; the version is checked in the same statement."""
# ruff: noqa: S608  the statements are put together from constants of the code, never from input

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import text

from geodata.queries.import_targets import inserted, record_of, updated
from geodata.queries.record_facts import BUILDING_FACTS, SCHOOL_FACTS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from geodata.records.revision import Facts

PROVENANCE = """t.provenance || (
    SELECT coalesce(jsonb_object_agg(field, jsonb_strip_nulls(jsonb_build_object(
        'source', r.source, 'date', r.source_date, 'quality', coalesce(survey.quality, 'declared'), 'revision', r.id,
        'survey', survey.id))), '{}')
    FROM jsonb_object_keys(r.changes) AS field
    LEFT JOIN (
        SELECT id, revision_id, CASE method WHEN 'full' THEN 'measured' ELSE 'estimated' END AS quality
        FROM building_survey
    ) AS survey ON survey.revision_id = r.id
    WHERE field <> 'phones'
)"""
"""The source of telephones stands beside them, not in the open. A value that comes of a survey is worth what its method
is worth (``geodata.records.survey.QUALITY``)."""

CHANGE_SCHOOL = text(f"""
    UPDATE school AS t SET
        {updated(SCHOOL_FACTS, "changes")},
        location = CASE WHEN jsonb_exists(r.changes, 'location') THEN ST_SetSRID(ST_MakePoint(
            (r.changes -> 'location' ->> 0)::double precision,
            (r.changes -> 'location' ->> 1)::double precision), 4326) ELSE t.location END,
        provenance = {PROVENANCE}, batch_id = NULL, version = t.version + 1, updated_at = now()
    FROM revision AS r CROSS JOIN LATERAL jsonb_to_record(r.changes) AS f({record_of(SCHOOL_FACTS)})
    WHERE r.id = :id AND t.id = r.school_id AND t.version = :version
""")

CHANGE_BUILDING = text(f"""
    UPDATE building AS t SET
        {updated(BUILDING_FACTS, "changes")},
        provenance = {PROVENANCE}, batch_id = NULL, version = t.version + 1, updated_at = now()
    FROM revision AS r CROSS JOIN LATERAL jsonb_to_record(r.changes) AS f({record_of(BUILDING_FACTS)})
    WHERE r.id = :id AND t.id = r.building_id AND t.version = :version
""")

_NAMES, _VALUES = inserted(BUILDING_FACTS)
ADD_BUILDING = text(f"""
    INSERT INTO building (code, school_id, {_NAMES}, is_synthetic, source, source_date)
    SELECT
        (SELECT school.code || '-' || number FROM generate_series(1, 1000) AS number
            WHERE NOT EXISTS (SELECT FROM building AS other WHERE other.code = school.code || '-' || number)
            ORDER BY number LIMIT 1),
        school.id, {_VALUES}, school.is_synthetic, r.source, r.source_date
    FROM revision AS r
    CROSS JOIN LATERAL jsonb_to_record(r.changes) AS f({record_of(BUILDING_FACTS)})
    JOIN school ON school.id = r.school_id
    WHERE r.id = :id
    RETURNING id
""")


def mark_published(
    session: Session, number: int, version: int, *, reason: str | None, replaced: Facts | None, building_id: int | None
) -> bool:
    """Take a verified revision of ``version`` to published; False when it is another one by now.

    Args:
        replaced: What publication writes over; None for a new building.
        building_id: The building that it changes or has made.
    """
    statement = text("""
        UPDATE revision SET status = 'published', published_at = clock_timestamp(), updated_at = now(),
            version = version + 1, replaced = CAST(:replaced AS jsonb), step_reason = :reason,
            building_id = CAST(:building_id AS bigint)
        WHERE id = :id AND version = :version AND status = 'verified'
    """)
    values = {
        "id": number,
        "version": version,
        "reason": reason,
        "replaced": None if replaced is None else json.dumps(replaced, ensure_ascii=False),
        "building_id": building_id,
    }
    return bool(session.execute(statement, values).rowcount)  # type: ignore[attr-defined]


def change_school(session: Session, number: int, version: int) -> bool:
    """Write a revision into its school of ``version``; False, and nothing written, when the school has another one."""
    return bool(session.execute(CHANGE_SCHOOL, {"id": number, "version": version}).rowcount)  # type: ignore[attr-defined]


def change_building(session: Session, number: int, version: int) -> bool:
    """Write a revision into its building of ``version``; False when that has another one, and nothing is written."""
    return bool(session.execute(CHANGE_BUILDING, {"id": number, "version": version}).rowcount)  # type: ignore[attr-defined]


def add_building(session: Session, number: int) -> int:
    """Add the building of a revision under the next free code of its school and return its id."""
    return int(session.execute(ADD_BUILDING, {"id": number}).scalar_one())
