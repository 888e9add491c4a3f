"""Schools with sensible defaults."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from geoalchemy2 import WKTElement

from geodata.models import School

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_numbers = count(1)


def make_school(session: Session, *, lon: float | None = 74.6, lat: float | None = 42.87, **values: object) -> School:
    """Add a school; ``lon=None`` leaves its place unknown."""
    number = next(_numbers)
    facts: dict[str, object] = {
        "code": f"T-{number:06d}",
        "name_ky": f"№ {number} Ак-Терек орто мектеби",
        "name_ru": f"Средняя школа № {number} Ак-Терек",
        "name_en": f"Ak-Terek school No. {number}",
        "ownership": "municipal",
        "pupils": 400,
    } | values
    if lon is not None:
        facts["location"] = WKTElement(f"POINT({lon} {lat})", srid=4326)
    school = School(**facts)
    session.add(school)
    session.flush()
    return school
