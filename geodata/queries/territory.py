"""Which schools lie where the session holds a right: asked once a statement, for lists of many schools.

``app_in_territory`` asks for one school and takes half a millisecond; policies use it for the few rows that are not
published.
"""
# ruff: noqa: S608  the statements are put together from constants of the code, never from input

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def inside(school: str, right: str) -> str:
    """Return the condition that ``school`` (an expression of its id, our own text) lies where ``right`` is held."""
    return (
        f"((SELECT app_everywhere('{right}')) OR {school} = ANY ((SELECT app_schools('{right}'))::bigint[]) "
        f"OR {school} IN (SELECT place.school_id FROM school_area AS place "
        f"WHERE place.area_id = ANY ((SELECT app_areas('{right}'))::bigint[])))"
    )


def touches_territory(session: Session, area_code: str, right: str = "see") -> bool:
    """Return whether the session holds ``right`` in the area, in one above it, or at a school that lies in it."""
    statement = text(f"""
        WITH RECURSIVE upward AS (
            SELECT id, parent_id FROM area WHERE code = :code
            UNION
            SELECT area.id, area.parent_id FROM area JOIN upward ON area.id = upward.parent_id
        )
        SELECT (SELECT app_everywhere('{right}'))
            OR EXISTS (SELECT 1 FROM upward WHERE id = ANY ((SELECT app_areas('{right}'))::bigint[]))
            OR EXISTS (
                SELECT 1 FROM school_area AS lies
                JOIN area ON area.id = lies.area_id AND area.code = :code
                WHERE {inside("lies.school_id", right)}
            )
    """)
    return bool(session.scalar(statement, {"code": area_code}))
