"""Kits of runs: the ZIP from which a run can be made again, kept with the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import insert, select

from geodata.models import RunKit

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


class KitFacts(NamedTuple):
    """A kit without its bytes."""

    sha256: str
    size_bytes: int
    made_at: datetime


def kit_facts(session: Session, run_id: int) -> KitFacts | None:
    """Return size and hash of a run's kit; None when there is none."""
    query = select(RunKit.sha256, RunKit.size_bytes, RunKit.made_at).where(RunKit.run_id == run_id)
    row = session.execute(query).first()
    return None if row is None else KitFacts(*row)


def kit_content(session: Session, run_id: int) -> bytes | None:
    """Return the ZIP of a run."""
    return session.scalar(select(RunKit.content).where(RunKit.run_id == run_id))


def add_kit(session: Session, run_id: int, content: bytes, sha256: str) -> None:
    """Keep the kit of a run; there is one, for the same run gives the same bytes."""
    session.execute(insert(RunKit).values(run_id=run_id, content=content, sha256=sha256, size_bytes=len(content)))
