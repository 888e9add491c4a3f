"""Parameter tables that were put in use instead of the shipped ones: append-only, the newest of a name is in force."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id


class ParameterDecision(Base):
    """One decision on one table. ``content`` None: the shipped table again, ``sha256`` is that of the shipped one then.

    ``owner``: the body that answers for the values; ``number``: 1, 2, 3 ... of the table.
    """

    __tablename__ = "parameter_decision"
    __table_args__ = (
        UniqueConstraint("file_name", "number"),
        CheckConstraint("content IS NULL OR encode(sha256(content), 'hex') = sha256", name="content"),
        CheckConstraint("owner <> '' AND reason <> ''", name="words"),
        Index("ix_parameter_decision_sha256", "sha256"),
    )
    id: Mapped[Id]
    file_name: Mapped[str]
    number: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    sha256: Mapped[str]
    owner: Mapped[str]
    reason: Mapped[str]
    source: Mapped[str | None]
    licence: Mapped[str | None]
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    approver: Mapped[str | None]
    decided_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
