"""Evidence: photos and documents of assessments; row security says which of them a reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from geodata.records.assessing import EvidenceFacts

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

_FACTS = """
    SELECT one.id, one.assessment_id, visit.school_id, visit.status, one.criterion_id, criterion.code, one.building_id,
        building.code, coalesce(building.name, building.code), one.is_restricted, one.kind, one.media_type,
        one.taken_on, one.title, one.before_id, one.sha256, one.byte_count, one.public_sha256, one.thumbnail_sha256,
        one.width, one.height
    FROM evidence AS one
    JOIN assessment AS visit ON visit.id = one.assessment_id
    LEFT JOIN criterion ON criterion.id = one.criterion_id
    LEFT JOIN building ON building.id = one.building_id
"""


def find(session: Session, number: int) -> EvidenceFacts | None:
    """Return one piece of evidence, None when there is none for this reader."""
    if number >= 2**63:
        return None
    row = session.execute(text(f"{_FACTS} WHERE one.id = :id"), {"id": number}).first()
    return None if row is None else EvidenceFacts(*row)


def by_key(session: Session, key: UUID) -> int | None:
    """Return the evidence that arrived under ``key``."""
    return session.scalar(text("SELECT id FROM evidence WHERE key = CAST(:key AS uuid)"), {"key": str(key)})


def of_visit(session: Session, number: int) -> list[EvidenceFacts]:
    """Return the evidence of an assessment in the order in which it came."""
    return [EvidenceFacts(*row) for row in session.execute(
        text(f"{_FACTS} WHERE one.assessment_id = :id ORDER BY one.id"), {"id": number}
    )]  # fmt: skip


def of_school(session: Session, school_id: int, *, published_only: bool, most: int = 200) -> list[EvidenceFacts]:
    """Return evidence of a school, the newest first; ``published_only``: of published assessments, none protected."""
    shown = "AND visit.status = 'published' AND NOT one.is_restricted" if published_only else ""
    statement = text(
        f"{_FACTS} WHERE visit.school_id = :id {shown} ORDER BY one.taken_on DESC NULLS LAST, one.id DESC LIMIT :most"
    )
    return [EvidenceFacts(*row) for row in session.execute(statement, {"id": school_id, "most": most})]


def add(
    session: Session,
    key: UUID,
    number: int,
    criterion_id: int,
    building_id: int | None,
    content: dict[str, Any],
    *,
    is_protected: bool,
) -> int:
    """Add evidence to an assessment and return its number; ``content`` are the columns that describe the file."""
    statement = text("""
        INSERT INTO evidence (
            key, assessment_id, criterion_id, building_id, is_restricted, kind, media_type, taken_on, title, before_id,
            sha256, byte_count, public_sha256, thumbnail_sha256, width, height
        )
        VALUES (
            CAST(:key AS uuid), :id, :criterion_id, CAST(:building_id AS bigint), :is_restricted, :kind, :media_type,
            :taken_on, :title, CAST(:before_id AS bigint), :sha256, :byte_count, :public_sha256, :thumbnail_sha256,
            CAST(:width AS integer), CAST(:height AS integer)
        )
        RETURNING id
    """)
    values = content | {
        "key": str(key),
        "id": number,
        "criterion_id": criterion_id,
        "building_id": building_id,
        "is_restricted": is_protected,
    }
    return int(session.execute(statement, values).scalar_one())


def remove(session: Session, number: int) -> bool:
    """Take evidence away; False when it is not there or not this reader's to take."""
    return bool(session.execute(text("DELETE FROM evidence WHERE id = :id"), {"id": number}).rowcount)  # type: ignore[attr-defined]


def hashes(session: Session) -> list[str]:
    """Return the SHA-256 of every file that evidence names."""
    statement = text("""
        SELECT DISTINCT name FROM evidence
        CROSS JOIN LATERAL unnest(ARRAY[sha256, public_sha256, thumbnail_sha256]) AS name
        WHERE name IS NOT NULL
    """)
    return list(session.scalars(statement))
