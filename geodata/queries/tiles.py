"""Vector tiles: the only MVT statements. SQL builds the bytes, the web passes them on.

Every statement transforms the envelope, never the column: the index answers. Names come from zoom 8 up.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, and_, bindparam, select, text
from sqlalchemy.dialects.postgresql import dialect

from geodata.database import SCOPE_KEY
from geodata.models import School, SchoolResult
from geodata.queries.priorities import conditions
from geodata.queries.tile_pyramid import ALWAYS_POINTS, CROWDED
from geodata.records.priority import ListFilter

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Select, TextClause
    from sqlalchemy.orm import Session

    from geodata.public_reader import PublicReader
    from geodata.queries.tile_versions import TiledRun

_CELLS_OF_PYRAMID = text("""
    WITH cell AS (
        SELECT
            one.n, one.priority, one.rank, one.pupils,
            coalesce(nullif(substr('ABCDE', one.grade, 1), ''), 'U') AS grade,
            -- The middle of the cell, in the tile's own grid.
            ST_MakePoint((one.number & 63) * 64 + 32, (one.number >> 6) * 64 + 32) AS geom
        FROM tile_pyramid AS pyramid
        CROSS JOIN LATERAL unnest(
            pyramid.cell, pyramid.cell_schools, pyramid.cell_priority,
            pyramid.cell_grade, pyramid.cell_rank, pyramid.cell_pupils
        ) AS one (number, n, priority, grade, rank, pupils)
        WHERE pyramid.run_id = :run_id AND pyramid.z = :z AND pyramid.x = :x AND pyramid.y = :y
    )
    SELECT ST_AsMVT(cell, 'schools', 4096, 'geom') FROM cell
""")

_POINTS_OR_CELLS = """
    (WITH tile AS (
        SELECT
            ST_TileEnvelope(:z, :x, :y) AS envelope,                                            -- EPSG:3857
            ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 64.0 / 4096), 4326) AS catchment  -- + label margin
    ),
    crowd AS (
        SELECT
            (SELECT count(*) FROM picked) AS schools,
            (SELECT CASE WHEN run.school_count <= :always_points THEN 2147483647 ELSE :crowded END
             FROM run WHERE run.id = :run_id) AS crowded
    ),
    point AS (
        SELECT
            picked.id,
            picked.code,
            picked.national_rank AS rank,
            coalesce(picked.grade, 'U') AS grade,
            round(picked.index_central)::int AS index,
            round(picked.priority_central)::int AS priority,
            picked.pupils,
            picked.confidence,
            CASE WHEN :z >= 8 THEN coalesce(picked.name_ky, picked.name_ru, picked.name_en) END AS name_ky,
            CASE WHEN :z >= 8 THEN nullif(picked.name_ru, picked.name_ky) END AS name_ru,
            CASE WHEN :z >= 8 THEN nullif(picked.name_en, picked.name_ky) END AS name_en,
            ST_AsMVTGeom(ST_Transform(picked.location, 3857), tile.envelope, 4096, 64) AS geom
        FROM picked, tile, crowd
        WHERE crowd.schools < crowd.crowded
    ),
    placed AS (
        -- Web Mercator by arithmetic: ten times cheaper than ST_Transform for every school.
        SELECT
            picked.grade, picked.national_rank, picked.priority_central, picked.pupils,
            floor((ST_X(picked.location) + 180) / 360 * (64 << :z))::int - :x * 64 AS col,
            floor((1 - ln(tan(radians(ST_Y(picked.location))) + 1 / cos(radians(ST_Y(picked.location)))) / pi())
                / 2 * (64 << :z))::int - :y * 64 AS line
        FROM picked
        CROSS JOIN crowd
        WHERE crowd.schools >= crowd.crowded
    ),
    cell AS (
        SELECT
            count(*)::int AS n,
            round(avg(priority_central))::int AS priority,
            coalesce(max(grade), 'U') AS grade,
            min(national_rank) AS rank,
            sum(pupils)::bigint AS pupils,
            ST_MakePoint(col * 64 + 32, line * 64 + 32) AS geom
        FROM placed
        WHERE col BETWEEN 0 AND 63 AND line BETWEEN 0 AND 63
        GROUP BY col, line
    )
    SELECT CASE WHEN crowd.schools < crowd.crowded
        THEN (SELECT ST_AsMVT(point, 'schools', 4096, 'geom', 'id') FROM point)
        ELSE (SELECT ST_AsMVT(cell, 'schools', 4096, 'geom') FROM cell) END
    FROM crowd)
"""

BY_INDEX_FROM = 9
"""Zoom from which a tile is so small a part of the country that the index pays."""

_IN_WIDE_CATCHMENT = text("school.location && ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 64.0 / 4096), 4326)")
_IN_CATCHMENT = text(
    # By index in spite of row security; see migration 0005.
    "school.id IN (SELECT school_in_box(ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 64.0 / 4096), 4326)))"
)


def _points_or_cells(run_id: int, wanted: ListFilter, z: int) -> Select:
    """Return the statement over the schools that the list's own WHERE leaves in the tile."""
    picked = (
        select(
            School.id,
            School.code,
            School.name_ky,
            School.name_ru,
            School.name_en,
            School.location.label("location"),
            SchoolResult.national_rank,
            SchoolResult.grade,
            SchoolResult.index_central,
            SchoolResult.priority_central,
            SchoolResult.pupils,
            SchoolResult.confidence,
        )
        .select_from(SchoolResult)
        .join(School, School.id == SchoolResult.school_id)
        .where(and_(*conditions(run_id, wanted)), _IN_CATCHMENT if z >= BY_INDEX_FROM else _IN_WIDE_CATCHMENT)
        .cte("picked")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return select(text(_POINTS_OR_CELLS)).add_cte(picked)


@lru_cache(maxsize=2)
def _unfiltered(is_wide: bool) -> TextClause:
    """Return the same statement without a filter, compiled once: nine of ten tiles, and four times cheaper."""
    any_run: Any = bindparam("run_id", type_=BigInteger)
    statement = _points_or_cells(any_run, ListFilter(), 0 if is_wide else BY_INDEX_FROM)
    compiled = str(statement.compile(dialect=dialect()))
    return text(re.sub(r"%\((\w+)\)s(::\w+)?", r":\1", compiled).replace("%%", "%"))


def school_tile(
    session: Session | PublicReader,
    run_id: int,
    wanted: ListFilter,
    z: int,
    x: int,
    y: int,
    *,
    has_pyramid: bool = True,
) -> bytes:
    """Return the layer ``schools`` of one tile: points, or cells of a 64 x 64 grid where 850 or more fall in it.

    Attributes of a point: id (feature id), code, rank, grade (A..E, U = unknown), index and priority (0..100),
    pupils, confidence (1..4), names from zoom 8 up; an unknown number is left out, never 0. Attributes of a
    cell: n, priority (mean), grade (worst), rank (first), pupils (sum of known ones). Empty bytes: no school.
    A run of 4,000 schools or fewer has no pyramid. A list with a filter needs a session.
    """
    place = {"z": z, "x": x, "y": y, "run_id": run_id}
    restricted = replace(wanted, run=None, date=None, sort="rank", descending=False) != ListFilter()
    if (
        has_pyramid and not restricted and session.info.get(SCOPE_KEY) == "public"
    ):  # the pyramid counts published schools only
        cells = session.scalar(_CELLS_OF_PYRAMID, place)
        if cells:
            return bytes(cells)
    limits = {"always_points": ALWAYS_POINTS, "crowded": CROWDED}
    statement: Any = _points_or_cells(run_id, wanted, z) if restricted else _unfiltered(z < BY_INDEX_FROM)
    return bytes(session.execute(statement, place | limits).scalar() or b"")


@lru_cache(maxsize=4)
def _of_visible_run(is_wide: bool, has_pyramid: bool) -> TextClause:
    """Return one statement for all that a tile without a filter needs: may the run be seen, its cells, its points."""
    cells = f"nullif(({_CELLS_OF_PYRAMID.text}), '')," if has_pyramid else ""
    tile = f"coalesce({cells} ({_unfiltered(is_wide).text}), '')"
    is_visible = "EXISTS (SELECT FROM run WHERE run.id = :run_id AND run.hash = :run_hash)"
    # Without remarks and indents: the driver remembers how to read a statement only up to 4,096 bytes.
    return text(re.sub(r"(--.*)?\n\s*", "\n", f"SELECT CASE WHEN {is_visible} THEN {tile} END"))


def visible_school_tile(reader: PublicReader, run: TiledRun, z: int, x: int, y: int) -> bytes | None:
    """Return what ``school_tile`` gives without a filter, by one statement; None when there is no such run to see."""
    statement = _of_visible_run(z < BY_INDEX_FROM, run.school_count > ALWAYS_POINTS)
    place = {"z": z, "x": x, "y": y, "run_id": run.id, "run_hash": run.hash}
    limits = {"always_points": ALWAYS_POINTS, "crowded": CROWDED}
    found = reader.scalar(statement, place | limits)
    return None if found is None else bytes(found)


_AREA_TILE = text("""
    WITH tile AS (
        SELECT
            ST_TileEnvelope(:z, :x, :y) AS envelope,                                            -- EPSG:3857
            ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 64.0 / 4096), 4326) AS catchment  -- + label margin
    ),
    chosen AS (
        SELECT
            area.id, area.code, area.level, area.name_ky, area.name_ru, area.name_en, boundary.label_point,
            CASE WHEN :z <= 6 THEN boundary.geom_low WHEN :z <= 9 THEN boundary.geom_mid ELSE boundary.geom END AS geom,
            result.schools, result.assessed, result.is_rankable, result.pupils, result.pupils_at_risk,
            result.grade_counts, result.mean_priority, result.mean_index, result.worst_rank,
            100.0 * result.assessed / nullif(result.schools, 0) AS coverage,
            100.0 * result.pupils_at_risk / nullif(result.pupils, 0) AS at_risk
        FROM tile
        JOIN area_boundary AS boundary ON boundary.geom_low && tile.catchment
        JOIN area ON area.id = boundary.area_id
        LEFT JOIN area_result AS result ON result.area_id = area.id AND result.run_id = :run_id
        WHERE area.valid_from <= :on AND (area.valid_to IS NULL OR area.valid_to > :on)
            -- A unit that has nothing below it stands at every deeper level too: no hole in the map.
            AND (area.level = :level OR (area.level BETWEEN 1 AND :level - 1 AND NOT EXISTS (
                SELECT FROM area AS below JOIN area_boundary AS known ON known.area_id = below.id
                WHERE below.parent_id = area.id
                    AND below.valid_from <= :on AND (below.valid_to IS NULL OR below.valid_to > :on))))
    ),
    outline AS (
        SELECT
            id, code, level, name_ky, nullif(name_ru, name_ky) AS name_ru, nullif(name_en, name_ky) AS name_en,
            schools, assessed, is_rankable, pupils, pupils_at_risk,
            round(coverage)::int AS coverage,
            CASE WHEN is_rankable THEN round(mean_priority::numeric, 1)::float END AS priority,
            CASE WHEN is_rankable THEN round(mean_index::numeric, 1)::float END AS index,
            CASE WHEN is_rankable THEN round(at_risk, 1)::float END AS at_risk,
            worst_rank,
            ST_AsMVTGeom(ST_Transform(chosen.geom, 3857), tile.envelope, 4096, 64) AS geom
        FROM chosen, tile
    ),
    label AS (
        SELECT
            id, code, level, name_ky, nullif(name_ru, name_ky) AS name_ru, nullif(name_en, name_ky) AS name_en,
            coalesce(schools, 0) AS schools,
            ST_AsMVTGeom(ST_Transform(label_point, 3857), tile.envelope, 4096, 0) AS geom
        FROM chosen, tile
        WHERE label_point && tile.catchment
    )
    SELECT
        (SELECT ST_AsMVT(outline, 'areas', 4096, 'geom', 'id') FROM outline WHERE geom IS NOT NULL)
        || (SELECT ST_AsMVT(label, 'area_labels', 4096, 'geom', 'id') FROM label WHERE geom IS NOT NULL)
""")


def area_tile(
    session: Session | PublicReader, run_id: int | None, level: int, on: date, z: int, x: int, y: int
) -> bytes:
    """Return the layers ``areas`` (outlines) and ``area_labels`` (one point each) of ``level`` as valid ``on`` a date.

    Units of a higher level that have no unit below them on that day come along, so that nothing is left blank.
    Attributes: code, level, names, schools, assessed, coverage (%), pupils, pupils_at_risk, worst_rank and, only
    where the area is rankable, priority, index and at_risk (%); what is unknown is left out. ``run_id`` None
    gives outlines without figures.
    """
    place = {"z": z, "x": x, "y": y, "run_id": run_id, "level": level, "on": on}
    return bytes(session.scalar(_AREA_TILE, place) or b"")


_HAZARD_TILE = text("""
    WITH tile AS (
        SELECT
            ST_TileEnvelope(:z, :x, :y) AS envelope,                                            -- EPSG:3857
            ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 64.0 / 4096), 4326) AS catchment  -- + label margin
    ),
    feature AS (
        SELECT
            hazard.id, hazard.level, hazard.value,
            CASE WHEN :z >= 8 THEN hazard.name END AS name,
            ST_AsMVTGeom(
                -- Below half a pixel nothing can be seen; the simplified shape keeps a tile of zoom 5 small.
                ST_Transform(CASE WHEN :z <= 7 THEN coalesce(hazard.geom_low, hazard.geom) ELSE hazard.geom END, 3857),
                tile.envelope, 4096, 64
            ) AS geom
        FROM tile
        CROSS JOIN LATERAL hazard_feature_in_box(:layer_id, tile.catchment) AS found (id)
        JOIN hazard_feature AS hazard ON hazard.id = found.id
        WHERE (:z > 7 OR GeometryType(hazard.geom) = 'POINT' OR
                greatest(ST_XMax(hazard.geom) - ST_XMin(hazard.geom), ST_YMax(hazard.geom) - ST_YMin(hazard.geom))
                    > 360.0 / (512 * 2 ^ :z))
        ORDER BY hazard.level NULLS FIRST, hazard.id
    )
    SELECT ST_AsMVT(feature, 'hazard', 4096, 'geom', 'id') FROM feature WHERE geom IS NOT NULL
""")


def hazard_tile(session: Session | PublicReader, layer_id: int, z: int, x: int, y: int) -> bytes:
    """Return the layer ``hazard`` of one version of one hazard layer: level (1..4, left out when unknown), value, name.

    Row security hides the features of layers that are not public: their tiles are empty.
    """
    return bytes(session.scalar(_HAZARD_TILE, {"z": z, "x": x, "y": y, "layer_id": layer_id}) or b"")
