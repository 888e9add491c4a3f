"""Telephone numbers of schools: reading those that the reader may see, and writing what files and revisions say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from geodata.database import copy_rows
from geodata.records.contact import ContactFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

COLUMNS = ("school_id", "phones", "source", "source_date", "is_synthetic")

MAY_SEE = """(
    (SELECT app_scope()) IN ('area', 'national')
    AND ((SELECT app_everywhere('see')) OR app_in_territory({school}, 'see'))
)"""
"""Whether the reader sees the telephones of a school: tells "no number known" from "not for you". One expression."""

_STATED = "ARRAY(SELECT jsonb_array_elements_text(coalesce(nullif({side} -> 'phones', 'null'), '[]')))"

KEEP_FORMER = text("""
    UPDATE import_row AS r SET old = jsonb_set(r.old, '{_,contact}', jsonb_build_object(
        'source', contact.source, 'source_date', contact.source_date, 'batch', contact.batch_id))
    FROM school_contact AS contact
    WHERE r.batch_id = :batch_id AND r.action = 'changed' AND jsonb_exists(r.new, 'phones')
        AND contact.school_id = r.record_id
""")
"""Undo gives the numbers back with the source that they had."""

STATE = text(f"""
    INSERT INTO school_contact AS contact (school_id, phones, source, source_date, batch_id, is_synthetic)
    SELECT
        r.record_id, {_STATED.format(side="r.new")}, CAST(:source AS text),
        coalesce((r.new -> 'provenance' -> 'row' ->> 'date')::date, CAST(:source_date AS date)), r.batch_id,
        school.is_synthetic
    FROM import_row AS r
    JOIN school ON school.id = r.record_id
    WHERE r.batch_id = :batch_id AND r.action IN ('added', 'changed') AND jsonb_exists(r.new, 'phones')
    ON CONFLICT (school_id) DO UPDATE SET
        phones = excluded.phones, source = excluded.source, source_date = excluded.source_date,
        batch_id = excluded.batch_id, is_synthetic = excluded.is_synthetic, updated_at = now()
""")  # noqa: S608  our own text

RESTORE = text(f"""
    UPDATE school_contact AS contact SET
        phones = {_STATED.format(side="r.old")}, source = r.old -> '_' -> 'contact' ->> 'source',
        source_date = (r.old -> '_' -> 'contact' ->> 'source_date')::date,
        batch_id = (r.old -> '_' -> 'contact' ->> 'batch')::bigint, updated_at = now()
    FROM import_row AS r
    WHERE r.batch_id = :batch_id AND r.action = 'changed' AND contact.school_id = r.record_id
        AND jsonb_exists(r.new, 'phones') AND jsonb_exists(r.old -> '_', 'contact')
""")  # noqa: S608  our own text
REMOVE = text("""
    DELETE FROM school_contact AS contact USING import_row AS r
    WHERE r.batch_id = :batch_id AND r.action = 'changed' AND contact.school_id = r.record_id
        AND jsonb_exists(r.new, 'phones') AND NOT jsonb_exists(r.old -> '_', 'contact')
""")

REVISE = text(f"""
    INSERT INTO school_contact AS contact (school_id, phones, source, source_date, is_synthetic)
    SELECT r.school_id, {_STATED.format(side="r.changes")}, r.source, r.source_date, school.is_synthetic
    FROM revision AS r
    JOIN school ON school.id = r.school_id
    WHERE r.id = :id AND jsonb_exists(r.changes, 'phones')
    ON CONFLICT (school_id) DO UPDATE SET
        phones = excluded.phones, source = excluded.source, source_date = excluded.source_date,
        batch_id = NULL, is_synthetic = excluded.is_synthetic, updated_at = now()
""")  # noqa: S608  our own text


def find_contact(session: Session, school_id: int) -> ContactFacts | None:
    """Return the telephones of a school with their source; ``is_seen`` False: they are not for this reader.

    None when there is no such school. Without numbers nothing is known of them: that is a value.
    """
    statement = text(f"""
        SELECT {MAY_SEE.format(school="school.id")}, coalesce(contact.phones, '{{}}'), contact.source,
            contact.source_date, coalesce(contact.is_synthetic, false)
        FROM school LEFT JOIN school_contact AS contact ON contact.school_id = school.id
        WHERE school.id = :school_id
    """)  # noqa: S608  our own text
    row = session.execute(statement, {"school_id": school_id}).first()
    return None if row is None else ContactFacts(row[0], tuple(row[1]), *row[2:])


def is_sample(session: Session, school_id: int) -> bool:
    """Return whether a school is sample data, whose numbers are of the range that nobody can call."""
    statement = text("SELECT is_synthetic FROM school WHERE id = :school_id")
    return bool(session.scalar(statement, {"school_id": school_id}))


def add_contacts(session: Session, rows: Iterable[Sequence[Any]]) -> None:
    """Add the telephones of many schools (``COLUMNS``)."""
    copy_rows(session, "school_contact", COLUMNS, rows)


def apply_contacts(session: Session, batch_id: int, stamp: dict[str, object]) -> None:
    """Write the telephones that a batch of schools states; its schools are written already."""
    session.execute(KEEP_FORMER, {"batch_id": batch_id})
    session.execute(STATE, {"batch_id": batch_id, "source": stamp["source"], "source_date": stamp["source_date"]})


def revert_contacts(session: Session, batch_id: int) -> None:
    """Give back the telephones that a batch wrote over; those of schools that it added go with them."""
    for statement in (RESTORE, REMOVE):
        session.execute(statement, {"batch_id": batch_id})


def revise_contact(session: Session, number: int) -> None:
    """Write the telephones that a revision of a school states, with its source and date."""
    session.execute(REVISE, {"id": number})
