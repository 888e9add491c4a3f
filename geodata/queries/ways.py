"""Ways from schools: what they are worked out from, where they are kept, and what hazards lie across them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from sqlalchemy import bindparam, delete, text

from geodata.crs import KYRGYZSTAN_METRIC
from geodata.database import copy_rows
from geodata.models import SchoolDistance, SchoolWay
from geodata.records.travel import TouchedLayer, WayFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

WAY_COLUMNS = (
    "school_id", "target", "other_id", "name_ky", "name_ru", "name_en", "minutes", "km", "layer_id", "geom",
)  # fmt: skip

_SCHOOLS = text("""
    SELECT school.id, school.kind, school.languages, result.grade, ST_AsBinary(school.location)
    FROM school
    LEFT JOIN school_result AS result ON result.school_id = school.id AND result.run_id = :run_id
    WHERE school.location IS NOT NULL AND (school.closed_on IS NULL OR school.closed_on > current_date)
    ORDER BY school.id
""")

_SETTLEMENTS = text("""
    SELECT name_ky, name_ru, name_en, ST_AsBinary(geom)
    FROM base_map_feature
    WHERE kind = 'place' AND ST_GeometryType(geom) = 'ST_Point'
    ORDER BY id
""")

# No part of it expects more rows for unknown values than for known ones: so its plan, dearer than its rows, is kept.
_WAYS = text("""
    WITH here AS (SELECT id, location FROM school WHERE id = :school_id),
    aim AS (
        SELECT 'settlement' AS target, NULL AS other_code, name_ky, name_ru, name_en, geom
        FROM (
            SELECT place.name_ky, place.name_ru, place.name_en, place.geom
            FROM base_map_feature AS place, here
            WHERE place.kind = 'place' AND place.geom && ST_Expand(here.location, 0.5)
            ORDER BY ST_DistanceSphere(ST_Centroid(place.geom), here.location)
            LIMIT 1
        ) AS centre
        UNION ALL
        SELECT kind, NULL, name, name, name, geom
        FROM (
            SELECT DISTINCT ON (place.kind) place.kind, place.name, place.geom
            FROM service_place AS place
            JOIN travel_layer AS layer ON layer.id = place.layer_id AND layer.is_current
            CROSS JOIN here
            ORDER BY place.kind, ST_DistanceSphere(place.geom, here.location)
        ) AS nearest
        UNION ALL
        SELECT wanted.target, other.code, other.name_ky, other.name_ru, other.name_en, other.location
        FROM (VALUES ('school', CAST(:school AS text)), ('safe_school', CAST(:safe_school AS text)))
            AS wanted (target, code)
        JOIN school AS other ON other.code = wanted.code
    ),
    way AS (
        SELECT road.target, other.code AS other_code,
            coalesce(other.name_ky, road.name_ky) AS name_ky, coalesce(other.name_ru, road.name_ru) AS name_ru,
            coalesce(other.name_en, road.name_en) AS name_en, road.minutes, road.km, road.geom AS line
        FROM here
        JOIN school_way AS road ON road.school_id = here.id
        LEFT JOIN school AS other ON other.id = road.other_id
        UNION ALL
        SELECT aim.target, aim.other_code, aim.name_ky, aim.name_ru, aim.name_en, NULL, NULL,
            ST_MakeLine(here.location, ST_Centroid(aim.geom))
        FROM here, aim
        WHERE here.location IS NOT NULL
            AND (aim.target = 'safe_school' OR NOT EXISTS (
                SELECT FROM school_way AS road WHERE road.school_id = here.id AND road.target = aim.target
            ))
    ),
    layer AS MATERIALIZED (  -- once, not for each way
        SELECT id, code, hazard, manifest -> 'coverage' AS coverage,
            coalesce(CAST(manifest -> 'sampling' ->> 'buffer_m' AS double precision), 0) AS buffer_m,
            coalesce(manifest -> 'coverage' ->> 'kind', 'everywhere') = 'features'
                OR manifest -> 'coverage' -> 'untouched_level' = 'null' AS is_by_features
        FROM hazard_layer
        WHERE is_current AND kind = 'polygon' AND hazard = ANY(:hazards)
            AND NOT coalesce(CAST(manifest ->> 'is_context' AS boolean), false)
    )
    SELECT way.target, way.other_code, way.name_ky, way.name_ru, way.name_en, way.minutes, way.km,
        ST_DistanceSphere(ST_StartPoint(way.line), ST_EndPoint(way.line)) / 1000 AS straight_km,
        ST_AsBinary(way.line) AS line,
        (
            SELECT jsonb_agg(
                jsonb_build_array(
                    layer.code, layer.hazard, layer.coverage, touched.paths, touched.worst, touched.unlevelled,
                    coalesce(touched.is_covered, false)
                )
                ORDER BY layer.code
            )
            FROM layer
            CROSS JOIN LATERAL (
                SELECT
                    count(*) FILTER (WHERE feature.level >= :least_level) AS paths,
                    max(feature.level) AS worst,
                    count(*) FILTER (WHERE feature.level IS NULL) AS unlevelled,
                    ST_Covers(ST_Union(feature.geom) FILTER (WHERE layer.is_by_features), way.line) AS is_covered
                FROM hazard_feature_in_box(
                    layer.id, CAST(ST_Expand(way.line, layer.buffer_m / 70000.0) AS geometry)
                ) AS near (id)
                JOIN hazard_feature AS feature ON feature.id = near.id
                WHERE ST_DWithin(feature.geom, way.line, layer.buffer_m / 70000.0)  -- quick: over 80 km a degree
                    AND (layer.buffer_m = 0 OR ST_DWithin(
                        ST_Transform(feature.geom, :metric), ST_Transform(way.line, :metric), layer.buffer_m
                    ))
            ) AS touched
        ) AS touched
    FROM way
""").bindparams(bindparam("metric", KYRGYZSTAN_METRIC, literal_execute=True))


_ROAD_FILE = text("""
    SELECT CAST(layer.created_at AS date), layer.source
    FROM school_way AS way
    JOIN travel_layer AS layer ON layer.id = way.layer_id
    WHERE way.school_id = :school_id AND way.target = :target
""")


@dataclass(frozen=True, slots=True, eq=False)
class PlacedSchools:
    """Open schools with a place, by id. ``grade`` is that of the ranking, None where it ranked nothing."""

    ids: NDArray[np.int64]
    kinds: list[str]
    languages: list[frozenset[str]]
    grades: list[str | None]
    points: NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Settlements:
    """Settlements of our base map: names in Kyrgyz, Russian, English (None unknown) and points."""

    names: list[tuple[str | None, str | None, str | None]]
    points: NDArray[Any]


def placed_schools(session: Session, run_id: int | None) -> PlacedSchools:
    """Return the open schools that have a place, with their grades in a run."""
    rows = session.execute(_SCHOOLS, {"run_id": run_id}).all()
    return PlacedSchools(
        np.array([row[0] for row in rows], dtype=np.int64),
        [row[1] for row in rows],
        [frozenset(row[2]) for row in rows],
        [row[3] for row in rows],
        _points([row[4] for row in rows]),
    )


def settlements(session: Session) -> Settlements:
    """Return the settlements of the base map."""
    rows = session.execute(_SETTLEMENTS).all()
    return Settlements([tuple(row[:3]) for row in rows], _points([row[3] for row in rows]))


def _points(values: list[Any]) -> NDArray[Any]:
    found: NDArray[Any] = shapely.from_wkb(np.array([bytes(one) for one in values], dtype=object))
    return found


def forget_ways(session: Session) -> None:
    """Remove all ways and distances, before they are written again."""
    session.execute(delete(SchoolWay))
    session.execute(delete(SchoolDistance))


def store_ways(session: Session, rows: Iterable[Sequence[Any]]) -> None:
    """Store ways; rows as ``WAY_COLUMNS``, the line as EWKT."""
    copy_rows(session, "school_way", WAY_COLUMNS, rows)


def store_distances(session: Session, rows: Iterable[tuple[int, int, list[int], list[float]]]) -> None:
    """Store (school, road file, other schools, km by road to each)."""
    copy_rows(session, "school_distance", ("school_id", "layer_id", "other_ids", "km"), rows)


def road_file_of(session: Session, school_id: int, target: str) -> tuple[date, str] | None:
    """Return the day and source of the road file behind a way of a school; None where there is no such way."""
    row = session.execute(_ROAD_FILE, {"school_id": school_id, "target": target}).first()
    return (row[0], row[1]) if row else None


def ways_of(
    session: Session,
    school_id: int,
    others: dict[str, str],
    *,
    hazards: Sequence[str],
    least_level: int,
) -> list[WayFacts]:
    """Return the ways of a school, by road where there are some and as straight lines, with what lies across them.

    Args:
        session: Its scope decides which layers are seen.
        school_id: The school.
        others: Code of the school that a straight line leads to, by target.
        hazards: Kinds of hazard whose current layers of polygons are held against the ways.
        least_level: From which level on a feature is a path that the way crosses.
    """
    values = {
        "school_id": school_id,
        "school": others.get("school"),
        "safe_school": others.get("safe_school"),
        "hazards": list(hazards),
        "least_level": least_level,
    }
    found = []
    for row in session.execute(_WAYS, values):
        touched = tuple(TouchedLayer(*one) for one in row.touched or ())
        values_of: list[Any] = [*row[:8], shapely.from_wkb(bytes(row.line)), touched]
        found.append(WayFacts(*values_of))
    return found
