"""Revisions: drafts, their steps, and what waits for whom. Row security and a trigger decide who may do what."""
# ruff: noqa: S608  the statements are put together from constants of the code, never from input

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import text

from geodata.records.revision import Facts, RevisionFacts, RevisionStepFacts

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

Box = Literal["mine", "to_verify", "to_publish", "under_way", "ended"]

_COLUMNS = """
    SELECT r.id, r.kind, r.school_id, r.building_id, r.base_version, r.base, r.changes, r.source, r.source_date,
        r.reason, r.status, r.version, r.created_by, r.created_at, r.updated_at, r.published_at,
        (SELECT account_name FROM revision_step WHERE revision_id = r.id ORDER BY id LIMIT 1),
        school.code, school.name_ky, school.name_ru, school.name_en, building.code, building.name,
        (SELECT step.reason FROM revision_step AS step WHERE step.revision_id = r.id ORDER BY step.id DESC LIMIT 1)
"""
_FROM = """
    FROM revision AS r
    JOIN school ON school.id = r.school_id
    LEFT JOIN building ON building.id = r.building_id
"""


def _theirs(right: str) -> str:
    return (
        f"r.created_by <> (SELECT app_account()) AND ((SELECT app_everywhere('{right}')) "
        f"OR app_in_territory(r.school_id, '{right}'))"
    )


_OWN = "r.created_by = (SELECT app_account())"
BOXES: dict[Box, str] = {
    "mine": f"r.status IN ('draft', 'returned') AND {_OWN}",
    "to_verify": f"r.status = 'submitted' AND {_theirs('verify')}",
    "to_publish": f"r.status = 'verified' AND {_theirs('publish')}",
    "under_way": f"r.status IN ('submitted', 'verified') AND {_OWN}",
    "ended": "r.status IN ('published', 'withdrawn')",
}
"""What lies in each box of somebody's tasks."""

WAITING = " OR ".join(f"({BOXES[box]})" for box in ("mine", "to_verify", "to_publish"))  # type: ignore[index]


def rights_at(session: Session, school_id: int) -> frozenset[str]:
    """Return which of edit, estimate, verify and publish this session holds at a school."""
    statement = text("""
        SELECT wanted FROM unnest(ARRAY['edit', 'estimate', 'verify', 'publish']) AS wanted
        WHERE app_scope() IN ('area', 'national')
            AND (app_everywhere(wanted) OR app_in_territory(:school_id, wanted))
    """)
    return frozenset(session.scalars(statement, {"school_id": school_id}))


def find_revision(session: Session, number: int, *, lock: bool = False) -> RevisionFacts | None:
    """Return a revision, None when there is none or it is not for this reader; ``lock``: nobody else changes it now."""
    if lock:
        held = session.scalar(text("SELECT id FROM revision WHERE id = :id FOR UPDATE"), {"id": number})
        if held is None:
            return None
    row = session.execute(text(f"{_COLUMNS} {_FROM} WHERE r.id = :id"), {"id": number}).first()
    return None if row is None else RevisionFacts(*row)


def own_draft(session: Session, kind: str, school_id: int, building_id: int | None) -> RevisionFacts | None:
    """Return the open draft of the session's account for a record that is there; there is one at most."""
    statement = text(f"""
        {_COLUMNS} {_FROM}
        WHERE {BOXES["mine"]} AND r.kind = :kind AND r.school_id = :school_id
            AND r.building_id IS NOT DISTINCT FROM CAST(:building_id AS bigint)
        ORDER BY r.id DESC LIMIT 1
    """)
    values = {"kind": kind, "school_id": school_id, "building_id": building_id}
    row = session.execute(statement, values).first()
    return None if row is None else RevisionFacts(*row)


def others_under_way(session: Session, kind: str, school_id: int, building_id: int | None) -> list[RevisionFacts]:
    """Return changes of the same record that others have submitted, newest first."""
    statement = text(f"""
        {_COLUMNS} {_FROM}
        WHERE r.status IN ('submitted', 'verified') AND r.created_by IS DISTINCT FROM (SELECT app_account())
            AND r.kind = :kind AND r.school_id = :school_id
            AND r.building_id IS NOT DISTINCT FROM CAST(:building_id AS bigint)
        ORDER BY r.id DESC LIMIT 20
    """)
    values = {"kind": kind, "school_id": school_id, "building_id": building_id}
    return [RevisionFacts(*row) for row in session.execute(statement, values)]


def add_draft(session: Session, kind: str, school_id: int, building_id: int | None) -> int:
    """Add an empty draft of the session's account and return its number."""
    statement = text("""
        INSERT INTO revision (kind, school_id, building_id, created_by)
        VALUES (:kind, :school_id, CAST(:building_id AS bigint), app_account()) RETURNING id
    """)
    values = {"kind": kind, "school_id": school_id, "building_id": building_id}
    return int(session.execute(statement, values).scalar_one())


def save_draft(
    session: Session,
    number: int,
    version: int,
    *,
    base_version: int | None,
    base: Facts,
    changes: Facts,
    source: str | None,
    source_date: date | None,
    reason: str | None,
) -> bool:
    """Write a draft over the one of ``version``; False when it is of another version by now, and nothing is written."""
    statement = text("""
        UPDATE revision SET base_version = :base_version, base = CAST(:base AS jsonb),
            changes = CAST(:changes AS jsonb), source = :source, source_date = :source_date, reason = :reason,
            version = version + 1, updated_at = now()
        WHERE id = :id AND version = :version
    """)
    values: dict[str, Any] = {
        "id": number,
        "version": version,
        "base_version": base_version,
        "base": json.dumps(base, ensure_ascii=False),
        "changes": json.dumps(changes, ensure_ascii=False),
        "source": source,
        "source_date": source_date,
        "reason": reason,
    }
    return bool(session.execute(statement, values).rowcount)  # type: ignore[attr-defined]


def take_step(session: Session, number: int, version: int, status: str, to: str, reason: str | None) -> bool:
    """Take a revision from ``status`` to ``to``; False when it has another version or status by now.

    Publication is a step of its own, see ``geodata.queries.writes_revisions``.
    """
    statement = text("""
        UPDATE revision SET status = :to, step_reason = :reason, version = version + 1, updated_at = now()
        WHERE id = :id AND version = :version AND status = :status
    """)
    values = {"id": number, "version": version, "status": status, "to": to, "reason": reason}
    return bool(session.execute(statement, values).rowcount)  # type: ignore[attr-defined]


def steps(session: Session, number: int) -> list[RevisionStepFacts]:
    """Return the steps of a revision so far, the first first."""
    statement = text(
        "SELECT at, account_name, from_status, to_status, reason FROM revision_step WHERE revision_id = :id ORDER BY id"
    )
    return [RevisionStepFacts(*row) for row in session.execute(statement, {"id": number})]


def in_box(session: Session, box: Box, limit: int = 50, offset: int = 0) -> list[RevisionFacts]:
    """Return one page of a box: what waits longest first, what has ended newest first."""
    order = "r.updated_at DESC, r.id DESC" if box == "ended" else "r.updated_at, r.id"
    statement = text(f"{_COLUMNS} {_FROM} WHERE {BOXES[box]} ORDER BY {order} LIMIT :limit OFFSET :offset")
    return [RevisionFacts(*row) for row in session.execute(statement, {"limit": limit, "offset": offset})]


def count_boxes(session: Session) -> dict[Box, int]:
    """Return how many revisions lie in each box."""
    counts = ", ".join(f"count(*) FILTER (WHERE {rule})" for rule in BOXES.values())
    row = session.execute(text(f"SELECT {counts} FROM revision AS r")).one()
    return dict(zip(BOXES, row, strict=True))
