"""The audit: events, differences of each change, and the chain of links; append-only for everybody (migration 0010)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Integer, func
from sqlalchemy.dialects.postgresql import INT8RANGE, JSONB, Range
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id, Json


class AuditTransaction(Base):
    """A database transaction that changed facts: who, from which request, why; written with its first change."""

    __tablename__ = "audit_transaction"
    id: Mapped[Id]
    xid: Mapped[int] = mapped_column(BigInteger, index=True)
    begun_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    account_name: Mapped[str | None]
    request_id: Mapped[str | None] = mapped_column(index=True)
    reason: Mapped[str | None]


class AuditEvent(Base):
    """One event. ``tag`` is "subject:action", a closed vocabulary kept in ``geodata.queries.audit``."""

    __tablename__ = "audit_event"
    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    tag: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    request_id: Mapped[str | None]
    subject: Mapped[str | None]
    details: Mapped[Json]
    transaction_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("audit_transaction.id"), index=True)


class AuditChange(Base):
    """What one statement did to up to 1,000 records of a table, in the order of their ids.

    ``differences`` is a list of {"id", "old", "new"}: of a changed record only what changed, of an added one its
    values, of a removed one what it was. Of secrets it is kept that they changed, of outlines their SHA-256.
    """

    __tablename__ = "audit_change"
    __table_args__ = (
        CheckConstraint("action IN ('added', 'changed', 'removed')", name="action"),
        Index("ix_audit_change_table_name_id", "table_name", "id"),
        Index("ix_audit_change_records", "records", postgresql_using="gist"),
    )
    id: Mapped[Id]
    transaction_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("audit_transaction.id"), index=True)
    table_name: Mapped[str]
    action: Mapped[str]
    records: Mapped[Range[int]] = mapped_column(INT8RANGE)
    record_count: Mapped[int] = mapped_column(Integer)
    is_restricted: Mapped[bool]
    differences: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class AuditLink(Base):
    """A link of the chain, one a transaction, in the order of commits.

    ``sha256`` covers the link before, the transaction, its changes and its events; ``summary`` counts the records by
    "table:action".
    """

    __tablename__ = "audit_link"
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    transaction_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("audit_transaction.id"), unique=True)
    sealed_at: Mapped[datetime] = mapped_column(index=True)
    summary: Mapped[dict[str, int]] = mapped_column(JSONB)
    sha256: Mapped[str]
