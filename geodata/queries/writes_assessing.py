"""Write assessments while they are answered: begin one, take the last answers over, keep an answer, take a step."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

TABLES = {False: "answer", True: "restricted_answer"}
"""Where answers stand, by whether their criterion is of the protection group."""

TAKE_OVER = """
    INSERT INTO {table} (assessment_id, criterion_id, building_id, state, value, room_share, note, evidence_on)
    SELECT
        CAST(:id AS bigint), last.criterion_id, last.building_id, last.state, last.value, last.room_share, last.note,
        last.evidence_on
    FROM (
        SELECT DISTINCT ON (given.criterion_id, given.building_id)
            given.criterion_id, given.building_id, given.state, given.value, given.room_share, given.note,
            coalesce(given.evidence_on, visit.assessed_on) AS evidence_on
        FROM {table} AS given
        JOIN assessment AS visit ON visit.id = given.assessment_id
        WHERE visit.school_id = :school_id AND visit.edition_id = :edition_id AND visit.status = 'published'
        ORDER BY given.criterion_id, given.building_id, coalesce(given.evidence_on, visit.assessed_on) DESC,
            visit.id DESC
    ) AS last
    WHERE last.state <> 'unknown'
    ON CONFLICT DO NOTHING
"""

ADD = """
    INSERT INTO {table} (
        assessment_id, criterion_id, building_id, state, value, room_share, note, evidence_on, answered_at
    )
    VALUES (:id, :criterion_id, CAST(:building_id AS bigint), :state, CAST(:value AS double precision),
        CAST(:room_share AS double precision), :note, :evidence_on, :answered_at)
    ON CONFLICT DO NOTHING
    RETURNING version
"""

CHANGE = """
    UPDATE {table} SET state = :state, value = CAST(:value AS double precision),
        room_share = CAST(:room_share AS double precision), note = :note, evidence_on = :evidence_on,
        answered_at = :answered_at, version = version + 1
    WHERE assessment_id = :id AND criterion_id = :criterion_id
        AND building_id IS NOT DISTINCT FROM CAST(:building_id AS bigint) AND version = :base_version
    RETURNING version
"""

NOTE = """
    INSERT INTO answer_change (
        key, assessment_id, criterion_id, building_id, is_restricted, kind, account_id, version, content, answered_at
    )
    SELECT CAST(:key AS uuid), :id, :criterion_id, CAST(:building_id AS bigint), :is_restricted, :kind, app_account(),
        {version},
        CAST(:content AS jsonb) || jsonb_build_object(
            'by', (SELECT coalesce(display_name, name) FROM account WHERE id = app_account()),
            'level', coalesce(assessor_level_now(), 'none')
        ),
        :answered_at
    {source}
    ON CONFLICT (key) DO NOTHING
    RETURNING key
"""
NOTE_CHANGE = text(NOTE.format(version="CAST(:version AS integer)", source=""))

KEEP = """
    WITH kept AS ({write}),
    noted AS ({note})
    SELECT kept.version, noted.key IS NOT NULL FROM kept LEFT JOIN noted ON true
"""
"""Answer and note in one statement: on a device's way home each round trip counts."""


def add_visit(session: Session, school_id: int, edition_id: int, kind: str, assessed_on: date) -> int | None:
    """Begin an assessment as a draft and return its number; None when there is one of that kind and day."""
    statement = text("""
        INSERT INTO assessment (school_id, edition_id, kind, assessed_on, status, is_synthetic)
        SELECT id, :edition_id, :kind, :assessed_on, 'draft', is_synthetic FROM school WHERE id = :school_id
        ON CONFLICT (school_id, edition_id, kind, assessed_on) DO NOTHING
        RETURNING id
    """)
    values = {"school_id": school_id, "edition_id": edition_id, "kind": kind, "assessed_on": assessed_on}
    return session.scalar(statement, values)


def take_over(session: Session, number: int, school_id: int, edition_id: int) -> None:
    """Fill a new assessment with the last published answers, each with the day of its evidence."""
    values = {"id": number, "school_id": school_id, "edition_id": edition_id}
    for table in TABLES.values():
        session.execute(text(TAKE_OVER.format(table=table)), values)


def keep_answer(
    session: Session,
    number: int,
    criterion_id: int,
    building_id: int | None,
    content: dict[str, Any],
    *,
    key: str,
    is_protected: bool,
    base_version: int,
    answered_at: datetime,
) -> tuple[int, bool] | None:
    """Write an answer over the one of ``base_version`` (0: there was none), and down under ``key`` who sent it.

    Returns its new version, and whether the key is new: if not, the caller takes the transaction back. None when the
    answer is of another version by now; then nothing is written.
    """
    values = content | {
        "id": number,
        "criterion_id": criterion_id,
        "building_id": building_id,
        "base_version": base_version,
        "answered_at": answered_at,
        "key": key,
        "is_restricted": is_protected,
        "kind": "answer",
        "content": json.dumps(content, ensure_ascii=False, default=str),
    }
    write = (CHANGE if base_version else ADD).format(table=TABLES[is_protected])
    statement = KEEP.format(write=write, note=NOTE.format(version="kept.version", source="FROM kept"))
    row = session.execute(text(statement), values).first()
    return None if row is None else (row[0], row[1])


def note_change(
    session: Session,
    key: str,
    number: int,
    criterion_id: int | None,
    building_id: int | None,
    content: dict[str, Any],
    *,
    kind: str,
    is_protected: bool,
    version: int | None,
    answered_at: datetime | None,
) -> bool:
    """Write down who sent a change under its key; False when this key has arrived before."""
    values = {
        "key": key,
        "id": number,
        "criterion_id": criterion_id,
        "building_id": building_id,
        "is_restricted": is_protected,
        "kind": kind,
        "version": version,
        "content": json.dumps(content, ensure_ascii=False, default=str),
        "answered_at": answered_at,
    }
    return session.scalar(NOTE_CHANGE, values) is not None


def take_step(session: Session, number: int, status: str, to: str) -> bool:
    """Take an assessment from ``status`` to ``to``; False when it stands elsewhere by now."""
    statement = text("""
        UPDATE assessment SET status = :to, updated_at = now() WHERE id = :id AND status = :status
    """)
    return bool(session.execute(statement, {"id": number, "status": status, "to": to}).rowcount)  # type: ignore[attr-defined]
