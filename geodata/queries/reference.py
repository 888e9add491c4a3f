"""Write the reference data once: areas and the base map."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select

from geodata.models import Area, AreaBoundary, BaseMapFeature

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from geodata.records.area import AreaRecord

BEGINNING = date(1991, 8, 31)
"""Independence: areas are valid from then on when nothing else is known."""

LOW_DEG, MID_DEG = 0.01, 0.002
"""Simplification of outlines for zoom 0-6 and 7-9, in degrees."""


def area_ids(session: Session) -> dict[str, int]:
    """Return the ids of all areas by code."""
    return {str(row.code): int(row.id) for row in session.execute(select(Area.code, Area.id))}


def add_areas(session: Session, areas: Sequence[AreaRecord], source: str) -> dict[str, int]:
    """Add the areas that are not there yet, level by level, and return the ids of all areas by code."""
    known = area_ids(session)
    for level in sorted({area.level for area in areas}):
        new = [area for area in areas if area.level == level and area.code not in known]
        if not new:
            continue
        rows = [
            {
                "code": area.code,
                "level": area.level,
                "kind": area.kind,
                "parent_id": known[area.parent_code] if area.parent_code else None,
                "name_ky": area.name_ky,
                "name_ru": area.name_ru,
                "name_en": area.name_en,
                "former_names": list(area.former_names),
                "pcode": area.pcode,
                "population": area.population,
                "poverty_index": area.poverty_index,
                "valid_to": area.valid_to,
                "source": source,
                "is_synthetic": area.is_synthetic,
                "valid_from": area.valid_from or BEGINNING,
            }
            for area in new
        ]
        session.execute(insert(Area), rows)
        known = area_ids(session)
    return known


def set_boundaries(session: Session, geometries: Mapping[int, Any], quality: str, source: str, licence: str) -> None:
    """Set the outlines of areas (id -> shapely polygon, EPSG:4326) that have none yet.

    The set is simplified as a coverage, so that neighbours keep their common border at every zoom.
    """
    import numpy as np
    import shapely
    from geoalchemy2.shape import from_shape

    has = set(session.scalars(select(AreaBoundary.area_id).where(AreaBoundary.area_id.in_(geometries))))
    chosen = [(area_id, geometry) for area_id, geometry in geometries.items() if area_id not in has]
    if not chosen:
        return
    shapes = np.array([geometry for _, geometry in chosen], dtype=object)
    mid, low = (_simplified(shapes, tolerance) for tolerance in (MID_DEG, LOW_DEG))
    points = shapely.point_on_surface(shapes)
    session.execute(
        insert(AreaBoundary),
        [
            {
                "area_id": area_id,
                "geom": from_shape(_multi(shapes[row]), 4326),
                "geom_mid": from_shape(_multi(mid[row]), 4326),
                "geom_low": from_shape(_multi(low[row]), 4326),
                "label_point": from_shape(points[row], 4326),
                "quality": quality,
                "source": source,
                "licence": licence,
            }
            for row, (area_id, _) in enumerate(chosen)
        ],
    )


def _simplified(shapes: Any, tolerance: float) -> Any:
    import shapely

    found = shapely.coverage_simplify(shapes, tolerance)
    lost = shapely.is_empty(found)
    found[lost] = shapes[lost]
    return found


def _multi(geometry: Any) -> Any:
    import shapely

    return geometry if geometry.geom_type == "MultiPolygon" else shapely.multipolygons([geometry])


def replace_base_map(session: Session, features: Sequence[Mapping[str, Any]]) -> None:
    """Set the base map: rows with kind, names, min_zoom, rank, is_sketch, source and a shapely ``geometry``."""
    from geoalchemy2.shape import from_shape

    session.execute(delete(BaseMapFeature))
    session.execute(
        insert(BaseMapFeature),
        [
            {
                "kind": row["kind"],
                "name_ky": row.get("name_ky"),
                "name_ru": row.get("name_ru"),
                "name_en": row.get("name_en"),
                "min_zoom": row.get("min_zoom", 5),
                "rank": row.get("rank", 0),
                "is_sketch": row.get("is_sketch", False),
                "source": row.get("source"),
                "geom": from_shape(row["geometry"], 4326),
            }
            for row in features
        ],
    )


def has_base_map(session: Session) -> bool:
    """Return whether there is a base map."""
    return bool(session.scalar(select(func.count()).select_from(BaseMapFeature)))
