"""Write editions of the standard: the shipped one, its guidance, and the hash of what an edition says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from geodata.models import Criterion, CriterionGuidance, StandardDomain, StandardEdition
from geodata.records.standard import (
    CRITERION_COLUMNS,
    DETAIL_FIELDS,
    EDITION_FIELDS,
    GUIDANCE_FIELDS,
    RESPONSIBILITY_FIELDS,
    content_sha256,
)
from geodata.validation.context import KnownEdition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

OF_CRITERION = ("code", *CRITERION_COLUMNS)


def add_edition(session: Session, edition: Mapping[str, Any]) -> int:
    """Add the shipped edition with its domains and criteria; the first one becomes the current one.

    A known one stays as it is. One that was stored before anybody stated who answers for its criteria is completed
    once, when all else is the same.

    Raises:
        ValueError: The edition's code is known with other content: used editions never change.
    """
    known = session.execute(
        select(StandardEdition.id, StandardEdition.sha256).where(StandardEdition.code == edition["code"])
    ).first()
    if known:
        if known.sha256 != edition["sha256"] and not _complete(session, known.id, edition):
            raise ValueError(f"edition {edition['code']} has changed; a change needs a new edition")
        return int(known.id)
    facts = {key: value for key, value in edition.items() if key not in ("domains", "criteria")}
    is_first = session.scalar(select(func.count()).select_from(StandardEdition)) == 0
    edition_id = session.scalar(
        insert(StandardEdition).values(**facts, is_current=is_first).returning(StandardEdition.id)
    )
    assert edition_id is not None
    session.execute(insert(StandardDomain), [row | {"edition_id": edition_id} for row in edition["domains"]])
    session.execute(insert(Criterion), [row | {"edition_id": edition_id} for row in edition["criteria"]])
    return edition_id


def _complete(session: Session, edition_id: int, edition: Mapping[str, Any]) -> bool:
    """Fill in what was not stated; return False when anything else differs or something was stated already."""
    stored = {row["code"]: row for row in content_rows(session, edition_id)}
    given = {row["code"]: row for row in edition["criteria"]}
    others = [name for name in (*OF_CRITERION, *DETAIL_FIELDS) if name not in RESPONSIBILITY_FIELDS]
    if stored.keys() != given.keys() or any(row["responsible_body"] for row in stored.values()):
        return False
    for code, row in given.items():
        flat = row["details"] | row
        if any(stored[code][name] != flat.get(name) for name in others):
            return False
    session.execute(
        update(StandardEdition).where(StandardEdition.id == edition_id).values(sha256=edition["sha256"])
    )  # first: the hash may change only while something is not stated
    for code, row in given.items():
        values = {name: row.get(name) for name in RESPONSIBILITY_FIELDS}
        where = (Criterion.edition_id == edition_id, Criterion.code == code)
        session.execute(update(Criterion).where(*where).values(**values))
    return True


def add_guidance(session: Session, edition_id: int, guidance: Mapping[str, Mapping[str, str]]) -> None:
    """Set the shipped guidance by code of the criterion; what somebody brought in by a file stays."""
    found = session.execute(select(Criterion.code, Criterion.id).where(Criterion.edition_id == edition_id))
    ids = {row.code: row.id for row in found}
    rows = [{"criterion_id": ids[code], **facts} for code, facts in guidance.items() if code in ids]
    if not rows:
        return
    given = upsert(CriterionGuidance).values(rows)
    changed = {name: given.excluded[name] for name in (*GUIDANCE_FIELDS, "status")}
    held = [getattr(CriterionGuidance, name) for name in changed]
    differs = func.row(*held).is_distinct_from(func.row(*changed.values()))
    session.execute(
        given.on_conflict_do_update(
            index_elements=["criterion_id"],
            set_=changed | {"updated_at": func.now()},
            where=CriterionGuidance.batch_id.is_(None) & differs,
        )
    )


CONTENT_ROWS = text("""
    SELECT to_jsonb(edition) - 'id' AS edition, to_jsonb(domain) AS domain, to_jsonb(criterion) AS criterion
    FROM criterion
    JOIN standard_edition AS edition ON edition.id = criterion.edition_id
    LEFT JOIN standard_domain AS domain
        ON domain.edition_id = criterion.edition_id AND domain.code = criterion.domain_code
    WHERE criterion.edition_id = :edition
    ORDER BY criterion.position, criterion.code
""")


def content_rows(session: Session, edition_id: int) -> list[dict[str, Any]]:
    """Return what an edition says: of each criterion in order, every field of ``CONTENT`` by name."""
    found = []
    for row in session.execute(CONTENT_ROWS, {"edition": edition_id}):
        domain = row.domain or {}
        flat = {name: row.edition[name] for name in EDITION_FIELDS}
        flat |= {f"domain_{name}": domain.get(f"name_{name}") for name in ("ky", "ru", "en")}
        flat["domain_position"] = domain.get("position")
        flat |= {name: row.criterion["details"].get(name) for name in DETAIL_FIELDS}
        flat |= {name: row.criterion[name] for name in OF_CRITERION}
        found.append(flat)
    return found


GUIDANCE_ROWS = text("""
    SELECT criterion.code, to_jsonb(guidance) AS guidance
    FROM criterion JOIN criterion_guidance AS guidance ON guidance.criterion_id = criterion.id
    WHERE criterion.edition_id = :edition
""")


def record_rows(session: Session, edition_id: int) -> list[dict[str, Any]]:
    """Return the criteria of an edition with their guidance: every field of a ``CriterionRecord`` but the edition."""
    guidance = {row.code: row.guidance for row in session.execute(GUIDANCE_ROWS, {"edition": edition_id})}
    found = []
    for row in content_rows(session, edition_id):
        told = guidance.get(row["code"], {})
        found.append(row | {name: told.get(name) for name in GUIDANCE_FIELDS} | {"guidance_status": told.get("status")})
    return found


def known_editions(session: Session) -> dict[str, KnownEdition]:
    """Return every edition by code, with what the check of a file has to know of it."""
    is_used = func.edition_is_used(StandardEdition.id, True).label("is_used")
    found = session.execute(select(StandardEdition.id, StandardEdition.code, is_used)).all()
    return {
        row.code: KnownEdition(row.is_used, {one["code"]: one for one in record_rows(session, row.id)}) for row in found
    }


def set_hash(session: Session, edition_id: int) -> str:
    """Compute the hash of an edition from its rows, keep it, and return it."""
    code = session.scalar(select(StandardEdition.code).where(StandardEdition.id == edition_id))
    found = content_sha256(str(code), content_rows(session, edition_id))
    session.execute(update(StandardEdition).where(StandardEdition.id == edition_id).values(sha256=found))
    return found
