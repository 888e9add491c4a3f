"""Imports as the other rooms see them: a checked file, one row's change, one problem."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

BatchStatus = Literal["mapping", "checking", "refused", "checked", "cancelled", "committed", "undone"]
RowAction = Literal["added", "changed", "unchanged", "closed"]
"""``closed``: a stored unit that a new map ends; it stands in no row of the file."""


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """One batch: the file, what the check found, and how far it is. Counts are of records.

    ``rows`` are the rows of the file, ``left_out`` those that a rule of the layer leaves out on purpose.
    Every row is added, changed, unchanged, refused or left out.
    """

    id: int
    kind: str
    status: BatchStatus
    file_name: str
    file_sha256: str
    file_bytes: int
    hazard_code: str | None
    options: dict[str, Any]
    mapping: dict[str, str]
    source: str | None
    licence: str | None
    valid_from: date | None
    added: int
    changed: int
    unchanged: int
    refused: int
    account_id: int | None
    is_restricted: bool
    created_at: datetime
    committed_at: datetime | None
    undone_at: datetime | None

    @property
    def rows(self) -> int:
        """Return the number of rows in the file."""
        return int(self.options.get("rows", 0))

    @property
    def left_out(self) -> int:
        """Return the number of rows left out on purpose."""
        return int(self.options.get("left_out", 0))


@dataclass(frozen=True, slots=True)
class RowChange:
    """What one row does to one record. ``old`` and ``new`` hold the fields that change."""

    row_number: int
    action: RowAction
    key: str
    old: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UndoObstacle:
    """Something later that rests on a batch: ``kind`` (batch, run, school, area ...), which, how many."""

    kind: str
    reference: str
    count: int
