"""What the audit tells: transactions with their events, and what they did to single records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

ChangeAction = Literal["added", "changed", "removed"]


@dataclass(frozen=True)
class AuditFilter:
    """What is looked for; None is anything. ``who`` is part of an account's name, ``""`` is the system itself.

    ``record`` is a code, a name of an account or a number; ``since`` and ``until`` are days in Bishkek, both included.
    """

    who: str | None = None
    event: str | None = None
    action: ChangeAction | None = None
    table: str | None = None
    record: str | None = None
    since: date | None = None
    until: date | None = None
    request: str | None = None

    @property
    def asks_for_records(self) -> bool:
        """Whether only some of a transaction's records are asked for."""
        return bool(self.action or self.table or self.record)


@dataclass(frozen=True)
class AuditEventRecord:
    """One event: "subject:action", what it was about, and particulars."""

    tag: str
    subject: str | None
    details: Mapping[str, Any]


@dataclass(frozen=True)
class RecordChange:
    """What happened to one record. ``old`` and ``new`` hold only what changed; a missing side is empty.

    ``change_id`` and ``place`` are its place in the audit, from which the next page goes on.
    """

    transaction_id: int
    change_id: int
    place: int
    table: str
    record_id: int
    action: ChangeAction
    is_restricted: bool
    old: Mapping[str, Any]
    new: Mapping[str, Any]


@dataclass(frozen=True)
class AuditEntry:
    """One link of the chain: who, when, from which request, why, its events and how many records it touched.

    ``counts`` is by (table, action) and counts restricted records too, which not every reader sees.
    """

    position: int
    transaction_id: int
    at: datetime
    account_id: int | None
    account_name: str | None
    request_id: str | None
    reason: str | None
    sha256: str
    counts: Mapping[tuple[str, str], int]
    events: tuple[AuditEventRecord, ...] = ()
    changes: tuple[RecordChange, ...] = field(default=())

    @property
    def records(self) -> int:
        """How many changes of records there are."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class HistoryEntry:
    """One change in the life of a record, with the link that holds it."""

    position: int
    at: datetime
    account_name: str | None
    request_id: str | None
    reason: str | None
    change: RecordChange
