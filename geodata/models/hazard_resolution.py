"""Resolutions: which of several layers of one hazard counts, since when and by whose decision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id


class HazardResolution(Base):
    """One decision, never changed; the newest of a hazard and a school (NULL: everywhere) is in force.

    ``layer_code`` NULL opens the conflict again: the precautionary source counts.
    """

    __tablename__ = "hazard_resolution"
    id: Mapped[Id]
    hazard: Mapped[str]
    school_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), index=True)
    layer_code: Mapped[str | None]
    reason: Mapped[str]
    document: Mapped[str]
    approver: Mapped[str | None]
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    decided_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
