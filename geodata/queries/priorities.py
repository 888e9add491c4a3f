"""The ranked list: one filter, one order and one row for page, map, tiles, API and files."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from geoalchemy2.functions import ST_X, ST_Y
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Integer,
    Text,
    and_,
    bindparam,
    cast,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from geodata.models import Area, DomainResult, School, SchoolArea, SchoolResult
from geodata.queries.school_money import funded_schools
from geodata.records.priority import ListFilter, PriorityRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

DEFAULT_HAZARD_LEVEL = 3
NO_GRADE = "unknown"
CODE_DIGITS = 5

_oblast, _rayon, _aimak = aliased(Area), aliased(Area), aliased(Area)
_spelt = aliased(School)
PLACES = {"oblast": _oblast, "rayon": _rayon, "aimak": _aimak}
"""The three areas of a school, as ``list_query`` joins them."""

_COLUMNS = (
    School.id,
    School.code,
    School.name_ky,
    School.name_ru,
    School.name_en,
    _oblast.code,
    _rayon.code,
    _aimak.code,
    ST_X(School.location),
    ST_Y(School.location),
    School.kind,
    School.ownership,
    SchoolResult.grade,
    SchoolResult.conformity_class,
    SchoolResult.index_lower,
    SchoolResult.index_central,
    SchoolResult.index_upper,
    SchoolResult.completeness,
    SchoolResult.priority_lower,
    SchoolResult.priority_central,
    SchoolResult.priority_upper,
    SchoolResult.national_rank,
    SchoolResult.rank_low,
    SchoolResult.rank_high,
    SchoolResult.oblast_rank,
    SchoolResult.rayon_rank,
    SchoolResult.aimak_rank,
    SchoolResult.confidence,
    SchoolResult.pupils,
    SchoolResult.seats,
    SchoolResult.shifts,
    SchoolResult.peak_pupils,
    SchoolResult.factor_raw,
    SchoolResult.contribution,
    SchoolResult.known,
    SchoolResult.red_flags,
    SchoolResult.hazard_levels,
    SchoolResult.assessed_on,
    School.is_synthetic,
    SchoolResult.safety_rank,
    SchoolResult.gap_points,
    SchoolResult.gap_rank,
    SchoolResult.benefit_cost,
    SchoolResult.benefit_rank,
    SchoolResult.top_by_weights,
    SchoolResult.top_moves,
)
"""In the order of the fields of ``PriorityRow``."""

_ORDER = {
    "rank": SchoolResult.national_rank,
    "name": School.name_ky.collate("ky-x-icu"),
    "grade": SchoolResult.grade,
    "index": SchoolResult.index_central,
    "priority": SchoolResult.priority_central,
    "pupils": SchoolResult.pupils,
    "completeness": SchoolResult.completeness,
    "risk": SchoolResult.factor_raw[1],
    "safety": SchoolResult.safety_rank,
    "gap": SchoolResult.gap_rank,
    "benefit": SchoolResult.benefit_rank,
}


class QueueNotAskedError(Exception):
    """A filter names a queue whose schools nobody has asked for."""


def predicates(run_id: int, wanted: ListFilter) -> dict[str, ColumnElement[bool]]:
    """Return what each filter in use asks, by its parameter's name; facets need them one by one."""
    found: dict[str, ColumnElement[bool]] = {}
    if wanted.area is not None:
        inside = select(SchoolArea.school_id).join(Area, Area.id == SchoolArea.area_id).where(Area.code == wanted.area)
        found["area"] = SchoolResult.school_id.in_(inside)
    if wanted.q:
        found["q"] = SchoolResult.school_id.in_(named(wanted.q.strip()))
    if wanted.grades:
        known = [grade for grade in wanted.grades if grade != NO_GRADE]
        choices = [SchoolResult.grade.in_(known)] if known else []
        if NO_GRADE in wanted.grades:
            choices.append(SchoolResult.grade.is_(None))
        found["grade"] = or_(*choices)
    if wanted.confidence:
        found["confidence"] = SchoolResult.confidence.in_(wanted.confidence)
    if wanted.ownership:
        found["ownership"] = School.ownership.in_(wanted.ownership)
    if wanted.hazard:
        level = cast(SchoolResult.hazard_levels.op("->>")(wanted.hazard), Integer)
        found["hazard"] = level >= (wanted.hazard_level or DEFAULT_HAZARD_LEVEL)
    if wanted.domain:
        failing = select(DomainResult.school_id).where(
            DomainResult.run_id == run_id,
            DomainResult.domain_code == wanted.domain,
            func.cardinality(DomainResult.failed) > 0,
        )
        found["domain"] = SchoolResult.school_id.in_(failing)
    if wanted.funded is not None:
        funded = funded_schools(run_id, wanted.plan)
        found["funded"] = SchoolResult.school_id.in_(funded) if wanted.funded else SchoolResult.school_id.not_in(funded)
    if wanted.queue is not None:
        if wanted.queue_schools is None:
            raise QueueNotAskedError(wanted.queue)
        held = literal(list(wanted.queue_schools), ARRAY(BigInteger))
        found["queue"] = SchoolResult.school_id == func.any(held)
    return found


def conditions(run_id: int, wanted: ListFilter) -> list[ColumnElement[bool]]:
    """Return the WHERE of ``wanted`` over ``school_result`` joined with ``school``; every view uses this one."""
    return [SchoolResult.run_id == run_id, *predicates(run_id, wanted).values()]


def named(question: str) -> Select:
    """Return the ids of schools by the beginning of a code, or word by word by their and their areas' names, by index.

    Five digits or more are a code. Whoever joins them sees only what row security allows (see migrations 0005, 0048).
    """
    if sum(letter.isdigit() for letter in question) >= CODE_DIGITS:
        return select(_spelt.id).where(_spelt.code.startswith(question, autoescape=True))
    return select(func.school_spelt(question))


def _from(query: Select) -> Select:
    return query.select_from(SchoolResult).join(School, School.id == SchoolResult.school_id)


def list_query(columns: Sequence[Any], run_id: int, wanted: ListFilter) -> Select:
    """Return the SELECT of ``columns`` over the filtered list in its order; ``PLACES`` are joined for them."""
    order = _ORDER[wanted.sort]
    direction = order.desc().nulls_last() if wanted.descending else order.asc().nulls_last()
    return (
        _from(select(*columns))
        .outerjoin(_oblast, _oblast.id == SchoolResult.oblast_id)
        .outerjoin(_rayon, _rayon.id == SchoolResult.rayon_id)
        .outerjoin(_aimak, _aimak.id == SchoolResult.aimak_id)
        .where(and_(*conditions(run_id, wanted)))
        .order_by(direction, SchoolResult.national_rank, School.id)
    )


def _rows(run_id: int, wanted: ListFilter) -> Select:
    return list_query(_COLUMNS, run_id, wanted)


def _record(values: Sequence[Any]) -> PriorityRow:
    fields: Any = (tuple(value) if isinstance(value, list) else value for value in values)
    return PriorityRow(*fields)


def select_rows(
    session: Session, run_id: int, wanted: ListFilter, limit: int = 50, offset: int = 0
) -> list[PriorityRow]:
    """Return one page of the list, in the filter's order; ties stand by national rank.

    The page is found by narrow rows, and only its own rows are read whole: sorting wide ones costs seconds.
    """
    page = list_query((School.id,), run_id, wanted).limit(limit).offset(offset).subquery()
    order = replace(ListFilter(), sort=wanted.sort, descending=wanted.descending)
    shown = _rows(run_id, order).where(School.id.in_(select(page.c.id)))
    return [_record(row) for row in session.execute(shown)]


def iterate_rows(session: Session, run_id: int, wanted: ListFilter, block: int = 5_000) -> Iterator[PriorityRow]:
    """Yield the whole list in blocks from a server-side cursor: memory stays flat for files."""
    for row in session.execute(_rows(run_id, wanted), execution_options={"yield_per": block}):
        yield _record(row)


def row_of(session: Session, run_id: int, school_id: int) -> PriorityRow | None:
    """Return one school's row of a run, or None when the run does not hold it."""
    row = session.execute(_rows(run_id, ListFilter()).where(School.id == school_id)).first()
    return None if row is None else _record(row)


def neighbours(session: Session, run_id: int, school_id: int, span: int = 2) -> list[PriorityRow]:
    """Return the school's own row and those up to ``span`` places above and below, in order; empty without it."""
    found = session.execute(_neighbours(span), {"run_id": run_id, "school_id": school_id})
    return [_record(row) for row in found]


@cache
def _neighbours(span: int) -> Select:
    """The statement: made once, since making it costs more than running it.

    How many places it reaches stands in it, not beside it: PostgreSQL expects a thousand of an unknown number, and
    would plan the statement anew each time, which costs more than running it too.
    """
    own = aliased(SchoolResult)
    run_id: Any = bindparam("run_id")
    steps = func.generate_series(literal_column(f"{-span}"), literal_column(f"{span}"))
    ranks = select(own.national_rank + steps).where(own.run_id == run_id, own.school_id == bindparam("school_id"))
    near = SchoolResult.national_rank.in_(ranks)  # equal to each: by index also under row security, BETWEEN is not
    return _rows(run_id, ListFilter()).where(near).limit(literal_column(f"{8 * span + 1}"))


def count_rows(session: Session, run_id: int, wanted: ListFilter) -> int:
    """Return how many schools the filter leaves."""
    found = session.scalar(_from(select(func.count())).where(and_(*conditions(run_id, wanted))))
    return int(found or 0)


def facets(session: Session, run_id: int, wanted: ListFilter) -> dict[str, dict[str, int]]:
    """Return counts per value of grade, confidence, ownership and hazard (schools at level >= 3), in one query.

    Each dimension is counted under all the *other* filters, so that a count says what choosing it would show.
    Keys: ``grade`` (A..E, unknown), ``confidence`` ("1".."4"), ``ownership``, ``hazard``; ``all`` with
    ``filtered`` and ``total``; ``without``: what would be left without one filter, by its parameter's name.
    Every filter is judged once a school, whatever the number of counts; schools that are alike are counted together.
    """
    asked = predicates(run_id, wanted)
    kinds: list[Any] = [
        func.coalesce(SchoolResult.grade, NO_GRADE).label("grade"),
        cast(SchoolResult.confidence, Text).label("confidence"),
        School.ownership.label("ownership"),
        SchoolResult.hazard_levels.label("hazard_levels"),
        *(func.coalesce(fits, false()).label(f"fits_{name}") for name, fits in asked.items()),
    ]
    each_school = _from(select(*kinds)).where(SchoolResult.run_id == run_id).subquery()
    columns: list[Any] = list(each_school.c)
    judged = select(*columns, func.count().label("schools")).group_by(*columns).cte("judged")
    schools = cast(func.coalesce(func.sum(judged.c.schools), 0), Integer).label("n")

    def fits(without: str | None = None) -> ColumnElement[bool]:
        return and_(true(), *(judged.c[f"fits_{name}"] for name in asked if name != without))

    parts = [
        select(literal(name).label("dimension"), judged.c[name].label("value"), schools)
        .where(fits(name))
        .group_by(judged.c[name])
        for name in ("grade", "confidence", "ownership")
    ]
    each = func.jsonb_each_text(judged.c.hazard_levels).table_valued("key", "value", name="hazard_level")
    parts.append(
        select(literal("hazard"), each.c.key, schools)
        .select_from(judged)
        .join(each, literal(True))
        .where(fits("hazard"), cast(each.c.value, Integer) >= DEFAULT_HAZARD_LEVEL)
        .group_by(each.c.key)
    )
    for name, value, condition in [
        ("all", "filtered", fits()),
        ("all", "total", true()),
        *(("without", name, fits(name)) for name in asked),
    ]:
        parts.append(select(literal(name), literal(value), schools).select_from(judged).where(condition))
    dimensions = ("grade", "confidence", "ownership", "hazard", "all", "without")
    result: dict[str, dict[str, int]] = {name: {} for name in dimensions}
    for dimension, value, count in session.execute(union_all(*parts)):
        result[dimension][value] = count
    return result
