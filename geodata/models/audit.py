"""Audit events: who did what, when and from which request; append-only for the web and worker roles."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, func
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id, Json


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
