"""Which areas of every level and period a school lies in: what lists, maps and aggregates by area join."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

DELETE = text("DELETE FROM school_area WHERE CAST(:ids AS bigint[]) IS NULL OR school_id = ANY(CAST(:ids AS bigint[]))")

INSERT = text("""
    WITH RECURSIVE chosen AS (
        SELECT id, area_id, location
        FROM school
        WHERE CAST(:ids AS bigint[]) IS NULL OR id = ANY(CAST(:ids AS bigint[]))
    ),
    stated_area AS (
        SELECT DISTINCT area_id AS id FROM chosen WHERE area_id IS NOT NULL
    ),
    later AS (  -- the stated area and what it became as a whole; a split needs the point
        SELECT id AS origin_id, id FROM stated_area
        UNION
        SELECT later.origin_id, area_succession.successor_id
        FROM later
        JOIN area_succession ON area_succession.predecessor_id = later.id
            AND area_succession.kind IN ('merge', 'rename')
    ),
    stated_chain AS (  -- with all areas above
        SELECT later.origin_id, area.id, area.parent_id, area.level, area.valid_from, area.valid_to
        FROM later
        JOIN area ON area.id = later.id
        UNION
        SELECT stated_chain.origin_id, area.id, area.parent_id, area.level, area.valid_from, area.valid_to
        FROM stated_chain
        JOIN area ON area.id = stated_chain.parent_id
    ),
    stated AS (
        SELECT chosen.id AS school_id, stated_chain.id AS area_id, stated_chain.level
        FROM chosen
        JOIN stated_chain ON stated_chain.origin_id = chosen.area_id
    ),
    settled AS MATERIALIZED (  -- levels and periods that the statement answers; once an area, not once a school
        SELECT DISTINCT stated_chain.origin_id, area.id AS area_id
        FROM stated_chain
        JOIN area ON area.level = stated_chain.level
            AND daterange(area.valid_from, area.valid_to)
                && daterange(stated_chain.valid_from, stated_chain.valid_to)
    ),
    contained AS (  -- by the point, where nothing is stated for this level and period
        SELECT chosen.id AS school_id, area.id AS area_id, area.level
        FROM area_boundary
        JOIN area ON area.id = area_boundary.area_id
        JOIN chosen ON area_boundary.geom && chosen.location AND ST_Intersects(area_boundary.geom, chosen.location)
        WHERE (coalesce(chosen.area_id, -1), area.id) NOT IN (SELECT origin_id, area_id FROM settled)
    )
    INSERT INTO school_area (school_id, area_id, level)
    SELECT school_id, area_id, level FROM stated
    UNION
    SELECT school_id, area_id, level FROM contained
""")


def refresh_school_areas(session: Session, school_ids: Sequence[int] | None = None) -> int:
    """Recompute ``school_area`` for ``school_ids`` (None: all schools) and return how many rows there are.

    The stated area and the areas above it hold for their period; what it became by merger or renaming holds
    for later ones. For levels and periods that are not stated, the areas that contain the school's point
    hold. A school without area and point lies in no area: it is in the country's list through the run alone.
    """
    ids = None if school_ids is None else list(school_ids)
    session.execute(DELETE, {"ids": ids})
    return session.execute(INSERT, {"ids": ids}).rowcount  # type: ignore[attr-defined,no-any-return]
