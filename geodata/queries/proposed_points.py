"""A point that a change proposes for a school, looked at by the rules of the fix-it queue before anybody takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

from geodata.queries.locations import DUPLICATE_M, OUTSIDE_TOLERANCE_DEG, SETTLEMENT_M, Twin

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LOOK = text("""
    WITH own AS (
        SELECT school.id, school.area_id, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS at
        FROM school
        WHERE school.id = :school_id
    )
    SELECT
        area.code, area.name_ky, area.name_ru, area.name_en,
        EXISTS (
            SELECT 1 FROM area_boundary
            WHERE area_boundary.area_id = own.area_id AND NOT ST_DWithin(area_boundary.geom, own.at, :outside_deg)
        ) AS is_outside,
        EXISTS (
            SELECT 1 FROM base_map_feature AS lake
            WHERE lake.kind = 'lake' AND lake.geom && own.at AND ST_Intersects(lake.geom, own.at)
        ) AS is_in_lake,
        EXISTS (SELECT 1 FROM base_map_feature WHERE kind = 'place')
        AND NOT EXISTS (
            SELECT 1 FROM base_map_feature AS place
            WHERE place.kind = 'place'
                AND ST_DWithin(place.geom, own.at, 0.25)  -- coarse, in degrees, uses the index
                AND ST_DistanceSphere(place.geom, own.at) < :settlement_m
        ) AS is_far
    FROM own
    LEFT JOIN area ON area.id = own.area_id
""")

NEAR = text("""
    SELECT
        code, name_ky, name_ru, name_en, ST_X(location), ST_Y(location), ST_DistanceSphere(location, at) AS distance_m
    FROM school, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS at
    WHERE id <> :school_id AND location && ST_Expand(at, 0.001)  -- 80 m or more
        AND ST_DistanceSphere(location, at) < :duplicate_m
    ORDER BY distance_m, code
""")


@dataclass(frozen=True, slots=True)
class ProposedPoint:
    """What the ground says of a proposed point; the names are of the school's stated area, None without one.

    Without an outline of the area, without lakes or settlements in the base map nothing is said of them. ``twins`` are
    the other schools within ``DUPLICATE_M`` that who asks may see.
    """

    area_code: str | None
    area_name_ky: str | None
    area_name_ru: str | None
    area_name_en: str | None
    is_outside_area: bool
    is_in_lake: bool
    is_far_from_settlement: bool
    twins: tuple[Twin, ...]


def look_at_point(session: Session, school_id: int, lon: float, lat: float) -> ProposedPoint | None:
    """Return what the ground says of a point (EPSG:4326) for a school; None for a school that is not there."""
    at = {"school_id": school_id, "lon": lon, "lat": lat}
    limits = {"outside_deg": OUTSIDE_TOLERANCE_DEG, "settlement_m": SETTLEMENT_M}
    row = session.execute(LOOK, {**at, **limits}).first()
    if row is None:
        return None
    twins = session.execute(NEAR, {**at, "duplicate_m": DUPLICATE_M})
    return ProposedPoint(
        row.code,
        row.name_ky,
        row.name_ru,
        row.name_en,
        row.is_outside,
        row.is_in_lake,
        row.is_far,
        tuple(Twin(*one) for one in twins),
    )


def moved_m(session: Session, former: tuple[float, float], proposed: tuple[float, float]) -> float:
    """Return how far two points (longitude, latitude; EPSG:4326) lie apart on the ground, in metres."""
    statement = text("""
        SELECT ST_DistanceSphere(
            ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), ST_SetSRID(ST_MakePoint(:to_lon, :to_lat), 4326)
        )
    """)
    values = {"lon": former[0], "lat": former[1], "to_lon": proposed[0], "to_lat": proposed[1]}
    return float(session.execute(statement, values).scalar_one())


def point_under_way(session: Session, school_id: int, except_number: int) -> int | None:
    """Return the newest submitted change of a school's point that who asks may see, other than ``except_number``."""
    statement = text("""
        SELECT id FROM revision
        WHERE status IN ('submitted', 'verified') AND kind = 'school' AND jsonb_exists(changes, 'location')
            AND school_id = :school_id AND id <> :number
        ORDER BY id DESC LIMIT 1
    """)
    return session.scalar(statement, {"school_id": school_id, "number": except_number})
