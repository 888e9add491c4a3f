"""What of the data a statement sees, as a short text: equal texts, equal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from geodata.queries.parameter_decisions import IN_FORCE, read_tables

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from geodata.public_reader import PublicReader

TABLES = " tables "
"""Before the parameter tables in use instead of the shipped ones, at the end of a state."""

_STATE = text(f"""
    SELECT CASE WHEN pg_current_xact_id_if_assigned() IS NULL
        THEN coalesce((SELECT string_agg(id::text, ' ' ORDER BY id) FROM data_change), 'untouched')
            || coalesce('{TABLES}' || ({IN_FORCE}), '') END
""")  # noqa: S608  our own text


def visible_state(session: Session | PublicReader) -> str | None:
    """Return which changes of the data are visible now, or None where that cannot be told.

    Two equal answers mean that no transaction that wrote to a table of the data was committed between them: each
    leaves an id that was never seen before (migration ``note_data_changes``). The queue's and the accounts' tables
    do not count. A transaction that has written sees its own rows besides: it gets None.
    """
    found: str | None = session.execute(_STATE).scalar()
    return found


def tables_of(state: str) -> dict[str, str]:
    """Return the SHA-256 of each parameter table in use instead of the shipped one, by file name, as a state says."""
    return read_tables(state.partition(TABLES)[2])
