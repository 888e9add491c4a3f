"""The schools that a refresh looks at, in a temporary table: row security would keep joins off the index on points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

INDEXED_ROWS = 500
"""Up to so many points are looked through faster than an index over them is made."""

MAKE = text("CREATE TEMP TABLE chosen_school (id bigint, area_id bigint, location geometry) ON COMMIT DROP")
FILL_ALL = text("INSERT INTO chosen_school SELECT id, area_id, location FROM school")
FILL = text("""
    INSERT INTO chosen_school
    SELECT school.id, school.area_id, school.location
    FROM unnest(CAST(:ids AS bigint[])) AS wanted (id)
    JOIN school ON school.id = wanted.id
""")


def stage_chosen_schools(session: Session, school_ids: Sequence[int] | None) -> int:
    """Make ``chosen_school`` (id, area_id, location) of ``school_ids`` (None: all) and return how many there are.

    It lasts until the end of the transaction or the next call, and the planner knows its size.
    """
    session.execute(text("DROP TABLE IF EXISTS pg_temp.chosen_school"))
    session.execute(MAKE)
    if school_ids is None:
        found = session.execute(FILL_ALL)
    else:
        found = session.execute(FILL, {"ids": list(dict.fromkeys(school_ids))})
    count: int = found.rowcount  # type: ignore[attr-defined]
    if count > INDEXED_ROWS:
        session.execute(text("CREATE INDEX ON chosen_school USING gist (location)"))
    session.execute(text("ANALYZE chosen_school"))
    return count
