"""Imports: the file, what was found in it, what was done, and how to take it back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, SmallInteger, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id, Json


class ImportBatch(Base):
    """One file, checked and perhaps committed; ``status`` as in ``geodata.records.imports.BatchStatus``."""

    __tablename__ = "import_batch"
    id: Mapped[Id]
    kind: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=text("'checking'"))
    file_name: Mapped[str]
    file_sha256: Mapped[str] = mapped_column(index=True)
    file_bytes: Mapped[int] = mapped_column(BigInteger)
    hazard_code: Mapped[str | None]
    options: Mapped[Json]
    mapping: Mapped[Json]
    source: Mapped[str | None]
    licence: Mapped[str | None]
    valid_from: Mapped[date | None]
    added: Mapped[int] = mapped_column(server_default=text("0"))
    changed: Mapped[int] = mapped_column(server_default=text("0"))
    unchanged: Mapped[int] = mapped_column(server_default=text("0"))
    refused: Mapped[int] = mapped_column(server_default=text("0"))
    progress_pct: Mapped[int] = mapped_column(server_default=text("0"))
    progress_step: Mapped[str | None]
    idempotency_key: Mapped[str | None] = mapped_column(unique=True)
    is_restricted: Mapped[bool] = mapped_column(server_default=text("false"))
    """The file holds answers of the protection group: it shows to accounts with that right only."""
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    committed_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class ImportRow(Base):
    """One row of a checked file. ``old`` and ``new`` hold changed columns only; ``old`` serves undo."""

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_changed_key", "key", postgresql_where=text("action = 'changed'")),)
    batch_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("import_batch.id", ondelete="CASCADE"), primary_key=True
    )
    row_number: Mapped[int] = mapped_column(Integer, primary_key=True)
    """Line in the user's file; below zero: a stored record that the file changes without naming it."""
    part: Mapped[int] = mapped_column(SmallInteger, primary_key=True, server_default=text("0"))
    """A row of a wide answers file gives several records."""
    action: Mapped[str]
    key: Mapped[str]
    record_id: Mapped[int | None] = mapped_column(BigInteger)
    old: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    new: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class ImportProblem(Base):
    """One problem of a checked file, as ``geodata.records.table.RowProblem``."""

    __tablename__ = "import_problem"
    __table_args__ = (Index("ix_import_problem_batch_id_id", "batch_id", "id"),)
    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("import_batch.id", ondelete="CASCADE"))
    row_number: Mapped[int | None]
    column_name: Mapped[str | None]
    value: Mapped[str | None]
    code: Mapped[str]
    severity: Mapped[str]
    params: Mapped[Json]
