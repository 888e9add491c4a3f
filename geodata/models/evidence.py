"""Evidence, every change of an answer as it was sent, and the steps of an assessment: who did what."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, SmallInteger, func
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id, Json


class AssessmentStep(Base):
    """One step of an assessment: who, when, from which status to which, why. Written by the database alone."""

    __tablename__ = "assessment_step"
    id: Mapped[Id]
    assessment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    account_name: Mapped[str | None]
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    reason: Mapped[str | None]


class AnswerChange(Base):
    """A change of an answer or of evidence as it was sent, under the key that the device gave it; never changed.

    The same key is the same change: it counts once, however often it is sent. ``version`` is the version of the answer
    that it made. ``answered_at`` is the device's claim, ``received_at`` the server's time.
    """

    __tablename__ = "answer_change"
    __table_args__ = (CheckConstraint("kind IN ('answer', 'evidence', 'removal')", name="kind"),)
    key: Mapped[UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    criterion_id: Mapped[int | None] = mapped_column(ForeignKey("criterion.id"))
    building_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("building.id", ondelete="CASCADE"), index=True
    )
    is_restricted: Mapped[bool]
    kind: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int | None] = mapped_column(Integer)
    content: Mapped[Json]
    answered_at: Mapped[datetime | None]
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Evidence(Base):
    """A photo or document of an assessment; the files lie outside the database under their SHA-256.

    ``sha256``: the file as it was sent, for who works in the territory. ``public_sha256``: the picture without what the
    camera wrote into it (place, device); None for documents, which the public does not get. ``before_id``: the older
    picture of the same place that this one stands beside.
    """

    __tablename__ = "evidence"
    __table_args__ = (CheckConstraint("kind IN ('photo', 'document')", name="kind"),)
    id: Mapped[Id]
    key: Mapped[UUID] = mapped_column(unique=True)
    assessment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    criterion_id: Mapped[int | None] = mapped_column(ForeignKey("criterion.id"))
    building_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("building.id", ondelete="CASCADE"), index=True
    )
    is_restricted: Mapped[bool]
    kind: Mapped[str]
    media_type: Mapped[str]
    taken_on: Mapped[date | None]
    title: Mapped[str | None]
    before_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("evidence.id", ondelete="SET NULL"), index=True
    )
    sha256: Mapped[str]
    byte_count: Mapped[int] = mapped_column(BigInteger)
    public_sha256: Mapped[str | None]
    thumbnail_sha256: Mapped[str | None]
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Reading(Base):
    """What an instrument showed: value in the unit of the criterion's norm. ``shift`` 1..3, None = not said.

    ``calibrated_on`` None: nobody knows when the instrument was calibrated, which counts like too long ago.
    """

    __tablename__ = "reading"
    __table_args__ = (
        CheckConstraint("shift BETWEEN 1 AND 3", name="shift"),
        Index(
            "uq_reading_place",
            "assessment_id",
            "criterion_id",
            "building_id",
            "room",
            "measured_at",
            "instrument",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )
    id: Mapped[Id]
    assessment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("assessment.id", ondelete="CASCADE"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    building_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("building.id", ondelete="CASCADE"), index=True
    )
    room: Mapped[str | None]
    value: Mapped[float]
    measured_at: Mapped[datetime]
    shift: Mapped[int | None] = mapped_column(SmallInteger)
    instrument: Mapped[str]
    calibrated_on: Mapped[date | None]
    note: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
