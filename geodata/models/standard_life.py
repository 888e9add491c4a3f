"""What goes on around an edition of the standard: who agreed to it, its steps, and guidance for its criteria."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id


class CriterionGuidance(Base):
    """How a criterion is checked. It may be improved without a new edition; ``status`` is act or proposal."""

    __tablename__ = "criterion_guidance"
    criterion_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("criterion.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    check_ky: Mapped[str]
    check_ru: Mapped[str]
    check_en: Mapped[str]
    evidence_ky: Mapped[str]
    evidence_ru: Mapped[str]
    evidence_en: Mapped[str]
    good_ky: Mapped[str]
    good_ru: Mapped[str]
    good_en: Mapped[str]
    bad_ky: Mapped[str]
    bad_ru: Mapped[str]
    bad_en: Mapped[str]
    mistake_ky: Mapped[str]
    mistake_ru: Mapped[str]
    mistake_en: Mapped[str]
    status: Mapped[str]
    batch_id: Mapped[int | None] = mapped_column(BigInteger)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class StandardAgreement(Base):
    """A body that agreed to an edition: when, and by which document."""

    __tablename__ = "standard_agreement"
    __table_args__ = (UniqueConstraint("edition_id", "body_ky"),)
    id: Mapped[Id]
    edition_id: Mapped[int] = mapped_column(ForeignKey("standard_edition.id", ondelete="CASCADE"))
    body_ky: Mapped[str]
    body_ru: Mapped[str]
    body_en: Mapped[str | None]
    agreed_on: Mapped[date]
    document: Mapped[str]
    url: Mapped[str | None]


class StandardEditionStep(Base):
    """A change of an edition's legal status, written by a trigger. Who took it is read by ``edition_step_names``."""

    __tablename__ = "standard_edition_step"
    id: Mapped[Id]
    edition_id: Mapped[int] = mapped_column(ForeignKey("standard_edition.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    account_name: Mapped[str | None]
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    on_date: Mapped[date | None]
    reason: Mapped[str | None]
