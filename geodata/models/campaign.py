"""Campaigns of assessment: which schools are visited, by whom, until when, and what came of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, func, text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id


class Campaign(Base):
    """One campaign: schools of an area (NULL: of the country) are assessed in one way within some days.

    ``sample_seed``, ``sample_size`` and ``sample_run_id`` say how its schools were drawn, NULL where they were listed.
    Once it is closed it never changes, and what it counted does not either (trigger).
    """

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'closed')", name="status"),
        CheckConstraint("kind IN ('self', 'verification', 'survey', 'instrument')", name="kind"),
        CheckConstraint("ends_on >= starts_on", name="days"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed"),
    )
    id: Mapped[Id]
    title: Mapped[str]
    kind: Mapped[str]
    edition_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("standard_edition.id"))
    area_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("area.id", ondelete="SET NULL"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    status: Mapped[str] = mapped_column(server_default=text("'open'"))
    sample_seed: Mapped[int | None] = mapped_column(BigInteger)
    sample_size: Mapped[int | None] = mapped_column(Integer)
    sample_run_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="SET NULL"))
    created_by: Mapped[int] = mapped_column(BigInteger)
    created_by_name: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    closed_at: Mapped[datetime | None]


class CampaignVisit(Base):
    """One school of a campaign. ``account_id`` NULL: whoever answers for the school.

    ``reason``: why the visit failed. ``assessment_id``: what the closed campaign counted.
    """

    __tablename__ = "campaign_visit"
    __table_args__ = (
        Index("ix_campaign_visit_frozen", "assessment_id", postgresql_where=text("assessment_id IS NOT NULL")),
    )
    campaign_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True
    )
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    account_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    account_name: Mapped[str | None]
    due_on: Mapped[date]
    reminded_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    assessment_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("assessment.id"))
