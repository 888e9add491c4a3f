"""What the planner knows: a bulk load must tell it what was written before it reads that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

BULK_ROWS = 2_000
"""From so many new or changed rows on, plans made for the former content may be far off."""


def refresh_statistics(session: Session) -> None:
    """Analyse the large tables inside the caller's transaction, as their owner (migration 0006)."""
    session.execute(text("SELECT refresh_statistics()"))
