"""Which parameter tables are in use instead of the shipped ones, and every table that ever was."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, insert, select, text

from geodata.models import ParameterDecision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from geodata.public_reader import PublicReader

IN_FORCE = """
    SELECT string_agg(file_name || ' ' || sha256, ' ' ORDER BY file_name)
    FROM (
        SELECT DISTINCT ON (file_name) file_name, sha256, content IS NOT NULL AS is_instead
        FROM parameter_decision
        ORDER BY file_name, id DESC
    ) AS newest
    WHERE is_instead
"""
"""Names and hashes of the tables in use instead, as one text; NULL = all are the shipped ones."""

_IN_FORCE = text(IN_FORCE)
_CONTENTS = text("""
    SELECT DISTINCT sha256, content FROM parameter_decision WHERE sha256 = ANY(:hashes) AND content IS NOT NULL
""")


def tables_instead(session: Session | PublicReader) -> dict[str, str]:
    """Return the SHA-256 of each table in use instead of the shipped one, by file name."""
    return read_tables(session.execute(_IN_FORCE).scalar())


def read_tables(told: str | None) -> dict[str, str]:
    """Return what ``IN_FORCE`` says, by file name."""
    words = (told or "").split()
    return dict(zip(words[::2], words[1::2], strict=True))


def contents(session: Session | PublicReader, hashes: Sequence[str]) -> dict[str, bytes]:
    """Return the bytes of tables that were ever put in use, by their SHA-256."""
    return {row[0]: bytes(row[1]) for row in session.execute(_CONTENTS, {"hashes": list(hashes)})}


class Decision(NamedTuple):
    """One decision without the bytes. ``is_shipped``: the shipped table was put in use again."""

    file_name: str
    number: int
    is_shipped: bool
    sha256: str
    owner: str
    reason: str
    source: str | None
    licence: str | None
    approver: str | None
    decided_at: datetime


def list_decisions(session: Session, file_name: str | None = None) -> list[Decision]:
    """Return all decisions, or those on one table, the newest first."""
    made = ParameterDecision
    query = select(
        made.file_name, made.number, made.content.is_(None), made.sha256, made.owner, made.reason, made.source,
        made.licence, made.approver, made.decided_at,
    ).order_by(made.id.desc())  # fmt: skip
    if file_name is not None:
        query = query.where(made.file_name == file_name)
    return [Decision._make(row) for row in session.execute(query)]


def add_decision(session: Session, facts: Mapping[str, object]) -> int:
    """Store a decision and return its number of the table; one at a time."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('parameter_decision'))"))
    newest = select(func.coalesce(func.max(ParameterDecision.number), 0) + 1).where(
        ParameterDecision.file_name == facts["file_name"]
    )
    number = int(session.scalar(newest) or 1)
    session.execute(insert(ParameterDecision).values(**facts, number=number))
    return number
