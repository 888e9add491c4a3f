"""Revisions: one wished change of a school or a building, and the steps that it went."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id, Json


class Revision(Base):
    """A change on its way: ``changes`` are the fields as they shall be, ``base`` as they were when it was drafted.

    ``building_id`` None with kind building is a new building. ``base_version`` is the record's version that was
    drafted from; ``replaced`` are the values that publication wrote over. ``version`` grows with every saving.
    """

    __tablename__ = "revision"
    __table_args__ = (
        CheckConstraint("kind = 'building' OR (kind = 'school' AND building_id IS NULL)", name="kind"),
        CheckConstraint(
            "status IN ('draft', 'submitted', 'verified', 'published', 'returned', 'withdrawn')", name="status"
        ),
        CheckConstraint("(status = 'published') = (published_at IS NOT NULL)", name="published"),
        Index("ix_revision_waiting", "status", postgresql_where=text("status IN ('submitted', 'verified')")),
        Index(
            "uq_revision_open",
            "created_by",
            "kind",
            "school_id",
            "building_id",
            unique=True,
            postgresql_where=text("status IN ('draft', 'returned') AND (kind = 'school' OR building_id IS NOT NULL)"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    id: Mapped[Id]
    kind: Mapped[str]
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), index=True)
    building_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("building.id", ondelete="CASCADE"), index=True
    )
    base_version: Mapped[int | None] = mapped_column(Integer)
    base: Mapped[Json]
    changes: Mapped[Json]
    replaced: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    source: Mapped[str | None]
    source_date: Mapped[date | None]
    reason: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default=text("'draft'"))
    step_reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_by: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_at: Mapped[datetime | None]


class RevisionStep(Base):
    """One step of a revision: who, when, from which status to which, why. Written by the database alone."""

    __tablename__ = "revision_step"
    id: Mapped[Id]
    revision_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("revision.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    account_name: Mapped[str | None]
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    reason: Mapped[str | None]
