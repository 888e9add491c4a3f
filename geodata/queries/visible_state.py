"""What of the data a statement sees, as a short text: equal texts, equal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from geodata.public_reader import PublicReader

_STATE = text("""
    SELECT CASE WHEN pg_current_xact_id_if_assigned() IS NULL
        THEN coalesce((SELECT string_agg(id::text, ' ' ORDER BY id) FROM data_change), 'untouched') END
""")


def visible_state(session: Session | PublicReader) -> str | None:
    """Return which changes of the data are visible now, or None where that cannot be told.

    Two equal answers mean that no transaction that wrote to a table of the data was committed between them: each
    leaves an id that was never seen before (migration ``note_data_changes``). The queue's and the accounts' tables
    do not count. A transaction that has written sees its own rows besides: it gets None.
    """
    found: str | None = session.execute(_STATE).scalar()
    return found
