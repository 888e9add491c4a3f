"""Hazard areas with the schools that lie in them: an inventory for the people who watch the areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

_SITES = text("""
    WITH watched AS (  -- reach_m: how far around a line or a point the level is still :least or worse
        SELECT
            layer.id, layer.hazard, layer.code, layer.kind, layer.manifest,
            (
                SELECT max((class ->> 'upper')::float)
                FROM jsonb_array_elements(layer.manifest -> 'classes') AS class
                WHERE (class ->> 'level')::int >= :least
            ) AS reach_m
        FROM hazard_layer AS layer
        WHERE layer.is_current AND layer.hazard NOT IN ('altitude', 'fault', 'cold', 'heat')
    ),
    met AS (
        SELECT
            feature.id AS site, feature.layer_id, feature.name AS site_name, feature.properties, feature.level,
            school.id AS school_id, 0.0 AS away_m
        FROM watched
        JOIN hazard_feature AS feature ON feature.layer_id = watched.id
        JOIN school ON ST_Intersects(feature.geom, school.location)
        WHERE watched.kind = 'polygon' AND (feature.level >= :least OR feature.level IS NULL)
        UNION ALL
        SELECT
            feature.id, feature.layer_id, feature.name, feature.properties, feature.level, school.id, near.away_m
        FROM watched
        JOIN hazard_feature AS feature ON feature.layer_id = watched.id
        -- In degrees first, so that the index answers: a degree of longitude is at least 80 km here.
        JOIN school ON school.location && ST_Expand(feature.geom, watched.reach_m / 80000.0)
        CROSS JOIN LATERAL (
            SELECT ST_Distance(feature.geom::geography, school.location::geography) AS away_m
        ) AS near
        WHERE watched.kind IN ('line', 'point') AND near.away_m < watched.reach_m
    )
    SELECT
        watched.hazard, watched.code AS layer_code, watched.manifest ->> 'title' AS layer_title, met.site,
        met.site_name,
        CASE watched.kind WHEN 'polygon' THEN met.level ELSE greatest(met.level, (
            SELECT (class ->> 'level')::int
            FROM jsonb_array_elements(watched.manifest -> 'classes') AS class
            WHERE met.away_m < (class ->> 'upper')::float
            ORDER BY (class ->> 'upper')::float
            LIMIT 1
        )) END AS level,
        met.properties,
        school.code, school.name_ky, school.name_ru, school.name_en, school.pupils, school.shift_pupils
    FROM met
    JOIN watched ON watched.id = met.layer_id
    JOIN school ON school.id = met.school_id
    WHERE school.closed_on IS NULL OR school.closed_on > current_date
    ORDER BY level DESC NULLS LAST, watched.hazard, met.site, school.code COLLATE "C"
""")
"""Of a feature with a level of its own the worse of that and the class of the distance is told. Cold and heat have no
sites: a zone of them holds half a country."""


def list_sites(session: Session, least: int = 2) -> Sequence[Any]:
    """Return a row for each area of level ``least`` or worse (or of unknown level) and each open school inside it.

    Around lines and points (outburst floods, tailings, roads, power lines) the classes of the distance say the level.
    Schools without coordinates are in no area: nobody knows. The worst level first.
    """
    return session.execute(_SITES, {"least": least}).all()
