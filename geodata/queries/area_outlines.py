"""Outlines of areas: simplified as one coverage per level, and how a new map overlaps the former one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy.orm import Session

MID_TOLERANCE_DEG, LOW_TOLERANCE_DEG = 0.002, 0.01
"""For zoom 7-9 and 0-6: below a pixel of a 512-pixel tile at zoom 9 and 6."""

CURRENT = text("""
    SELECT b.area_id, ST_AsBinary(b.geom) AS geom
    FROM area_boundary AS b JOIN area ON area.id = b.area_id
    WHERE area.level = :level AND area.valid_to IS NULL
    ORDER BY b.area_id
""")
STORE = text("""
    UPDATE area_boundary SET
        geom_mid = ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_GeomFromWKB(:mid, 4326)), 3)),
        geom_low = ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_GeomFromWKB(:low, 4326)), 3))
    WHERE area_id = :area_id
""")
FORMER = text("""
    SELECT t.id, t.code, t.batch_id, ST_AsBinary(b.geom) AS geom
    FROM area AS t JOIN area_boundary AS b ON b.area_id = t.id
    WHERE t.level = :level AND t.valid_to IS NULL AND t.valid_from < :on_date AND (t.code = ANY(:codes)) = :is_named
    ORDER BY t.code
""")


@dataclass(frozen=True, slots=True)
class FormerUnit:
    """A unit of today's map that a new map does not name, with its outline in EPSG:4326."""

    id: int
    code: str
    batch_id: int | None
    outline: shapely.Geometry


def simplify_levels(session: Session, levels: Iterable[int]) -> None:
    """Simplify today's outlines of each level together, so that neighbours keep a common border.

    The result depends on the stored outlines only: taking a batch back restores it exactly.
    """
    for level in sorted(set(levels)):
        rows = session.execute(CURRENT, {"level": level}).all()
        if not rows:
            continue
        outlines = shapely.from_wkb(np.array([bytes(row.geom) for row in rows], dtype=object))
        mid, low = (_simplify(outlines, tolerance) for tolerance in (MID_TOLERANCE_DEG, LOW_TOLERANCE_DEG))
        session.execute(
            STORE,
            [
                {"area_id": row.area_id, "mid": shapely.to_wkb(one), "low": shapely.to_wkb(two)}
                for row, one, two in zip(rows, mid, low, strict=True)
            ],
        )


def _simplify(outlines: np.ndarray, tolerance: float) -> np.ndarray:
    simplified = shapely.coverage_simplify(outlines, tolerance)
    lost = shapely.is_empty(simplified) | (shapely.area(simplified) < 0.5 * shapely.area(outlines))
    return np.where(lost, outlines, simplified)


def former_units(
    session: Session, level: int, codes: Iterable[str], on_date: date, *, is_named: bool = False
) -> list[FormerUnit]:
    """Return the units of a level that are valid until now and began before ``on_date``, with their stored outline.

    Those that are not among ``codes``; with ``is_named`` those that are.
    """
    values = {"level": level, "codes": list(codes), "on_date": on_date, "is_named": is_named}
    rows = session.execute(FORMER, values).all()
    return [FormerUnit(row.id, row.code, row.batch_id, shapely.from_wkb(bytes(row.geom))) for row in rows]


def touched_levels(session: Session, batch_id: int) -> list[int]:
    """Return the levels whose outlines a batch adds, changes or closes."""
    found = session.execute(
        text("""
            SELECT DISTINCT coalesce((r.new ->> 'level')::int, t.level) AS level
            FROM import_row AS r LEFT JOIN area AS t ON t.id = r.record_id
            WHERE r.batch_id = :batch_id AND r.action IN ('added', 'changed', 'closed')
                AND (jsonb_exists(r.new, 'boundary') OR r.action = 'closed')
        """),
        {"batch_id": batch_id},
    )
    return [row.level for row in found if row.level is not None]
