"""Lists of schools and areas as programs read them: whether ranked or not, by the shared filter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geoalchemy2.functions import ST_X, ST_Y
from sqlalchemy import and_, func, literal, or_, select

from geodata.models import Area, School, SchoolArea, SchoolResult
from geodata.queries.areas import rows_of, valid_on
from geodata.queries.priorities import conditions, named
from geodata.records.area import AreaRow
from geodata.records.priority import ListFilter
from geodata.records.school import SchoolSummary

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

_COLUMNS = (
    School.code,
    School.name_ky,
    School.name_ru,
    School.name_en,
    Area.code,
    ST_X(School.location),
    ST_Y(School.location),
    School.location_quality,
    School.kind,
    School.ownership,
    School.languages,
    School.pupils,
    School.seats,
    School.shifts,
    School.is_synthetic,
)
"""In the order of the fields of ``SchoolSummary``."""


def school_conditions(run_id: int | None, wanted: ListFilter) -> ColumnElement[bool]:
    """Return the WHERE over ``school``: what needs a run is asked of its results, the rest of the school.

    A filter by results without a run leaves no school.
    """
    found: list[ColumnElement[bool]] = []
    by_results = replace(wanted, run=None, area=None, q=None, ownership=(), date=None, sort="rank", descending=False)
    if by_results != ListFilter():
        if run_id is None:
            return literal(False)
        found.append(School.id.in_(select(SchoolResult.school_id).where(*conditions(run_id, by_results))))
    if wanted.area is not None:
        inside = select(SchoolArea.school_id).join(Area, Area.id == SchoolArea.area_id).where(Area.code == wanted.area)
        found.append(School.id.in_(inside))
    if wanted.q:
        found.append(School.id.in_(named(wanted.q.strip())))
    if wanted.ownership:
        found.append(School.ownership.in_(wanted.ownership))
    return and_(literal(True), *found)


def list_schools(
    session: Session, run_id: int | None, wanted: ListFilter, limit: int, offset: int
) -> list[SchoolSummary]:
    """Return one page of schools by code."""
    query = (
        select(*_COLUMNS)
        .outerjoin(Area, Area.id == School.area_id)
        .where(school_conditions(run_id, wanted))
        .order_by(School.code)
        .limit(limit)
        .offset(offset)
    )
    return [SchoolSummary(*row) for row in session.execute(query)]


def count_schools(session: Session, run_id: int | None, wanted: ListFilter) -> int:
    """Return how many schools the filter leaves."""
    query = select(func.count()).select_from(School).where(school_conditions(run_id, wanted))
    return int(session.scalar(query) or 0)


def _area_condition(wanted: ListFilter, level: int | None) -> ColumnElement[bool]:
    found = [valid_on(wanted.date)]
    if level is not None:
        found.append(Area.level == level)
    if wanted.area is not None:
        parent = select(Area.id).where(Area.code == wanted.area)
        found.append(Area.parent_id.in_(parent))
    if wanted.q:
        folded = func.fold_name(wanted.q)
        found.append(or_(folded.op("<%")(Area.folded_name), Area.code == wanted.q))
    return and_(*found)


def list_areas(
    session: Session, run_id: int | None, wanted: ListFilter, level: int | None, limit: int, offset: int
) -> list[AreaRow]:
    """Return one page of the units on the map of the filter's date with their figures, by level and code.

    ``area`` asks for the units directly below it, ``q`` for a name.
    """
    query = rows_of(run_id).where(_area_condition(wanted, level)).order_by(Area.level, Area.code)
    return [AreaRow(*row) for row in session.execute(query.limit(limit).offset(offset))]


def count_areas(session: Session, wanted: ListFilter, level: int | None) -> int:
    """Return how many units there are."""
    query = select(func.count()).select_from(Area).where(_area_condition(wanted, level))
    return int(session.scalar(query) or 0)
