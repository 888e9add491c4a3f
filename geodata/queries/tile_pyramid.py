"""The pyramid: schools of a run counted once into cells, so that tiles of low zoom cost milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CROWDED = 850
"""Schools in a tile from which it shows cells in place of points: with three names each, at most 235 bytes a school on
average (of 219 tiles of the synthetic 150,000), a tile stays below 200 kB."""

ALWAYS_POINTS = 4_000
"""A run of at most so many schools shows each of them at every zoom: one tile of them all stays below 200 kB."""

FINEST_ZOOM = 14
"""Tiles are made down to this zoom; the browser stretches them further."""

CELL_BITS = 6
"""A tile has 2 ** 6 = 64 cells a side."""

_MAKE_FINEST = text("""
    CREATE TEMPORARY TABLE pyramid_cell ON COMMIT DROP AS
    WITH placed AS (
        SELECT
            radians(ST_Y(school.location)) AS latitude,
            ST_X(school.location) AS longitude,
            result.priority_central,
            coalesce(ascii(result.grade) - 64, 0) AS grade,     -- A = 1 .. E = 5, 0 without a grade
            result.national_rank,
            result.pupils
        FROM school_result AS result
        JOIN school ON school.id = result.school_id
        WHERE result.run_id = :run_id AND school.location IS NOT NULL AND school.is_published
    ),
    celled AS (
        -- The cell of Web Mercator by arithmetic: ten times cheaper than ST_Transform for every school.
        SELECT
            floor((longitude + 180) / 360 * :side)::int AS x,
            floor((1 - ln(tan(latitude) + 1 / cos(latitude)) / pi()) / 2 * :side)::int AS y,
            priority_central, grade, national_rank, pupils
        FROM placed
    )
    SELECT
        x, y,
        count(*)::int AS schools,
        sum(priority_central) AS priority_sum,
        max(grade)::smallint AS grade,
        min(national_rank) AS rank,
        sum(pupils) AS pupils
    FROM celled
    GROUP BY x, y
""")

_STORE_LEVEL = text("""
    INSERT INTO tile_pyramid
        (run_id, z, x, y, schools, cell, cell_schools, cell_priority, cell_grade, cell_rank, cell_pupils)
    SELECT
        :run_id, :z, x >> 6, y >> 6, sum(schools),
        array_agg(((y & 63) * 64 + (x & 63))::smallint),
        array_agg(schools),
        array_agg(round(priority_sum / schools)::smallint),
        array_agg(grade),
        array_agg(rank),
        array_agg(least(pupils, 2147483647)::int)
    FROM pyramid_cell
    GROUP BY x >> 6, y >> 6
    HAVING sum(schools) >= :crowded
""")

_MAKE_COARSER = (
    text("ALTER TABLE pyramid_cell RENAME TO pyramid_finer"),
    text("""
    CREATE TEMPORARY TABLE pyramid_cell ON COMMIT DROP AS
    SELECT
        x >> 1 AS x, y >> 1 AS y,
        sum(schools)::int AS schools,
        sum(priority_sum) AS priority_sum,
        max(grade) AS grade,
        min(rank) AS rank,
        sum(pupils)::bigint AS pupils
    FROM pyramid_finer
    GROUP BY x >> 1, y >> 1
    """),
    text("DROP TABLE pyramid_finer"),
)


def build_pyramid(session: Session, run_id: int) -> None:
    """Store the cells of every tile, zoom 14 to 0, that holds ``CROWDED`` published schools or more.

    A run of 4,000 schools or fewer gets none: its tiles show points at every zoom. Built again, the
    pyramid of the run is replaced. Needs the national scope; the caller commits.
    """
    session.execute(text("DELETE FROM tile_pyramid WHERE run_id = :run_id"), {"run_id": run_id})
    ranked = session.scalar(text("SELECT count(*) FROM school_result WHERE run_id = :run_id"), {"run_id": run_id})
    if (ranked or 0) <= ALWAYS_POINTS:
        return
    session.execute(text("DROP TABLE IF EXISTS pyramid_cell"))
    session.execute(_MAKE_FINEST, {"run_id": run_id, "side": 2 ** (FINEST_ZOOM + CELL_BITS)})
    for z in range(FINEST_ZOOM, -1, -1):
        if z < FINEST_ZOOM:
            for statement in _MAKE_COARSER:
                session.execute(statement)
        session.execute(_STORE_LEVEL, {"run_id": run_id, "z": z, "crowded": CROWDED})
    session.execute(text("DROP TABLE pyramid_cell"))
