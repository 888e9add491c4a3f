"""Appeals: a fact that a school or local body says is wrong, with its clock and the decision."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, func, text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id

OPEN = text("status = 'open'")


class Appeal(Base):
    """One appeal of one fact. A trigger sets its day, counts its time, and holds who may decide it."""

    __tablename__ = "appeal"
    __table_args__ = (
        Index("ix_appeal_open", "due_on", postgresql_where=OPEN),
        Index(
            "uq_appeal_open",
            "school_id",
            "building_id",
            "fact",
            unique=True,
            postgresql_where=OPEN,
            postgresql_nulls_not_distinct=True,
        ),
    )
    id: Mapped[Id]
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), index=True)
    building_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("building.id", ondelete="CASCADE"))
    fact: Mapped[str]
    """Name of the field of the record."""
    present_value: Mapped[str | None]
    claimed: Mapped[str]
    evidence: Mapped[str]
    evidence_url: Mapped[str | None]
    reason: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=text("'open'"))
    created_by: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    working_days: Mapped[int] = mapped_column(SmallInteger)
    due_on: Mapped[date]
    decided_at: Mapped[datetime | None]
    decision: Mapped[str | None]
    revision_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("revision.id", ondelete="SET NULL"))
    """The change that carries an accepted value into the record."""
