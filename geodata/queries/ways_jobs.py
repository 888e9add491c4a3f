"""The jobs that work the ways by road out after imports: which one speaks for a batch, and whether another follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

KIND = "ways"

_FOLLOWS = text("""
    SELECT EXISTS (
        SELECT FROM background_job
        WHERE kind = :kind AND id > :job_id AND status = 'waiting' AND NOT is_cancelled
    )
""")

# A job that another follows leaves the work to that one, so the newest since the batch speaks for it.
_SINCE = text("""
    SELECT token, status
    FROM background_job
    WHERE kind = :kind AND id >= (
        SELECT max(id) FROM background_job WHERE kind = :kind AND params ->> 'batch_id' = CAST(:batch_id AS text)
    )
    ORDER BY id DESC
    LIMIT 1
""")


class WaysState(NamedTuple):
    """``status``: waiting, running, done or failed."""

    token: str
    status: str


def another_follows(session: Session, job_id: int) -> bool:
    """Return whether a job that was asked for later waits: it will see all that this one would have seen."""
    return bool(session.scalar(_FOLLOWS, {"kind": KIND, "job_id": job_id}))


def ways_since(session: Session, batch_id: int) -> WaysState | None:
    """Return how the ways stand that a batch asked for; None: it asked for none, or a week ago."""
    row = session.execute(_SINCE, {"kind": KIND, "batch_id": batch_id}).first()
    return None if row is None else WaysState(*row)
