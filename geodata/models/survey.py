"""Surveys of buildings by engineers, and the levels of those who assess."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, func, text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id, Json

OPEN = text("status IN ('draft', 'returned')")


class BuildingSurvey(Base):
    """What an engineer found at one building: by sight (FEMA P-154, GLOSI) or in a full survey with its document.

    ``facts``: field -> value of ``geodata.records.survey``; what is not in it was not seen. ``score``: P-154 on the day
    that it was handed over. ``level``: of the surveyor, on that day. ``revision_id``: the change of the building that
    it became; ``status`` follows that change. ``last_key``: of the device's last sending.
    """

    __tablename__ = "building_survey"
    __table_args__ = (
        CheckConstraint("method IN ('rapid_visual', 'full')", name="method"),
        CheckConstraint(
            "status IN ('draft', 'submitted', 'verified', 'published', 'returned', 'withdrawn')", name="status"
        ),
        Index("uq_building_survey_open", "created_by", "building_id", "method", unique=True, postgresql_where=OPEN),
    )
    id: Mapped[Id]
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), index=True)
    building_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("building.id", ondelete="CASCADE"), index=True)
    method: Mapped[str]
    surveyed_on: Mapped[date | None]
    surveyor: Mapped[str | None]
    level: Mapped[str | None]
    facts: Mapped[Json]
    score: Mapped[float | None]
    note: Mapped[str | None]
    document_sha256: Mapped[str | None]
    document_bytes: Mapped[int | None] = mapped_column(BigInteger)
    document_name: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default=text("'draft'"))
    revision_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("revision.id", ondelete="SET NULL"), index=True
    )
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    last_key: Mapped[UUID | None]
    created_by: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AssessorLevel(Base):
    """A level given to somebody who assesses, until when and on which ground; rows are added, the newest counts.

    ``none`` takes a level away.
    """

    __tablename__ = "assessor_level"
    __table_args__ = (
        CheckConstraint("level IN ('none', 'trained', 'calibrated', 'certified')", name="level"),
        CheckConstraint("basis <> ''", name="basis"),
    )
    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(BigInteger, index=True)
    account_name: Mapped[str]
    level: Mapped[str]
    valid_until: Mapped[date]
    basis: Mapped[str]
    given_by: Mapped[str | None]
    given_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
