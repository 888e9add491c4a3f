"""Surveys of buildings; row security says which a reader sees, and who goes on with a draft."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import text

from geodata.records.survey import Survey

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

    from geodata.records.revision import Facts

_COLUMNS = """
    SELECT one.id, one.school_id, school.code, school.name_ky, school.name_ru, school.name_en, one.building_id,
        building.code, building.name, one.method, one.surveyed_on, one.surveyor, one.level, one.facts, one.score,
        one.note, one.document_sha256, one.document_bytes, one.document_name, one.status, one.revision_id, one.version,
        one.last_key, one.created_by, one.updated_at
    FROM building_survey AS one
    JOIN school ON school.id = one.school_id
    JOIN building ON building.id = one.building_id
"""

MODERATE = text("""
    WITH newest AS (
        SELECT DISTINCT ON (building_id) building_id, facts ->> 'vertical' AS vertical
        FROM building_survey WHERE status = 'published'
        ORDER BY building_id, (method = 'full') DESC, surveyed_on DESC, id DESC
    )
    SELECT building_id FROM newest WHERE vertical = 'moderate' ORDER BY building_id
""")


def find(session: Session, number: int) -> Survey | None:
    """Return one survey; None when there is none for this reader."""
    if number >= 2**63:
        return None
    row = session.execute(text(f"{_COLUMNS} WHERE one.id = :id"), {"id": number}).first()
    return None if row is None else Survey(*row)


def of_school(session: Session, school_id: int) -> list[Survey]:
    """Return the surveys of a school's buildings, by building, the newest first."""
    statement = text(
        f'{_COLUMNS} WHERE one.school_id = :id ORDER BY building.code COLLATE "C", one.surveyed_on DESC NULLS FIRST, '
        "one.id DESC LIMIT 500"
    )
    return [Survey(*row) for row in session.execute(statement, {"id": school_id})]


def of_revision(session: Session, revision_id: int) -> int | None:
    """Return the survey that became a change of its building; None: the change has no survey."""
    return session.scalar(text("SELECT id FROM building_survey WHERE revision_id = :id"), {"id": revision_id})


def own_open(session: Session, building_id: int, method: str) -> int | None:
    """Return the survey of that building and method that the session's account has not handed over yet."""
    statement = text("""
        SELECT id FROM building_survey WHERE building_id = :id AND method = :method AND created_by = app_account()
            AND status IN ('draft', 'returned')
    """)
    return session.scalar(statement, {"id": building_id, "method": method})


def add(session: Session, school_id: int, building_id: int, method: str) -> int:
    """Begin a survey of the session's account and return its number."""
    statement = text("""
        INSERT INTO building_survey (school_id, building_id, method, surveyor, created_by)
        SELECT :school_id, :building_id, :method,
            (SELECT display_name FROM account WHERE id = app_account()), app_account()
        RETURNING id
    """)
    values = {"school_id": school_id, "building_id": building_id, "method": method}
    return int(session.execute(statement, values).scalar_one())


def save(
    session: Session,
    number: int,
    base_version: int,
    *,
    facts: Facts,
    surveyed_on: date | None,
    surveyor: str | None,
    note: str | None,
    key: str,
) -> int | None:
    """Write a draft over the one of ``base_version`` and return its new version; None when it has another by now."""
    statement = text("""
        UPDATE building_survey SET facts = CAST(:facts AS jsonb), surveyed_on = :surveyed_on, surveyor = :surveyor,
            note = :note, last_key = CAST(:key AS uuid), version = version + 1, updated_at = now()
        WHERE id = :id AND version = :version AND status IN ('draft', 'returned')
        RETURNING version
    """)
    values = {
        "id": number,
        "version": base_version,
        "facts": json.dumps(facts, ensure_ascii=False),
        "surveyed_on": surveyed_on,
        "surveyor": surveyor,
        "note": note,
        "key": key,
    }
    return session.scalar(statement, values)


def keep_document(session: Session, number: int, sha256: str, byte_count: int, name: str) -> bool:
    """Name the document of a draft; False when it is no draft of this account."""
    return _changed(
        session,
        """
        UPDATE building_survey SET document_sha256 = :sha256, document_bytes = :bytes, document_name = :name,
            updated_at = now()
        WHERE id = :id AND status IN ('draft', 'returned')
        """,
        {"id": number, "sha256": sha256, "bytes": byte_count, "name": name},
    )


def link_revision(session: Session, number: int, version: int, revision_id: int, score: float | None) -> bool:
    """Say which change of the building a draft of ``version`` becomes, and its score; False when it has another."""
    return _changed(
        session,
        """
        UPDATE building_survey SET revision_id = :revision_id, score = CAST(:score AS double precision),
            updated_at = now()
        WHERE id = :id AND version = :version AND status IN ('draft', 'returned')
        """,
        {"id": number, "version": version, "revision_id": revision_id, "score": score},
    )


def remove(session: Session, number: int) -> bool:
    """Take a draft away that was never handed over; False when it is none of this account."""
    return _changed(session, "DELETE FROM building_survey WHERE id = :id", {"id": number})


def _changed(session: Session, statement: str, values: dict[str, Any]) -> bool:
    return bool(session.execute(text(statement), values).rowcount)  # type: ignore[attr-defined]


def own_level(session: Session) -> str:
    """Return the level of the session's account today; "none" where it has none or no more."""
    return session.scalar(text("SELECT coalesce(assessor_level_now(), 'none')")) or "none"


def provenance_of(session: Session, building_id: int) -> dict[str, dict[str, Any]]:
    """Return where single values of a building come from."""
    return session.scalar(text("SELECT provenance FROM building WHERE id = :id"), {"id": building_id}) or {}


def moderately_irregular(session: Session) -> NDArray[np.int64]:
    """Return the buildings whose survey in force found them moderately, not severely, irregular in height."""
    return np.array(list(session.scalars(MODERATE)), dtype=np.int64)


def hashes(session: Session) -> list[str]:
    """Return the SHA-256 of every document that a survey names."""
    statement = text("SELECT DISTINCT document_sha256 FROM building_survey WHERE document_sha256 IS NOT NULL")
    return list(session.scalars(statement))
