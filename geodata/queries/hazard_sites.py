"""Hazard areas with the schools that lie in them: an inventory for the people who watch the areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

_SITES = text("""
    SELECT
        layer.hazard, layer.code AS layer_code, layer.manifest ->> 'title' AS layer_title, feature.id AS site,
        feature.name AS site_name, feature.level, feature.properties,
        school.code, school.name_ky, school.name_ru, school.name_en, school.pupils, school.shift_pupils
    FROM hazard_feature AS feature
    JOIN hazard_layer AS layer ON layer.id = feature.layer_id AND layer.is_current
    JOIN school ON ST_Intersects(feature.geom, school.location)
    WHERE (feature.level >= :least OR feature.level IS NULL)
        AND layer.hazard NOT IN ('altitude', 'fault')
        AND (school.closed_on IS NULL OR school.closed_on > current_date)
    ORDER BY feature.level DESC NULLS LAST, layer.hazard, feature.id, school.code COLLATE "C"
""")


def list_sites(session: Session, least: int = 2) -> Sequence[Any]:
    """Return a row for each area of level ``least`` or worse (or of unknown level) and each open school inside it.

    Schools without coordinates are in no area: nobody knows. The worst level first.
    """
    return session.execute(_SITES, {"least": least}).all()
