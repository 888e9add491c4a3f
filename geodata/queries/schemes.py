"""Schemes of the country by name, and which one is official by whose decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, insert, or_, select

from geodata.models import SchemeDecision, WeightScheme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session


class OfficialScheme(NamedTuple):
    """A decision and its scheme; ``scheme`` None: the one that ships with the program."""

    decision: SchemeDecision
    scheme: WeightScheme | None


def of_the_country(session: Session, name: str) -> list[WeightScheme]:
    """Return the schemes of the country of this code or title (any case), the newest first."""
    wanted = or_(WeightScheme.code == name, func.lower(WeightScheme.title) == name.lower())
    query = select(WeightScheme).where(WeightScheme.is_national, wanted)
    return list(session.scalars(query.order_by(WeightScheme.id.desc())))


def official(session: Session) -> OfficialScheme | None:
    """Return the decision in force; None: nobody decided anything, the shipped scheme counts."""
    query = (
        select(SchemeDecision, WeightScheme)
        .outerjoin(WeightScheme, WeightScheme.id == SchemeDecision.scheme_id)
        .order_by(SchemeDecision.id.desc())
    )
    row = session.execute(query.limit(1)).first()
    return None if row is None else OfficialScheme(*row)


def add_decision(session: Session, values: Mapping[str, Any]) -> None:
    """Store a decision; row security refuses it to who does not rank and publish for the whole country."""
    session.execute(insert(SchemeDecision).values(**values))
