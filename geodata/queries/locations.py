"""Doubtful locations: found by rule, listed for the people who can put them right (the fix-it queue).

The queue holds the schools of the territory in which who asks may see what is not published; the database decides by
the rights of the session, like its policies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select, text

from geodata.models import Area, School, SchoolArea
from geodata.queries.areas import valid_on
from geodata.queries.chosen_schools import stage_chosen_schools
from geodata.queries.territory import inside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

FLAGS = ("no_location", "outside_area", "in_lake", "duplicate_point", "far_from_settlement", "too_high")
"""In the order in which they should be looked at."""

OUTSIDE_TOLERANCE_DEG = 0.005
"""About 500 m: outlines are no more exact than that."""

DUPLICATE_M = 50.0
SETTLEMENT_M = 15_000.0
HIGHEST_M = 3_600.0

CHECK = text("""
    WITH placed AS MATERIALIZED (  -- in cells of 0.001 degrees (80 m or more): row security keeps a join off the index
        SELECT id, location, floor(ST_X(location) * 1000)::int AS x, floor(ST_Y(location) * 1000)::int AS y
        FROM school
        WHERE location IS NOT NULL
    ),
    near AS MATERIALIZED (  -- each chosen school in its own cell and the eight around it, before anything is joined
        SELECT
            chosen_school.id,
            chosen_school.location,
            floor(ST_X(location) * 1000)::int + dx AS x,
            floor(ST_Y(location) * 1000)::int + dy AS y
        FROM chosen_school
        CROSS JOIN generate_series(-1, 1) AS dx
        CROSS JOIN generate_series(-1, 1) AS dy
        WHERE chosen_school.location IS NOT NULL
    ),
    doubt AS (
        SELECT id, 'no_location' AS flag FROM chosen_school WHERE location IS NULL
        UNION ALL
        SELECT chosen_school.id, 'outside_area'
        FROM chosen_school
        JOIN area_boundary ON area_boundary.area_id = chosen_school.area_id
        WHERE NOT ST_DWithin(area_boundary.geom, chosen_school.location, :outside_deg)
        UNION ALL
        SELECT DISTINCT drowned.id, 'in_lake'
        FROM base_map_feature AS lake
        CROSS JOIN LATERAL (  -- the lake on the outer side: PostGIS prepares it once for all points in its box
            SELECT id FROM chosen_school
            WHERE location && lake.geom AND ST_Intersects(lake.geom, location)
            OFFSET 0
        ) AS drowned
        WHERE lake.kind = 'lake'
        UNION ALL
        SELECT DISTINCT near.id, 'duplicate_point'
        FROM near
        JOIN placed AS other ON other.x = near.x AND other.y = near.y AND other.id <> near.id
        WHERE ST_DistanceSphere(other.location, near.location) < :duplicate_m
        UNION ALL
        SELECT chosen_school.id, 'far_from_settlement'
        FROM chosen_school
        WHERE chosen_school.location IS NOT NULL
            AND EXISTS (SELECT 1 FROM base_map_feature WHERE kind = 'place')
            AND NOT EXISTS (
                SELECT 1
                FROM base_map_feature AS place
                WHERE place.kind = 'place'
                    AND ST_DWithin(place.geom, chosen_school.location, 0.25)  -- coarse, in degrees, uses the index
                    AND ST_DistanceSphere(place.geom, chosen_school.location) < :settlement_m
            )
        UNION ALL
        SELECT DISTINCT chosen_school.id, 'too_high'
        FROM chosen_school
        JOIN exposure ON exposure.school_id = chosen_school.id AND exposure.building_id IS NULL
        JOIN exposure_run ON exposure_run.id = exposure.run_id AND exposure_run.is_current
        JOIN hazard_layer ON hazard_layer.id = exposure_run.layer_id
            AND hazard_layer.is_current AND hazard_layer.hazard = 'altitude'
        WHERE exposure.value > :highest_m
    ),
    found AS (
        SELECT
            chosen_school.id,
            array_remove(array_agg(doubt.flag ORDER BY doubt.flag), NULL) AS flags
        FROM chosen_school
        LEFT JOIN doubt ON doubt.id = chosen_school.id
        GROUP BY chosen_school.id
    )
    UPDATE school
    SET location_flags = found.flags
    FROM found
    WHERE found.id = school.id AND school.location_flags IS DISTINCT FROM found.flags
""")


@dataclass(frozen=True, slots=True)
class DoubtfulLocation:
    """A school whose place needs a look; ``flags`` are of ``FLAGS``, coordinates EPSG:4326 or None."""

    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    flags: list[str]
    location_quality: str
    lon: float | None
    lat: float | None
    area_code: str | None
    area_name_ky: str | None
    area_name_ru: str | None
    area_name_en: str | None
    school_id: int


class Twin(NamedTuple):
    """Another school at nearly the same point; ``distance_m`` is that of the two points on the ground."""

    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    lon: float
    lat: float
    distance_m: float


TWINS = text("""
    SELECT
        other.code, other.name_ky, other.name_ru, other.name_en, ST_X(other.location), ST_Y(other.location),
        ST_DistanceSphere(other.location, own.location) AS distance_m
    FROM school AS own
    JOIN school AS other ON other.id <> own.id AND other.location && ST_Expand(own.location, 0.001)  -- 80 m or more
    WHERE own.id = :school_id AND ST_DistanceSphere(other.location, own.location) < :duplicate_m
    ORDER BY distance_m, other.code
""")


UNDER_WAY = text("""
    SELECT DISTINCT ON (school_id) school_id, id
    FROM revision
    WHERE status IN ('submitted', 'verified') AND kind = 'school' AND jsonb_exists(changes, 'location')
        AND school_id = ANY (:school_ids)
    ORDER BY school_id, id DESC
""")


def check_locations(session: Session, school_ids: Sequence[int] | None = None) -> int:
    """Set ``school.location_flags`` of ``school_ids`` (None: all) and return how many schools changed."""
    stage_chosen_schools(session, school_ids)
    values = {
        "outside_deg": OUTSIDE_TOLERANCE_DEG,
        "duplicate_m": DUPLICATE_M,
        "settlement_m": SETTLEMENT_M,
        "highest_m": HIGHEST_M,
    }
    return session.execute(CHECK, values).rowcount  # type: ignore[attr-defined,no-any-return]


def _doubtful(area_code: str | None, flag: str | None) -> Select:
    query = select(School.id).where(func.cardinality(School.location_flags) > 0, text(inside("school.id", "see")))
    if flag is not None:
        query = query.where(School.location_flags.contains([flag]))
    if area_code is not None:
        within = select(SchoolArea.school_id).join(Area, Area.id == SchoolArea.area_id).where(Area.code == area_code)
        query = query.where(School.id.in_(within))
    return query


def _places() -> Select:
    """Return the SELECT of the fields of ``DoubtfulLocation``."""
    return select(
        School.code,
        School.name_ky,
        School.name_ru,
        School.name_en,
        School.location_flags,
        School.location_quality,
        func.ST_X(School.location),
        func.ST_Y(School.location),
        Area.code,
        Area.name_ky,
        Area.name_ru,
        Area.name_en,
        School.id,
    ).outerjoin(Area, Area.id == School.area_id)


def doubtful(
    session: Session, area_code: str | None = None, flag: str | None = None, limit: int = 50, offset: int = 0
) -> list[DoubtfulLocation]:
    """Return one page of the territory's schools with doubtful locations, in order of names."""
    query = (
        _places()
        .where(School.id.in_(_doubtful(area_code, flag)))
        .order_by(School.name_ky.collate("ky-x-icu"), School.id)
        .limit(limit)
        .offset(offset)
    )
    return [DoubtfulLocation(*row) for row in session.execute(query)]


def find_place(session: Session, code: str) -> DoubtfulLocation | None:
    """Return the place of one school of the territory, in doubt or not; None for any other code."""
    row = session.execute(_places().where(School.code == code, text(inside("school.id", "see")))).first()
    return None if row is None else DoubtfulLocation(*row)


def twins(session: Session, school_id: int) -> list[Twin]:
    """Return the schools within ``DUPLICATE_M`` of a school's point that who asks may see, the nearest first."""
    values = {"school_id": school_id, "duplicate_m": DUPLICATE_M}
    return [Twin(*row) for row in session.execute(TWINS, values)]


def corrections_under_way(session: Session, school_ids: Sequence[int]) -> dict[int, int]:
    """Return the newest submitted change of the point of each school that has one and that who asks may see."""
    found = session.execute(UNDER_WAY, {"school_ids": list(school_ids)})
    return {int(row.school_id): int(row.id) for row in found}


def areas_in_doubt(session: Session) -> list[Area]:
    """Return today's units of levels 1 and 2 that hold a school of the queue, by level and Kyrgyz name."""
    held = select(SchoolArea.area_id).where(SchoolArea.school_id.in_(_doubtful(None, None)))
    query = select(Area).where(Area.level.in_((1, 2)), valid_on(None), Area.id.in_(held))
    return list(session.scalars(query.order_by(Area.level, Area.name_ky.collate("ky-x-icu"), Area.id)))


def count_doubtful(session: Session, area_code: str | None = None, flag: str | None = None) -> int:
    """Return how many schools of the territory have a doubtful location."""
    return session.scalar(select(func.count()).select_from(_doubtful(area_code, flag).subquery())) or 0
