"""Shapes for maps drawn on the server and for the map without WebGL: SQL builds the paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from geodata.records.map_shape import AreaShape, ContextShape, Frame

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

MARGIN = 0.03
COUNTRY_3857 = (7703000.0, 4740000.0, 8930000.0, 5360000.0)
"""The frame when no boundary is known yet."""

_EXTENT = text("""
    SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)
    FROM (
        SELECT ST_Extent(ST_Transform(boundary.geom_low, 3857)) AS box
        FROM area_boundary AS boundary
        JOIN area ON area.id = boundary.area_id
        WHERE CASE WHEN CAST(:code AS text) IS NULL THEN area.level = 0 OR (
                  area.level = 1 AND area.valid_to IS NULL
                  AND NOT EXISTS (
                      SELECT FROM area AS top JOIN area_boundary AS known ON known.area_id = top.id
                      WHERE top.level = 0))
              ELSE area.code = :code END
    ) AS extent
    WHERE box IS NOT NULL
""")


def frame_of(session: Session, area_code: str | None, width: int, largest_height: int) -> Frame:
    """Return the frame around an area (None: the country) with a margin, no higher than ``largest_height`` pixels."""
    found = session.execute(_EXTENT, {"code": area_code}).first()
    west, south, east, north = found or COUNTRY_3857
    margin = MARGIN * max(east - west, north - south, 1000.0)
    west, south, east, north = west - margin, south - margin, east + margin, north + margin
    height = width * (north - south) / (east - west)
    if height > largest_height:
        spare = ((north - south) * width / largest_height - (east - west)) / 2
        west, east, height = west - spare, east + spare, largest_height
    return Frame(west, south, east, north, width, round(height))


_AREAS = text("""
    WITH frame AS (
        SELECT ST_Transform(ST_MakeEnvelope(:west, :south, :east, :north, 3857), 4326) AS envelope
    )
    SELECT
        area.code, area.level, area.name_ky, area.name_ru, area.name_en,
        ST_AsSVG(ST_Affine(drawn.geom, :s, 0, 0, :s, -:west * :s, -:north * :s), 1, 1) AS path,
        (ST_X(label.point) - :west) * :s,
        (:north - ST_Y(label.point)) * :s,
        result.schools, result.assessed, result.is_rankable, result.pupils, result.pupils_at_risk,
        result.mean_priority, result.mean_index,
        (SELECT parent.code FROM area AS parent WHERE parent.id = area.parent_id),
        NOT EXISTS (
            SELECT FROM area AS below JOIN area_boundary AS known ON known.area_id = below.id
            WHERE below.parent_id = area.id AND CASE WHEN CAST(:on AS date) IS NULL THEN below.valid_to IS NULL
                ELSE below.valid_from <= :on AND (below.valid_to IS NULL OR below.valid_to > :on) END)
    FROM frame
    JOIN area_boundary AS boundary ON boundary.geom_low && frame.envelope
    JOIN area ON area.id = boundary.area_id
    CROSS JOIN LATERAL (
        SELECT ST_ClipByBox2D(
            -- Half a pixel of a drawing: sixteen times cheaper than with the topology kept, the points are the same.
            ST_Simplify(ST_Transform(
                CASE WHEN :detail > 400 THEN boundary.geom_low WHEN :detail > 60 THEN boundary.geom_mid
                ELSE boundary.geom END, 3857), :detail * 0.7, true),
            ST_Expand(ST_MakeEnvelope(:west, :south, :east, :north, 3857), :detail * 8)) AS geom
    ) AS drawn
    CROSS JOIN LATERAL (SELECT ST_Transform(boundary.label_point, 3857) AS point) AS label
    LEFT JOIN area_result AS result ON result.area_id = area.id AND result.run_id = :run_id
    WHERE area.level = ANY(:levels) AND NOT ST_IsEmpty(drawn.geom)
        AND CASE WHEN CAST(:on AS date) IS NULL THEN area.valid_to IS NULL
            ELSE area.valid_from <= :on AND (area.valid_to IS NULL OR area.valid_to > :on) END
    ORDER BY area.code
""")


def area_shapes(
    session: Session, frame: Frame, level: int | tuple[int, ...], run_id: int | None, on: date | None = None
) -> list[AreaShape]:
    """Return the areas of one level, or of several, that the frame shows, simplified to 0.7 pixels, with figures."""
    levels = [level] if isinstance(level, int) else list(level)
    values = _values(frame) | {"levels": levels, "run_id": run_id, "on": on}
    return [AreaShape(*row) for row in session.execute(_AREAS, values)]


_CONTEXT = text("""
    WITH frame AS (
        SELECT
            ST_MakeEnvelope(:west, :south, :east, :north, 3857) AS envelope_3857,
            ST_Transform(ST_MakeEnvelope(:west, :south, :east, :north, 3857), 4326) AS envelope
    ),
    drawn AS (
        SELECT base.kind, base.rank, base.name_ky, base.name_ru, base.name_en, base.is_sketch,
            ST_ClipByBox2D(ST_Simplify(ST_Transform(base.geom, 3857), :detail * 0.5), frame.envelope_3857) AS geom
        FROM frame
        JOIN base_map_feature AS base ON base.geom && frame.envelope
        WHERE base.min_zoom <= :zoom
    )
    SELECT
        kind,
        CASE WHEN kind = 'place' THEN '' ELSE
            ST_AsSVG(ST_Affine(geom, :s, 0, 0, :s, -:west * :s, -:north * :s), 1, 1) END,
        (ST_X(ST_PointOnSurface(geom)) - :west) * :s,
        (:north - ST_Y(ST_PointOnSurface(geom))) * :s,
        rank, name_ky, name_ru, name_en, is_sketch
    FROM drawn
    WHERE NOT ST_IsEmpty(geom)
    ORDER BY kind, rank, name_ky
""")


def context_shapes(session: Session, frame: Frame) -> list[ContextShape]:
    """Return lakes, rivers, outlines and places of the base map that the frame shows."""
    zoom = max(4, min(14, round(_zoom(frame))))
    return [ContextShape(*row) for row in session.execute(_CONTEXT, _values(frame) | {"zoom": zoom})]


def _zoom(frame: Frame) -> float:
    from math import log2

    return log2(40075016.7 * frame.scale / 512) + 0.5


def _values(frame: Frame) -> dict[str, Any]:
    return {
        "west": frame.west,
        "south": frame.south,
        "east": frame.east,
        "north": frame.north,
        "s": frame.scale,
        "detail": 1 / frame.scale,
    }


_OUTLINES = text("""
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'type', 'Feature',
        'properties', jsonb_build_object('code', area.code, 'name_ky', area.name_ky, 'name_ru', area.name_ru,
            'name_en', area.name_en, 'schools', result.schools, 'assessed', result.assessed,
            'is_rankable', result.is_rankable, 'pupils_at_risk', result.pupils_at_risk,
            'coverage', round(100.0 * result.assessed / nullif(result.schools, 0)),
            'at_risk', round(100.0 * result.pupils_at_risk / nullif(result.pupils, 0), 1),
            'priority', round(result.mean_priority::numeric, 1), 'index', round(result.mean_index::numeric, 1)),
        'geometry', ST_AsGeoJSON(boundary.geom_low, 3)::jsonb)), '[]')::text
    FROM area
    JOIN area_boundary AS boundary ON boundary.area_id = area.id
    LEFT JOIN area_result AS result ON result.area_id = area.id AND result.run_id = :run_id
    WHERE CASE WHEN CAST(:on AS date) IS NULL THEN area.valid_to IS NULL
            ELSE area.valid_from <= :on AND (area.valid_to IS NULL OR area.valid_to > :on) END
        AND (area.level = :level OR (area.level BETWEEN 1 AND :level - 1 AND NOT EXISTS (
            SELECT FROM area AS below JOIN area_boundary AS known ON known.area_id = below.id
            WHERE below.parent_id = area.id AND CASE WHEN CAST(:on AS date) IS NULL THEN below.valid_to IS NULL
                ELSE below.valid_from <= :on AND (below.valid_to IS NULL OR below.valid_to > :on) END)))
""")


def area_features(session: Session, level: int, run_id: int | None, on: date | None = None) -> str:
    """Return the areas of a level as the text of a GeoJSON FeatureCollection, attributes and areas as in the tiles."""
    features = session.scalar(_OUTLINES, {"level": level, "run_id": run_id, "on": on})
    return f'{{"type":"FeatureCollection","features":{features}}}'


_BASE = text("""
    WITH feature AS (
        SELECT base.kind, base.min_zoom, base.rank, base.name_ky, base.name_ru, base.name_en,
            ST_Simplify(base.geom, 0.003, true) AS geom
        FROM base_map_feature AS base
        WHERE base.kind <> 'country'
        UNION ALL
        SELECT 'lake_label', base.min_zoom, base.rank, base.name_ky, base.name_ru, base.name_en,
            ST_PointOnSurface(base.geom)
        FROM base_map_feature AS base
        WHERE base.kind = 'lake'
        UNION ALL
        SELECT CASE area.level WHEN 0 THEN 'country' ELSE 'oblast' END, 0, 0, NULL, NULL, NULL, boundary.geom_low
        FROM area JOIN area_boundary AS boundary ON boundary.area_id = area.id
        WHERE area.level <= 1 AND area.valid_to IS NULL
        UNION ALL
        SELECT 'oblast_label', 0, (area.kind = 'republican_city')::int, area.name_ky, area.name_ru, area.name_en,
            boundary.label_point
        FROM area JOIN area_boundary AS boundary ON boundary.area_id = area.id
        WHERE area.level = 1 AND area.valid_to IS NULL AND boundary.label_point IS NOT NULL
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'type', 'Feature',
        'properties', jsonb_strip_nulls(jsonb_build_object('kind', kind, 'min_zoom', min_zoom, 'rank', rank,
            'name_ky', name_ky, 'name_ru', name_ru, 'name_en', name_en)),
        'geometry', ST_AsGeoJSON(geom, 3)::jsonb) ORDER BY kind, rank, name_ky), '[]')::text
    FROM feature
""")


def base_features(session: Session) -> str:
    """Return the base map as the text of a GeoJSON FeatureCollection (EPSG:4326, 3 decimals).

    ``kind`` is country, oblast, neighbour, lake or river, and for points neighbour_label, oblast_label, lake_label
    or place; ``min_zoom`` counts tiles of 512 pixels; names in the three languages where they are known.
    """
    return f'{{"type":"FeatureCollection","features":{session.scalar(_BASE)}}}'


_BOUNDS = text("""
    SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)
    FROM (
        SELECT ST_Extent(boundary.geom_low) AS box
        FROM area_boundary AS boundary JOIN area ON area.id = boundary.area_id WHERE area.code = :code
    ) AS extent
    WHERE box IS NOT NULL
""")


def area_bounds(session: Session, area_code: str) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of an area in EPSG:4326 degrees; None when its boundary is unknown."""
    found = session.execute(_BOUNDS, {"code": area_code}).first()
    return None if found is None else (found[0], found[1], found[2], found[3])
