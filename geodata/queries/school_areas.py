"""Which areas of every level and period a school lies in: what lists, maps and aggregates by area join."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from geodata.queries.chosen_schools import stage_chosen_schools

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

DELETE_ALL = text("DELETE FROM school_area")
DELETE = text("DELETE FROM school_area USING chosen_school WHERE school_area.school_id = chosen_school.id")

INSERT = text("""
    WITH RECURSIVE origin AS MATERIALIZED (  -- 0: nothing is stated
        SELECT DISTINCT coalesce(area_id, 0) AS id FROM chosen_school
    ),
    later AS (  -- the stated area and what it became as a whole; a split needs the point
        SELECT id AS origin_id, id FROM origin
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
    settled AS MATERIALIZED (  -- levels and periods that the statement answers; once an area, not once a school
        SELECT origin_id, id AS area_id FROM stated_chain
        UNION
        SELECT stated_chain.origin_id, area.id
        FROM stated_chain
        JOIN area ON area.level = stated_chain.level
            AND daterange(area.valid_from, area.valid_to)
                && daterange(stated_chain.valid_from, stated_chain.valid_to)
    ),
    asked AS MATERIALIZED (  -- areas for which the point of some school must be looked at
        SELECT area.id, area.level, area_boundary.geom
        FROM area
        JOIN area_boundary ON area_boundary.area_id = area.id
        LEFT JOIN (SELECT area_id, count(*) AS origins FROM settled GROUP BY area_id) AS answered
            ON answered.area_id = area.id
        WHERE coalesce(answered.origins, 0) < (SELECT count(*) FROM origin)
    ),
    contained AS (  -- by the point, where nothing is stated for this level and period
        SELECT inside.id AS school_id, asked.id AS area_id, asked.level
        FROM asked
        CROSS JOIN LATERAL (  -- the outline on the outer side: PostGIS prepares it once for all its points
            SELECT id, area_id FROM chosen_school
            WHERE location && asked.geom AND ST_Intersects(asked.geom, location)
            OFFSET 0
        ) AS inside
        LEFT JOIN settled ON settled.origin_id = coalesce(inside.area_id, 0) AND settled.area_id = asked.id
        WHERE settled.area_id IS NULL
    )
    INSERT INTO school_area (school_id, area_id, level)
    SELECT chosen_school.id, stated_chain.id, stated_chain.level
    FROM stated_chain
    JOIN chosen_school ON chosen_school.area_id = stated_chain.origin_id
    UNION ALL
    SELECT school_id, area_id, level FROM contained
""")


def refresh_school_areas(session: Session, school_ids: Sequence[int] | None = None) -> int:
    """Recompute ``school_area`` for ``school_ids`` (None: all schools) and return how many rows there are.

    The stated area and the areas above it hold for their period; what it became by merger or renaming holds
    for later ones. For levels and periods that are not stated, the areas that contain the school's point
    hold. A school without area and point lies in no area: it is in the country's list through the run alone.
    """
    stage_chosen_schools(session, school_ids)
    session.execute(DELETE_ALL if school_ids is None else DELETE)
    return session.execute(INSERT).rowcount  # type: ignore[attr-defined,no-any-return]
