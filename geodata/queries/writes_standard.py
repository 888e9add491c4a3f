"""Write a file that holds an edition of the standard, and take it back: edition, domains, criteria, guidance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from geodata.models import Criterion, CriterionGuidance, ImportRow, StandardDomain, StandardEdition
from geodata.queries.standard_editions import set_hash
from geodata.records.standard import CRITERION_COLUMNS, DETAIL_FIELDS, EDITION_FIELDS, GUIDANCE_FIELDS, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    Facts = Mapping[str, Any]

GUIDANCE = (*GUIDANCE_FIELDS, "guidance_status")


def apply_standard(session: Session, batch_id: int, stamp: dict[str, object]) -> None:
    """Add and change the criteria of a batch, with the edition (a draft) and the domains that they belong to."""
    rows = _rows(session, batch_id)
    if not rows:
        return
    edition_id = _edition(session, batch_id, rows, stamp)
    if edition_id is None:
        return
    _set_domains(session, edition_id, [row.new for row in rows])
    for row in rows:
        if row.action == "added":
            values = _criterion(row.new, {}) | {"edition_id": edition_id, "code": _code(row), "batch_id": batch_id}
            criterion_id = session.scalar(insert(Criterion).values(**values).returning(Criterion.id))
            mine = (ImportRow.batch_id == batch_id, ImportRow.row_number == row.row_number)
            session.execute(update(ImportRow).where(*mine).values(record_id=criterion_id))
        else:
            criterion_id = row.record_id
            _change(session, criterion_id, row.new, batch_id)
        _set_guidance(session, criterion_id, row.new, batch_id)
    _finish(session, edition_id)


def revert_standard(session: Session, batch_id: int) -> None:
    """Restore the criteria that a batch changed and remove those that it added; an edition left empty goes too."""
    rows = _rows(session, batch_id)
    if not rows:
        return
    edition_id = session.scalar(select(StandardEdition.id).where(StandardEdition.code == rows[0].key.split("|")[0]))
    assert edition_id is not None
    for row in rows:
        if row.action == "changed":
            old, earlier = dict(row.old), row.old.get("_", {}).get("batch")
            _change(session, row.record_id, old, earlier)
            _set_guidance(session, row.record_id, old, earlier)
    restored = [row.old for row in rows if row.action == "changed"]
    if restored:
        _set_titles(session, edition_id, restored)
        _set_domains(session, edition_id, restored)
    added = [row.record_id for row in rows if row.action == "added"]
    session.execute(delete(Criterion).where(Criterion.id.in_(added)))
    _finish(session, edition_id)


def _rows(session: Session, batch_id: int) -> list[Any]:
    columns = (ImportRow.row_number, ImportRow.action, ImportRow.key, ImportRow.record_id, ImportRow.old, ImportRow.new)
    wanted = (ImportRow.batch_id == batch_id, ImportRow.action.in_(("added", "changed")))
    return list(session.execute(select(*columns).where(*wanted).order_by(ImportRow.row_number)))


def _code(row: Any) -> str:
    return row.key.split("|")[1]


def _edition(session: Session, batch_id: int, rows: list[Any], stamp: dict[str, object]) -> int | None:
    """Return the id of the file's edition; a new one is added, the first of all becomes the current one."""
    code = rows[0].key.split("|")[0]
    edition_id = session.scalar(select(StandardEdition.id).where(StandardEdition.code == code))
    if edition_id is not None:
        _set_titles(session, edition_id, [row.new for row in rows])
        return int(edition_id)
    titles = {name: rows[0].new[name] for name in EDITION_FIELDS}
    is_first = session.scalar(select(func.count()).select_from(StandardEdition)) == 0
    facts = {"code": code, "status": "draft", "sha256": "", "source": stamp["source"], "batch_id": batch_id}
    made = insert(StandardEdition).values(**facts, **titles, is_current=is_first)
    return session.scalar(made.returning(StandardEdition.id))


def _set_titles(session: Session, edition_id: int, facts: list[Any]) -> None:
    titles = {name: one[name] for one in facts for name in EDITION_FIELDS if one.get(name) is not None}
    if titles:
        session.execute(update(StandardEdition).where(StandardEdition.id == edition_id).values(**titles))


def _set_domains(session: Session, edition_id: int, facts: list[Any]) -> None:
    """Add the domains that rows name and change those that they name otherwise."""
    known = {row.code: row for row in session.scalars(select(StandardDomain).where(
        StandardDomain.edition_id == edition_id
    ))}  # fmt: skip
    wanted: dict[str, dict[str, Any]] = {}
    for one in facts:
        stated = {f"name_{language}": one.get(f"domain_{language}") for language in LANGUAGES}
        stated["position"] = one.get("domain_position")
        if one.get("domain_code") and any(stated.values()):
            wanted.setdefault(one["domain_code"], {}).update(
                {name: value for name, value in stated.items() if value is not None}
            )
    for code, values in wanted.items():
        if code not in known:
            session.execute(insert(StandardDomain).values(edition_id=edition_id, code=code, **values))
        elif any(getattr(known[code], name) != value for name, value in values.items()):
            session.execute(update(StandardDomain).where(StandardDomain.id == known[code].id).values(**values))
    session.expire_all()


def _criterion(facts: Facts, details: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a criterion that ``facts`` state; what they leave out stays."""
    values = {name: facts[name] for name in CRITERION_COLUMNS if name in facts}
    stated = {name: facts[name] for name in DETAIL_FIELDS if name in facts}
    merged = {**details, **stated}
    return values | {"details": {name: value for name, value in merged.items() if value is not None}}


def _change(session: Session, criterion_id: int | None, facts: Facts, batch_id: int | None) -> None:
    details = session.scalar(select(Criterion.details).where(Criterion.id == criterion_id)) or {}
    values = _criterion(facts, details) | {"batch_id": batch_id}
    session.execute(update(Criterion).where(Criterion.id == criterion_id).values(**values))


def _set_guidance(session: Session, criterion_id: int | None, facts: Facts, batch_id: int | None) -> None:
    """Set the guidance that ``facts`` state; guidance of which every part is unknown is removed."""
    stated = {name: facts[name] for name in GUIDANCE if name in facts}
    if not stated:
        return
    if all(stated.get(name) is None for name in GUIDANCE):
        session.execute(delete(CriterionGuidance).where(CriterionGuidance.criterion_id == criterion_id))
        return
    values = {("status" if name == "guidance_status" else name): value for name, value in stated.items()}
    values |= {"batch_id": batch_id, "updated_at": func.now()}
    changed = update(CriterionGuidance).where(CriterionGuidance.criterion_id == criterion_id).values(**values)
    if not session.execute(changed.returning(CriterionGuidance.criterion_id)).first():
        session.execute(upsert(CriterionGuidance).values(criterion_id=criterion_id, **values))


def _finish(session: Session, edition_id: int) -> None:
    """Remove domains and an edition that hold no criterion any more, and hash what stands."""
    used = select(Criterion.domain_code).where(Criterion.edition_id == edition_id)
    empty = (StandardDomain.edition_id == edition_id, StandardDomain.code.not_in(used))
    if session.scalar(select(func.count()).select_from(StandardDomain).where(*empty)):
        session.execute(delete(StandardDomain).where(*empty))
    if session.scalar(select(func.count()).select_from(Criterion).where(Criterion.edition_id == edition_id)):
        set_hash(session, edition_id)
    else:
        session.execute(delete(StandardEdition).where(StandardEdition.id == edition_id))
    session.expire_all()
