"""The areas that a file of the list draws: the area of the filter and what lies directly below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from geodata.records.list_file import MapArea

if TYPE_CHECKING:
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
    WHERE area.id = :area_id OR (area.parent_id = :area_id AND area.valid_to IS NULL)
    ORDER BY area.level, area.code
""")


def map_areas(session: Session, run_id: int, area_id: int | None, *, fine: bool = False) -> list[MapArea]:
    """Return the area ``area_id`` and today's units directly below it, with figures; [] without an area.

    ``fine`` takes outlines for zoom 7-9 instead of 0-6.
    """
    if area_id is None:
        return []
    values = {"run_id": run_id, "area_id": area_id, "fine": fine}
    return [MapArea(*row) for row in session.execute(_AREAS, values)]
