"""The ranking that follows an accepted appeal: which correction causes it, and how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select, text

from geodata.models import Run
from geodata.queries.jobs import QUEUE, TASK

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


class Reranking(NamedTuple):
    """How the ranking after a correction stands.

    ``revision_id`` and ``published_at``: of the correction, None while none is published. ``run_hash``: of the first
    ranking that began after it, None while there is none. ``is_new``: whether that ranking differs from all before it.
    ``status``: of the ranking that is asked for (waiting, running, done, failed), None where nothing is known of it.
    """

    revision_id: int | None = None
    published_at: datetime | None = None
    run_hash: str | None = None
    is_new: bool = False
    status: str | None = None


def corrected_appeals(session: Session, revision_id: int) -> list[int]:
    """Return the numbers of the accepted appeals whose fact the published revision is the first to change."""
    return list(session.scalars(text("SELECT corrected_appeals(:revision)"), {"revision": revision_id}))


def ask_ranking(session: Session, revision_id: int, token: str) -> str:
    """Enqueue the system's ranking in this transaction; return "started", or "waiting", "running" where one is open.

    Raises:
        DBAPIError: The revision corrects no accepted appeal, or another account or transaction published it.
    """
    values = {"revision": revision_id, "token": token, "queue": QUEUE, "task": TASK}
    asked = session.scalar(text("SELECT rank_after_appeal(:revision, :token, :queue, :task)"), values)
    assert asked is not None
    return str(asked)


def reranking(session: Session, number: int) -> Reranking:
    """Return how the ranking after an accepted appeal stands; an empty one while no correction is published."""
    found = session.execute(text("SELECT * FROM appeal_correction(:number)"), {"number": number}).first()
    if found is None:
        return Reranking()
    later = select(Run.hash).where(Run.is_published, Run.created_at > found.published_at).order_by(Run.created_at)
    run_hash = session.scalar(later.limit(1))
    if run_hash is not None:
        return Reranking(found.revision_id, found.published_at, run_hash, is_new=True, status="done")
    job = session.execute(text("SELECT * FROM ranking_since(:moment)"), {"moment": found.published_at}).first()
    if job is None:
        return Reranking(found.revision_id, found.published_at)
    same = job.address.rsplit("/", 1)[-1] if job.status == "done" and job.address else None
    return Reranking(found.revision_id, found.published_at, same, status=job.status)
