"""What of the database a statement sees, as a short text: equal texts, equal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from geodata.public_reader import PublicReader

_STATE = text("""
    SELECT CASE
        WHEN pg_is_in_recovery() OR pg_current_xact_id_if_assigned() IS NOT NULL THEN NULL
        ELSE pg_current_snapshot()::text || ' ' || pg_postmaster_start_time()::text END
""")


def visible_state(session: Session | PublicReader) -> str | None:
    """Return which transactions are visible now, or None where that cannot be told.

    Two equal answers of one server mean that nothing was committed between them: every commit that wrote something
    leaves the running transactions of a snapshot or raises its upper end. The answer of a standby leaves out the
    running transactions, and a transaction that has written sees its own rows besides: both give None.
    """
    found: str | None = session.execute(_STATE).scalar()
    return found
