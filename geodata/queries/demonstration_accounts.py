"""Where accounts of the demonstration belong, and whether there may be any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def has_real_schools(session: Session) -> bool:
    """Return whether there is a school that was not made up, published or not, whoever asks (migration 0013)."""
    return bool(session.scalar(text("SELECT has_real_schools()")))


def has_account(session: Session, name: str) -> bool:
    """Return whether there is an account of this name; for the command line, which sees all."""
    return bool(session.scalar(text("SELECT EXISTS (SELECT FROM account WHERE name = :name)"), {"name": name}))


def codes_around_first_school(session: Session) -> dict[int, str]:
    """Return {level: code} of the areas of the school that is ranked first, and its own code as level 4.

    Only schools that lie in an aimak of today count; empty without a published run.
    """
    row = session.execute(
        text("""
            SELECT oblast.code, rayon.code, aimak.code, school.code
            FROM school_result AS result
            JOIN run ON run.id = result.run_id AND run.is_published
            JOIN school ON school.id = result.school_id AND school.is_published
            JOIN area AS oblast ON oblast.id = result.oblast_id
            JOIN area AS rayon ON rayon.id = result.rayon_id
            JOIN area AS aimak ON aimak.id = result.aimak_id AND aimak.valid_to IS NULL
            ORDER BY run.published_at DESC, result.national_rank NULLS LAST, school.code
            LIMIT 1
        """)
    ).first()
    return {} if row is None else dict(enumerate(row, start=1))
