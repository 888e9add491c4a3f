"""Areas: one unit, its place in the country, its figures in a run, its history and its peers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from geodata.models import Area, AreaResult, AreaSuccession, DomainResult, Run, SchoolArea, StandardDomain
from geodata.records.area import AreaChange, AreaRow, DomainShare

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, ScalarSelect
    from sqlalchemy.orm import Session

KYRGYZ_ORDER = "ky-x-icu"
ALTITUDE_STEP_M = 500.0
"""Peers: half a kilometre of altitude weighs as much as a size that differs by a factor of e."""

_COLUMNS = (
    Area.id,
    Area.code,
    Area.level,
    Area.kind,
    Area.parent_id,
    Area.name_ky,
    Area.name_ru,
    Area.name_en,
    Area.valid_from,
    Area.valid_to,
    Area.population,
    Area.poverty_index,
    Area.is_synthetic,
    Area.former_names,
    Area.pcode,
    Area.source,
    Area.source_date,
    AreaResult.schools,
    AreaResult.assessed,
    AreaResult.covered,
    AreaResult.is_rankable,
    AreaResult.pupils,
    AreaResult.peak_pupils,
    AreaResult.pupils_at_risk,
    AreaResult.grade_counts,
    AreaResult.mean_priority,
    AreaResult.mean_index_lower,
    AreaResult.mean_index,
    AreaResult.mean_index_upper,
    AreaResult.worst_rank,
    AreaResult.median_altitude_m,
)
"""In the order of the fields of ``AreaRow``."""


def valid_on(on: date | None) -> ColumnElement[bool]:
    """Return the condition that an area was valid on a day; None is today's map (no end)."""
    if on is None:
        return Area.valid_to.is_(None)
    return and_(Area.valid_from <= on, or_(Area.valid_to.is_(None), Area.valid_to > on))


def find_area(session: Session, code: str) -> Area | None:
    """Return the area with ``code``, of any level and period, or None."""
    return session.scalars(select(Area).where(Area.code == code)).first()


def country(session: Session) -> Area | None:
    """Return the country, or None in an empty database."""
    return session.scalars(select(Area).where(Area.level == 0).order_by(Area.id).limit(1)).first()


def breadcrumb(session: Session, area_id: int) -> list[Area]:
    """Return the areas from the country down to ``area_id`` itself."""
    up = select(Area.id, Area.parent_id).where(Area.id == area_id).cte("up", recursive=True)
    above = aliased(Area)
    up = up.union_all(select(above.id, above.parent_id).where(above.id == up.c.parent_id))
    return list(session.scalars(select(Area).where(Area.id.in_(select(up.c.id))).order_by(Area.level, Area.id)))


def children(session: Session, area_id: int, on: date | None = None) -> list[Area]:
    """Return the units directly below ``area_id`` on the map of ``on`` (None: today), in Kyrgyz order."""
    query = select(Area).where(Area.parent_id == area_id, valid_on(on)).order_by(Area.name_ky.collate(KYRGYZ_ORDER))
    return list(session.scalars(query))


def rows_of(run_id: int | None) -> Select:
    """Return the SELECT of areas with their figures in a run, in the order of ``AreaRow``."""
    mine = and_(AreaResult.area_id == Area.id, AreaResult.run_id == run_id)
    return select(*_COLUMNS).select_from(Area).outerjoin(AreaResult, mine)


def _records(session: Session, query: Select) -> list[AreaRow]:
    return [AreaRow(*row) for row in session.execute(query)]


def area_rows(
    session: Session,
    run_id: int | None,
    *,
    level: int | None = None,
    parent_code: str | None = None,
    on: date | None = None,
) -> list[AreaRow]:
    """Return areas with their figures in a run, in Kyrgyz order; without a run the figures are None.

    ``parent_code`` alone: the units directly below it. With ``level``: all units of that level below it.
    ``on`` chooses the map of a day (None: today's).
    """
    query = rows_of(run_id).where(valid_on(on)).order_by(Area.name_ky.collate(KYRGYZ_ORDER), Area.id)
    if level is not None:
        query = query.where(Area.level == level)
    if parent_code is not None:
        query = query.where(_below(parent_code, direct=level is None))
    return _records(session, query)


def _below(parent_code: str, *, direct: bool) -> ColumnElement[bool]:
    parent = select(Area.id).where(Area.code == parent_code)
    if direct:
        return Area.parent_id == parent.scalar_subquery()
    down = parent.cte("down", recursive=True)
    lower = aliased(Area)
    down = down.union_all(select(lower.id).where(lower.parent_id == down.c.id))
    return and_(Area.id.in_(select(down.c.id)), Area.code != parent_code)


def area_row(session: Session, run_id: int | None, area_id: int) -> AreaRow:
    """Return one area with its figures. Raises ``NoResultFound`` for an id that does not exist."""
    return AreaRow(*session.execute(rows_of(run_id).where(Area.id == area_id)).one())


@dataclass(frozen=True, slots=True)
class Family:
    """An area with the units above it (country first, itself last), below it, and what it came from or became."""

    path: list[AreaRow]
    children: list[AreaRow]
    history: list[AreaChange]


def family(session: Session, run_id: int | None, code: str, on: date | None = None) -> Family | None:
    """Return the area with ``code``, the units above it and those directly below it on the map of a day.

    One query; None when there is no such area. A former unit is found too.
    """
    own = select(Area.id).where(Area.code == code).scalar_subquery()
    up = select(Area.id, Area.parent_id).where(Area.code == code).cte("up", recursive=True)
    above = aliased(Area)
    up = up.union_all(select(above.id, above.parent_id).where(above.id == up.c.parent_id))
    chosen = or_(Area.id.in_(select(up.c.id)), and_(Area.parent_id == own, valid_on(on)))
    query = rows_of(run_id).add_columns(_history(own)).where(chosen)
    found = session.execute(query.order_by(Area.level, Area.name_ky.collate(KYRGYZ_ORDER), Area.id)).all()
    rows = [AreaRow(*row[:-1]) for row in found]
    here = next((row for row in rows if row.code == code), None)
    if here is None:
        return None
    return Family(
        [row for row in rows if row.level < here.level or row.code == code],
        [row for row in rows if row.parent_id == here.id],
        _changes(found[0][-1]),
    )


def history(session: Session, area_id: int) -> list[AreaChange]:
    """Return what ``area_id`` came from and what it became, by day."""
    return _changes(session.scalar(select(_history(select(literal(area_id)).scalar_subquery()))))


def _changes(steps: Sequence[dict[str, Any]] | None) -> list[AreaChange]:
    return [AreaChange(**{**step, "on_date": date.fromisoformat(step["on_date"])}) for step in steps or ()]


def _history(own: ScalarSelect) -> ScalarSelect:
    other = aliased(Area)
    is_successor = AreaSuccession.predecessor_id == own
    step = func.json_build_object(
        *("code", other.code, "name_ky", other.name_ky, "name_ru", other.name_ru, "name_en", other.name_en),
        *("kind", AreaSuccession.kind, "on_date", AreaSuccession.on_date, "source", AreaSuccession.source),
        *("is_successor", is_successor),
    )
    is_other = or_(
        and_(is_successor, other.id == AreaSuccession.successor_id),
        and_(AreaSuccession.successor_id == own, other.id == AreaSuccession.predecessor_id),
    )
    order = (AreaSuccession.on_date, other.name_ky.collate(KYRGYZ_ORDER))
    return (
        select(func.json_agg(aggregate_order_by(step, *order)))
        .join_from(AreaSuccession, other, is_other)
        .scalar_subquery()
    )


def similar_areas(session: Session, run_id: int, area_id: int, limit: int = 5) -> list[AreaRow]:
    """Return today's areas most like ``area_id``: same level, near in number of schools and altitude.

    Bishkek and Osh city are never offered as peers of another unit: a capital is nobody's measure.
    Areas without schools are left out; an unknown altitude counts as one step.
    """
    own = select(AreaResult).where(AreaResult.run_id == run_id, AreaResult.area_id == area_id).subquery("own")
    size = func.abs(func.ln(AreaResult.schools) - func.ln(func.greatest(own.c.schools, 1)))
    height = func.coalesce(func.abs(AreaResult.median_altitude_m - own.c.median_altitude_m) / ALTITUDE_STEP_M, 1.0)
    query = (
        rows_of(run_id)
        .join(own, literal(True))
        .where(
            Area.id != area_id,
            Area.level == own.c.level,
            Area.kind != "republican_city",
            valid_on(None),
            AreaResult.schools > 0,
        )
        .order_by(size + height, Area.id)
        .limit(limit)
    )
    return _records(session, query)


def by_codes(session: Session, codes: Iterable[str]) -> dict[str, Area]:
    """Return the areas of ``codes`` by code; what does not exist is left out."""
    return {area.code: area for area in session.scalars(select(Area).where(Area.code.in_(sorted(codes))))}


def names(session: Session, levels: Sequence[int], also: str | None = None) -> dict[str, Area]:
    """Return today's units of some levels by code, in Kyrgyz order, and ``also`` whatever its level and period."""
    chosen = and_(Area.level.in_(levels), valid_on(None))
    query = select(Area).where(or_(chosen, Area.code == also)).order_by(Area.name_ky.collate(KYRGYZ_ORDER), Area.id)
    return {area.code: area for area in session.scalars(query)}


def search_areas(session: Session, q: str, limit: int = 10) -> list[Area]:
    """Return today's areas whose name holds every word of ``q`` in any alphabet, best first (migration 0048)."""
    folded = func.fold_name(q)
    query = (
        select(Area)
        .where(valid_on(None), Area.level > 0, Area.id.in_(select(func.area_spelt(q))))
        .order_by(func.word_similarity(folded, Area.folded_name).desc(), Area.level, Area.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def domain_shares(session: Session, run_id: int, area_id: int | None) -> list[DomainShare]:
    """Return, per domain, how much of the applicable weight fails or is unknown over the area's schools (None: all).

    A missing answer counts as met in the upper index, so 100 - upper is what is known to fail.
    """
    return domain_shares_of_runs(session, [run_id], area_id).get(run_id, [])


def domain_shares_of_runs(
    session: Session, run_ids: Sequence[int], area_id: int | None
) -> dict[int, list[DomainShare]]:
    """Return ``domain_shares`` of several runs, by run; of the schools that lie in the area by today's record."""
    found: dict[int, list[DomainShare]] = {}
    for run_id, *share in session.execute(domain_query(run_ids, area_id)):
        found.setdefault(run_id, []).append(DomainShare(*share))
    return {key: in_order(rows) for key, rows in found.items()}


def in_order(rows: list[DomainShare]) -> list[DomainShare]:
    """Return domains by what is known to fail, the worst first."""
    return sorted(rows, key=lambda row: (-row.failed_pct, row.domain_code))


def domain_query(run_ids: Sequence[int], area_id: int | None) -> Select:
    """Return the SELECT of the run and the fields of ``DomainShare``; see ``domain_shares_of_runs``."""
    unknown = 100.0 * (1.0 - DomainResult.completeness)
    query = (
        select(
            DomainResult.run_id,
            DomainResult.domain_code,
            func.count(),
            func.count().filter(func.cardinality(DomainResult.failed) > 0),
            func.avg(func.least(100.0 - DomainResult.index_upper, 100.0 - unknown)),
            func.avg(unknown),
            StandardDomain.name_ky,
            StandardDomain.name_ru,
            StandardDomain.name_en,
        )
        .join(Run, Run.id == DomainResult.run_id)
        .outerjoin(
            StandardDomain,
            and_(StandardDomain.edition_id == Run.edition_id, StandardDomain.code == DomainResult.domain_code),
        )
        .where(DomainResult.run_id.in_(run_ids))
        .group_by(DomainResult.run_id, DomainResult.domain_code, StandardDomain.id)
    )
    if area_id is not None:
        query = query.join(SchoolArea, SchoolArea.school_id == DomainResult.school_id)
        query = query.where(SchoolArea.area_id == area_id)
    return query
