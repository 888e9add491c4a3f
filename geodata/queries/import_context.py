"""What a validator must know besides the file: areas, codes, criteria, and which area holds a point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from sqlalchemy import select, text
from sqlalchemy.orm import aliased

from geodata.models import Area, Building, Criterion, School, SchoolCode, StandardEdition
from geodata.validation.context import KnownArea, KnownCriterion

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session


def known_areas(session: Session) -> list[KnownArea]:
    """Return the units of all periods."""
    parent = aliased(Area)
    query = (
        select(
            Area.code,
            Area.level,
            parent.code,
            Area.kind,
            Area.name_ky,
            Area.name_ru,
            Area.name_en,
            Area.former_names,
            Area.pcode,
            Area.valid_from,
            Area.valid_to,
        )
        .outerjoin(parent, parent.id == Area.parent_id)
        .order_by(Area.level, Area.code)
    )
    return [KnownArea(*row[:7], tuple(row[7]), *row[8:]) for row in session.execute(query)]


def school_codes(session: Session) -> frozenset[str]:
    """Return the codes of all schools."""
    return frozenset(session.scalars(select(School.code)))


def school_aliases(session: Session) -> dict[str, dict[str, str]]:
    """Return {register: {code there: school code}}."""
    found: dict[str, dict[str, str]] = {}
    query = select(SchoolCode.register, SchoolCode.code, School.code).join(School, School.id == SchoolCode.school_id)
    for register, code, school in session.execute(query):
        found.setdefault(register, {})[code] = school
    return found


def building_schools(session: Session) -> dict[str, str]:
    """Return {building code: school code}."""
    query = select(Building.code, School.code).join(School, School.id == Building.school_id)
    return {row[0]: row[1] for row in session.execute(query)}


def criteria(session: Session) -> dict[str, KnownCriterion]:
    """Return the criteria of the edition in use by code; empty without an edition."""
    query = (
        select(Criterion.code, Criterion.scope, Criterion.details, Criterion.grouping == "protection")
        .join(StandardEdition, StandardEdition.id == Criterion.edition_id)
        .where(StandardEdition.is_current)
    )
    return {row[0]: _criterion(*row) for row in session.execute(query)}


def _criterion(code: str, scope: str, details: dict[str, Any], is_protected: bool) -> KnownCriterion:
    return KnownCriterion(
        code,
        scope,
        str(details.get("value_type") or "bool"),
        details.get("operator") or None,
        _number(details.get("threshold_min")),
        _number(details.get("threshold_max")),
        is_protected,
    )


def _number(value: Any) -> float | None:
    try:
        return None if value in (None, "") else float(value)
    except ValueError:
        return None


def area_finder(session: Session) -> Callable[[NDArray, NDArray], Sequence[str | None]]:
    """Return a function from longitudes and latitudes to the code of the deepest unit of today that holds each."""
    rows = session.execute(
        text("""
            SELECT area.code, ST_AsBinary(b.geom) AS geom
            FROM area JOIN area_boundary AS b ON b.area_id = area.id
            WHERE area.valid_to IS NULL
            ORDER BY area.level, area.code
        """)
    ).all()
    outlines = shapely.from_wkb(np.array([bytes(row.geom) for row in rows], dtype=object))
    shapely.prepare(outlines)
    codes = [row.code for row in rows]
    tree = shapely.STRtree(outlines)

    def find(longitudes: NDArray, latitudes: NDArray) -> Sequence[str | None]:
        deepest = np.full(len(longitudes), -1)
        known = np.flatnonzero(np.isfinite(longitudes) & np.isfinite(latitudes))
        if len(codes) and len(known):
            points = shapely.points(longitudes[known], latitudes[known])
            point, unit = tree.query(points, predicate="intersects")
            np.maximum.at(deepest, known[point], unit)  # later units are deeper: the rows stand by level
        return [codes[unit] if unit >= 0 else None for unit in deepest]

    return find


def country_outline(session: Session) -> shapely.Geometry | None:
    """Return the outline of the country, EPSG:4326; None when there is none."""
    wkb = session.execute(
        text("""
            SELECT ST_AsBinary(b.geom) FROM area JOIN area_boundary AS b ON b.area_id = area.id
            WHERE area.level = 0 ORDER BY area.id LIMIT 1
        """)
    ).scalar()
    return shapely.from_wkb(bytes(wkb)) if wkb is not None else None
