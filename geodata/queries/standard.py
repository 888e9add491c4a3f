"""The standard as data, for reading: editions, domains and criteria with their texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from geodata.models import Criterion, StandardDomain, StandardEdition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def find_edition(session: Session, code: str | None = None) -> StandardEdition | None:
    """Return the edition with ``code``, or without one the edition in force (else the newest), or None."""
    query = select(StandardEdition)
    if code is not None:
        query = query.where(StandardEdition.code == code)
    return session.scalars(
        query.order_by(StandardEdition.is_current.desc(), StandardEdition.id.desc()).limit(1)
    ).first()


def edition_by_id(session: Session, edition_id: int) -> StandardEdition | None:
    """Return the edition of a run."""
    return session.get(StandardEdition, edition_id)


def list_editions(session: Session) -> list[StandardEdition]:
    """Return every edition, the one in force first, then the newest."""
    order = (StandardEdition.is_current.desc(), StandardEdition.id.desc())
    return list(session.scalars(select(StandardEdition).order_by(*order)))


def domains(session: Session, edition_id: int) -> list[StandardDomain]:
    """Return the domains of an edition in their order."""
    query = select(StandardDomain).where(StandardDomain.edition_id == edition_id)
    return list(session.scalars(query.order_by(StandardDomain.position, StandardDomain.code)))


def criteria(session: Session, edition_id: int, codes: Iterable[str] | None = None) -> list[Criterion]:
    """Return the criteria of an edition (or those of ``codes``) in their order."""
    query = select(Criterion).where(Criterion.edition_id == edition_id)
    if codes is not None:
        query = query.where(Criterion.code.in_(sorted(codes)))
    return list(session.scalars(query.order_by(Criterion.position, Criterion.code)))
