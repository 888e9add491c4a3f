"""Runs: which ranking a view shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from geodata.models import Run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def published_run(session: Session, run_hash: str | None = None) -> Run | None:
    """Return the run with ``run_hash`` (a whole hash, or at least its first eight characters), or, without
    one, the newest official published run, else the newest published run.

    None when there is no such run or row security hides it: an absent and a foreign run answer alike.
    """
    if run_hash is not None:
        if len(run_hash) < 8:
            return None
        query = select(Run).where(Run.hash.startswith(run_hash, autoescape=True)).order_by(Run.id.desc())
    else:
        newest = (Run.is_official.desc(), Run.published_at.desc().nulls_last(), Run.id.desc())
        query = select(Run).where(Run.is_published).order_by(*newest)
    return session.scalars(query.limit(1)).first()


def list_runs(session: Session, limit: int = 50, offset: int = 0) -> Sequence[Run]:
    """Return runs, the last published first."""
    newest = (Run.published_at.desc().nulls_last(), Run.id.desc())
    return session.scalars(select(Run).order_by(*newest).limit(limit).offset(offset)).all()


def count_runs(session: Session) -> int:
    """Return how many runs the reader may see."""
    return session.scalar(select(func.count()).select_from(Run)) or 0
