"""Areas with a square boundary."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import TYPE_CHECKING

from geoalchemy2 import WKTElement

from geodata.models import Area, AreaBoundary, AreaSuccession

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_numbers = count(1)
Box = tuple[float, float, float, float]


def make_area(
    session: Session, level: int, *, parent: Area | None = None, box: Box | None = None, **values: object
) -> Area:
    """Add an area; ``box`` (west, south, east, north) gives it a boundary."""
    number = next(_numbers)
    facts: dict[str, object] = {
        "code": f"TEST-{number:05d}",
        "level": level,
        "kind": ("country", "oblast", "rayon", "aiyl_aimak")[level],
        "parent_id": parent.id if parent else None,
        "name_ky": f"{number} аймак",
        "name_ru": f"{number} район",
        "name_en": f"Area {number}",
    } | values
    area = Area(**facts)
    session.add(area)
    session.flush()
    if box:
        west, south, east, north = box
        ring = f"(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))"
        shape = WKTElement(f"MULTIPOLYGON({ring})", srid=4326)
        point = WKTElement(f"POINT({(west + east) / 2} {(south + north) / 2})", srid=4326)
        session.add(
            AreaBoundary(
                area_id=area.id, geom=shape, geom_mid=shape, geom_low=shape, label_point=point, quality="sketch"
            )
        )
        session.flush()
    return area


def make_succession(session: Session, predecessor: Area, successor: Area, kind: str = "merge") -> None:
    """Say that one area became (part of) another."""
    session.add(
        AreaSuccession(
            predecessor_id=predecessor.id, successor_id=successor.id, kind=kind, on_date=date(2025, 1, 1), source="test"
        )
    )
    session.flush()
