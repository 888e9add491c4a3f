"""Runs: which ranking a view shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from geodata.models import OfficialList, Run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from geodata.public_reader import PublicReader

SHORTEST = 8
"""Characters of a hash that name a run."""


def published_run(session: Session, run_hash: str | None = None) -> Run | None:
    """Return the run with ``run_hash`` (a whole hash, or at least its first eight characters), or, without
    one, the run that was made official last, else the newest published run.

    None when there is no such run or row security hides it: an absent and a foreign run answer alike.
    """
    if run_hash is not None:
        if len(run_hash) < SHORTEST:
            return None
        query = select(Run).where(Run.hash.startswith(run_hash, autoescape=True)).order_by(Run.id.desc())
    else:
        decided = select(func.max(OfficialList.id)).where(OfficialList.run_id == Run.id).scalar_subquery()
        newest = (
            Run.is_official.desc(),
            decided.desc().nulls_last(),
            Run.published_at.desc().nulls_last(),
            Run.id.desc(),
        )
        query = select(Run).where(Run.is_published).order_by(*newest)
    return session.scalars(query.limit(1)).first()


_RUN_ID = text("""
    SELECT id FROM run WHERE is_published
    ORDER BY
        is_official DESC,
        (SELECT max(official_list.id) FROM official_list WHERE official_list.run_id = run.id) DESC NULLS LAST,
        published_at DESC NULLS LAST,
        id DESC
    LIMIT 1
""")
_RUN_ID_BY_HASH = text("SELECT id FROM run WHERE starts_with(hash, :hash) ORDER BY id DESC LIMIT 1")


def published_run_id(reader: Session | PublicReader, run_hash: str | None = None) -> int | None:
    """Return the id of the run that ``published_run`` gives, without reading the rest of it."""
    if run_hash is None:
        found = reader.execute(_RUN_ID).first()
    else:
        found = reader.execute(_RUN_ID_BY_HASH, {"hash": run_hash}).first() if len(run_hash) >= SHORTEST else None
    return None if found is None else int(found[0])


def list_runs(session: Session, limit: int = 50, offset: int = 0) -> Sequence[Run]:
    """Return runs, the last published first."""
    newest = (Run.published_at.desc().nulls_last(), Run.id.desc())
    return session.scalars(select(Run).order_by(*newest).limit(limit).offset(offset)).all()


def count_runs(session: Session) -> int:
    """Return how many runs the reader may see."""
    return session.scalar(select(func.count()).select_from(Run)) or 0
