"""What a file of the list draws: the area of the filter, what lies directly below it, and its waters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from geodata.records.list_file import MapArea, MapWater

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

_AREAS = text("""
    SELECT
        area.code, area.level, area.name_ky, area.name_ru, area.name_en,
        result.schools, result.assessed, result.is_rankable, result.pupils, result.pupils_at_risk,
        result.mean_priority, result.mean_index,
        area.id = :area_id,
        ST_AsGeoJSON(CASE WHEN :fine THEN boundary.geom_mid ELSE boundary.geom_low END, 4)
    FROM area
    LEFT JOIN area_boundary AS boundary ON boundary.area_id = area.id
    LEFT JOIN area_result AS result ON result.area_id = area.id AND result.run_id = :run_id
    WHERE area.id = :area_id OR (
        area.parent_id = :area_id
        AND CASE WHEN CAST(:on AS date) IS NULL THEN area.valid_to IS NULL
            ELSE area.valid_from <= :on AND (area.valid_to IS NULL OR area.valid_to > :on) END
    )
    ORDER BY area.level, area.code
""")


def map_areas(
    session: Session, run_id: int, area_id: int | None, *, fine: bool = False, on: date | None = None
) -> list[MapArea]:
    """Return the area ``area_id`` and the units directly below it, of ``on`` or of today, with figures; [] without one.

    ``fine`` takes outlines for zoom 7-9 instead of 0-6.
    """
    if area_id is None:
        return []
    values = {"run_id": run_id, "area_id": area_id, "fine": fine, "on": on}
    return [MapArea(*row) for row in session.execute(_AREAS, values)]


_WATERS = text("""
    WITH frame AS (
        SELECT CASE WHEN area.level > 0 THEN ST_Expand(ST_Envelope(boundary.geom_low), 0.05) END AS box
        FROM area LEFT JOIN area_boundary AS boundary ON boundary.area_id = area.id
        WHERE area.id = :area_id
    )
    SELECT base.kind, base.name_ky, base.name_ru, base.name_en, ST_AsGeoJSON(drawn.geom, 3)
    FROM base_map_feature AS base
    LEFT JOIN frame ON true
    CROSS JOIN LATERAL (
        -- About 100 m in the file of an area, 300 m in that of the country: below half a pixel of what a reader sees.
        SELECT ST_Simplify(base.geom, CASE WHEN frame.box IS NULL THEN 0.003 ELSE 0.001 END, true) AS geom
    ) AS drawn
    WHERE base.kind IN ('lake', 'river') AND NOT ST_IsEmpty(drawn.geom)
        AND CASE WHEN frame.box IS NULL THEN base.kind = 'lake' OR base.min_zoom <= :main_zoom
            ELSE base.geom && frame.box END
    ORDER BY base.kind = 'lake', base.rank, base.id
""")

MAIN_RIVERS_ZOOM = 6
"""A river that maps show at this zoom or before is a main river of the country."""


def map_waters(session: Session, area_id: int | None) -> list[MapWater]:
    """Return lakes and rivers around an area, of the country (or without an area) its lakes and main rivers.

    Rivers come first, so that a lake lies over them; outlines are simplified, degrees of EPSG:4326.
    """
    values = {"area_id": area_id, "main_zoom": MAIN_RIVERS_ZOOM}
    return [MapWater(*row) for row in session.execute(_WATERS, values)]
