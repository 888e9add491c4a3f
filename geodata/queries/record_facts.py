"""Schools and buildings as plain facts, for editing: each field as canonical JSON, with the record's version."""
# ruff: noqa: S608  the statements are put together from constants of the code, never from input

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from geodata.queries.import_targets import BUILDING_COLUMNS, SCHOOL_COLUMNS, Column
from geodata.records.revision import StoredRecord

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HIDDEN = ("is_synthetic",)
SCHOOL_FACTS = tuple(column for column in SCHOOL_COLUMNS if column.name not in HIDDEN)
BUILDING_FACTS = tuple(column for column in BUILDING_COLUMNS if column.name not in HIDDEN)
PLACE = """'location', CASE WHEN t.location IS NOT NULL THEN jsonb_build_array(
    round(ST_X(t.location)::numeric, 7), round(ST_Y(t.location)::numeric, 7)) END"""


def _object(columns: tuple[Column, ...], *more: str) -> str:
    pairs = [f"'{column.name}', t.\"{column.name}\"" for column in columns]
    return f"jsonb_build_object({', '.join([*pairs, *more])})"


SCHOOL_JSON = _object(SCHOOL_FACTS, PLACE)
BUILDING_JSON = _object(BUILDING_FACTS)

PHONES_JSON = """jsonb_build_object('phones', (
    SELECT to_jsonb(contact.phones) FROM school_contact AS contact WHERE contact.school_id = t.id))"""
"""Apart from ``SCHOOL_JSON``, which holds what everybody reads."""

_SCHOOL = f"""
    SELECT 'school', t.id, t.code, t.version, {SCHOOL_JSON} || {PHONES_JSON},
        t.id, t.code, t.name_ky, t.name_ru, t.name_en, t.source, t.source_date
    FROM school AS t
"""
_BUILDING = f"""
    SELECT 'building', t.id, t.code, t.version, {BUILDING_JSON},
        school.id, school.code, school.name_ky, school.name_ru, school.name_en, t.source, t.source_date
    FROM building AS t JOIN school ON school.id = t.school_id
"""


def _found(session: Session, statement: str, values: dict[str, Any]) -> StoredRecord | None:
    row = session.execute(text(statement), values).first()
    return None if row is None else StoredRecord(*row)


def stored_school(session: Session, code: str) -> StoredRecord | None:
    """Return the school with ``code``; None when there is none or the reader may not see it."""
    return _found(session, f"{_SCHOOL} WHERE t.code = :code", {"code": code})


def stored_building(session: Session, school_code: str, code: str) -> StoredRecord | None:
    """Return the building with ``code`` of that school; None when there is none or the reader may not see it."""
    values = {"code": code, "school_code": school_code}
    return _found(session, f"{_BUILDING} WHERE t.code = :code AND school.code = :school_code", values)


def stored_record(
    session: Session, kind: str, school_id: int, building_id: int | None, *, lock: bool = False
) -> StoredRecord | None:
    """Return the record of a revision, a building without id as one that is not there yet; None when it is gone.

    ``lock`` holds the record until the transaction ends; for who may publish it.
    """
    held = " FOR UPDATE OF t" if lock else ""
    if kind == "building" and building_id is not None:
        return _found(session, f"{_BUILDING} WHERE t.id = :id{held}", {"id": building_id})
    school = _found(session, f"{_SCHOOL} WHERE t.id = :id{held}", {"id": school_id})
    return school if kind == "school" or school is None else new_building(school)


def new_building(school: StoredRecord) -> StoredRecord:
    """Return a building of ``school`` that is not there yet: every fact unknown."""
    names = (school.name_ky, school.name_ru, school.name_en)
    return StoredRecord("building", None, None, None, {}, school.school_id, school.school_code, *names)


def other_shares(session: Session, school_id: int, building_id: int | None) -> list[float]:
    """Return the shares of pupils of the school's other buildings, where they are known."""
    statement = text(
        "SELECT pupil_share FROM building WHERE school_id = :school_id AND pupil_share IS NOT NULL "
        "AND id IS DISTINCT FROM CAST(:building_id AS bigint)"
    )
    return list(session.scalars(statement, {"school_id": school_id, "building_id": building_id}))
