"""Unit costs that people stated: the history, what is in force, and a new statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, text

from geodata.models import Area, MeasurePrice
from geodata.records.measure_price import StatedPrice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session


def _stated() -> Select[*tuple[Any, ...]]:
    columns = (
        MeasurePrice.id, MeasurePrice.measure, MeasurePrice.area_id, func.coalesce(Area.level, 0), Area.code,
        Area.name_ky, Area.name_ru, Area.name_en, MeasurePrice.altitude_from_m, MeasurePrice.low_som,
        MeasurePrice.default_som, MeasurePrice.high_som, MeasurePrice.price_date, MeasurePrice.index_factor,
        MeasurePrice.index_source, MeasurePrice.source, MeasurePrice.status, MeasurePrice.reason,
        MeasurePrice.is_withdrawn, MeasurePrice.approver, MeasurePrice.decided_at,
    )  # fmt: skip
    return select(*columns).outerjoin(Area, Area.id == MeasurePrice.area_id)


def in_force(session: Session) -> list[StatedPrice]:
    """Return the newest statement of each measure, area and altitude that was not withdrawn; by measure, wide first."""
    newest = select(func.max(MeasurePrice.id)).group_by(
        MeasurePrice.measure, MeasurePrice.area_id, MeasurePrice.altitude_from_m
    )
    query = _stated().where(MeasurePrice.id.in_(newest), MeasurePrice.is_withdrawn.is_(False))
    order = (MeasurePrice.measure, func.coalesce(Area.level, 0), Area.code, MeasurePrice.altitude_from_m)
    return [StatedPrice(*row) for row in session.execute(query.order_by(*order))]


def history(session: Session, measure: str, limit: int = 200) -> list[StatedPrice]:
    """Return all statements about a measure, the newest first."""
    query = _stated().where(MeasurePrice.measure == measure).order_by(MeasurePrice.id.desc()).limit(limit)
    return [StatedPrice(*row) for row in session.execute(query)]


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store statements; row security refuses them to who does not rank the whole country."""
    if rows:
        session.execute(insert(MeasurePrice), list(rows))


def hold(session: Session) -> None:
    """Let one person at a time state costs, until the transaction ends."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('measure_price'))"))


def may_state(session: Session) -> bool:
    """Return whether this session may state a cost: it ranks the whole country."""
    return bool(session.scalar(text("SELECT app_scope() = 'national' AND app_everywhere('rank')")))


def area_ids(session: Session, codes: Sequence[str]) -> dict[str, int]:
    """Return ids of areas in force below the country, by code."""
    query = select(Area.code, Area.id).where(Area.code.in_(codes), Area.valid_to.is_(None), Area.level.between(1, 3))
    return {str(row.code): int(row.id) for row in session.execute(query)}
