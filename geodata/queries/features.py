"""OGC API - Features: PostgreSQL builds the text of each page of features; nothing is parsed on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from geodata.public_reader import PublicReader


@dataclass(frozen=True, slots=True)
class FeatureWish:
    """What a page of features is asked for. ``bbox`` is west, south, east, north in degrees, EPSG:4326.

    ``starts`` and ``ends`` bound the time in which an area was valid (None = open); only areas have times.
    """

    limit: int
    offset: int
    bbox: tuple[float, float, float, float] | None = None
    starts: date | None = None
    ends: date | None = None
    feature_id: str | None = None
    layer_id: int | None = None
    run_id: int | None = None


@dataclass(frozen=True, slots=True)
class FeaturePage:
    """``features`` is the text of a JSON array, in UTF-8; ``matched`` counts all features that the wish fits."""

    features: bytes
    returned: int
    matched: int


BOX = "ST_MakeEnvelope(:west, :south, :east, :north, 4326)"

_SCHOOL_WHERE = """
    WHERE (CAST(:feature_id AS text) IS NULL OR school.code = :feature_id)
        AND (:has_box = false OR (school.location && <box> AND ST_Intersects(school.location, <box>)))
"""
_SCHOOLS = """
    -- Of rows, not of objects that are built: their text has no blanks, a tenth of all bytes.
    SELECT row_to_json(made) AS feature
    FROM school
    LEFT JOIN school_result AS result ON result.school_id = school.id AND result.run_id = :run_id
    CROSS JOIN LATERAL (
        SELECT
            school.code, school.name_ky, school.name_ru, school.name_en, school.kind, school.ownership, school.pupils,
            school.seats, school.shifts, result.grade, result.conformity_class, result.index_central,
            result.completeness, result.priority_central, result.national_rank, result.confidence, result.assessed_on,
            school.is_synthetic AS synthetic
    ) AS properties
    CROSS JOIN LATERAL (
        SELECT
            'Feature' AS type, school.code AS id,
            CASE WHEN school.location IS NULL THEN NULL ELSE ST_AsGeoJSON(school.location, 7)::json END AS geometry,
            row_to_json(properties) AS properties
    ) AS made
    <where>
    ORDER BY school.code
"""
_SCHOOL_COUNT = "SELECT count(*) FROM school <where>"

_AREA_FROM = """
    FROM area
    LEFT JOIN area_boundary AS boundary ON boundary.area_id = area.id
    WHERE (CAST(:feature_id AS text) IS NULL OR area.code = :feature_id)
        AND (:has_box = false OR (boundary.geom && <box> AND ST_Intersects(boundary.geom, <box>)))
        AND (CAST(:ends AS date) IS NULL OR area.valid_from <= :ends)
        AND (CAST(:starts AS date) IS NULL OR area.valid_to IS NULL OR area.valid_to > :starts)
"""
_AREAS = """
    SELECT json_build_object(
        'type', 'Feature', 'id', area.code,
        'geometry', CASE WHEN boundary.geom IS NULL THEN NULL ELSE ST_AsGeoJSON(boundary.geom, 6)::json END,
        'properties', json_build_object(
            'code', area.code, 'level', area.level, 'kind', area.kind, 'name_ky', area.name_ky,
            'name_ru', area.name_ru, 'name_en', area.name_en, 'valid_from', area.valid_from,
            'valid_to', area.valid_to, 'boundary_quality', boundary.quality, 'schools', found.schools,
            'assessed', found.assessed, 'pupils', found.pupils, 'pupils_at_risk', found.pupils_at_risk,
            'mean_priority', found.mean_priority, 'mean_index', found.mean_index,
            'synthetic', area.is_synthetic)) AS feature
    FROM (SELECT area.id <where> ORDER BY area.level, area.code LIMIT :limit OFFSET :offset) AS page
    JOIN area ON area.id = page.id
    LEFT JOIN area_boundary AS boundary ON boundary.area_id = area.id
    LEFT JOIN area_result AS found ON found.area_id = area.id AND found.run_id = :run_id
    ORDER BY area.level, area.code
"""
_AREA_COUNT = "SELECT count(*) <where>"

_HAZARD_WHERE = """
    WHERE feature.layer_id = :layer_id
        AND (CAST(:feature_id AS text) IS NULL OR feature.id::text = :feature_id)
        AND (:has_box = false OR (feature.geom && <box> AND ST_Intersects(feature.geom, <box>)))
"""
_HAZARDS = """
    SELECT json_build_object(
        'type', 'Feature', 'id', feature.id,
        'geometry', ST_AsGeoJSON(feature.geom, 6)::json,
        'properties', json_build_object('level', feature.level, 'value', feature.value, 'name', feature.name))
        AS feature
    FROM hazard_feature AS feature
    <where>
    ORDER BY feature.id
"""
_HAZARD_COUNT = "SELECT count(*) FROM hazard_feature AS feature <where>"


_PAGE = """
    WITH page AS (<rows>)
    SELECT
        -- Bytes, as they go out: nothing is decoded and encoded again on the way.
        convert_to(coalesce('[' || string_agg(feature::text, ',') || ']', '[]'), 'UTF8'), count(*), (<count>)
    FROM page
"""
WINDOW = " LIMIT :limit OFFSET :offset"


def _page(rows: str, count: str, where: str, window: str = WINDOW) -> Any:
    """Put our own parts of a statement together; values are always bound."""
    statement = _PAGE.replace("<rows>", rows + window).replace("<count>", count)
    return text(statement.replace("<where>", where).replace("<box>", BOX))


_PAGES = {
    "schools": _page(_SCHOOLS, _SCHOOL_COUNT, _SCHOOL_WHERE),
    "areas": _page(_AREAS, _AREA_COUNT, _AREA_FROM, window=""),
    "hazard": _page(_HAZARDS, _HAZARD_COUNT, _HAZARD_WHERE),
}


def feature_page(session: Session | PublicReader, kind: str, wish: FeatureWish) -> FeaturePage:
    """Return one page of ``schools``, ``areas`` or ``hazard`` (of ``layer_id``); row security decides what there is."""
    west, south, east, north = wish.bbox or (0.0, 0.0, 0.0, 0.0)
    values = {
        "limit": wish.limit,
        "offset": wish.offset,
        "has_box": wish.bbox is not None,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "starts": wish.starts,
        "ends": wish.ends,
        "feature_id": wish.feature_id,
        "layer_id": wish.layer_id,
        "run_id": wish.run_id,
    }
    return FeaturePage(*session.execute(_PAGES[kind], values).one())


_EXTENT = """
    SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box) FROM (<boxes>) AS extent
"""
_EXTENTS = {
    kind: text(_EXTENT.replace("<boxes>", boxes))
    for kind, boxes in (
        ("schools", "SELECT ST_Extent(location) AS box FROM school"),
        ("areas", "SELECT ST_Extent(geom_low) AS box FROM area_boundary"),
        ("hazard", "SELECT ST_Extent(geom) AS box FROM hazard_feature WHERE layer_id = :layer_id"),
    )
}


def extent(session: Session, kind: str, layer_id: int | None = None) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of a collection in degrees; None when it is empty."""
    values = {"layer_id": layer_id} if kind == "hazard" else {}
    west, south, east, north = session.execute(_EXTENTS[kind], values).one()
    return None if west is None else (west, south, east, north)
