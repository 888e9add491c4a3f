"""The pipeline: what is planned at a school, its stages and its money by source; rows are never changed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Integer, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id


class PipelineProject(Base):
    """One bundle of measures at one school. ``cost_som`` is the estimate at the beginning, NULL = unknown."""

    __tablename__ = "pipeline_project"
    __table_args__ = (
        UniqueConstraint("id", "school_id"),
        CheckConstraint("cost_som > 0", name="cost"),
        CheckConstraint("bundle <> ''", name="bundle"),
    )
    id: Mapped[Id]
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), index=True)
    bundle: Mapped[str]
    plan_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("plan.id", ondelete="SET NULL"), index=True)
    cost_som: Mapped[int | None] = mapped_column(BigInteger)
    is_synthetic: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    created_by: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class PipelineMove(Base):
    """One move of a project from a stage to another: when, why, and by whom; ``step`` counts from 1."""

    __tablename__ = "pipeline_move"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason"),)
    project_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("pipeline_project.id", ondelete="CASCADE"), primary_key=True
    )
    step: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    from_stage: Mapped[str | None]
    to_stage: Mapped[str]
    moved_on: Mapped[date]
    reason: Mapped[str]
    document: Mapped[str | None]
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    account_name: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class PipelineMoney(Base):
    """Money of a project by source, planned or spent; a correction (0 takes it back) names the row it replaces."""

    __tablename__ = "pipeline_money"
    __table_args__ = (
        UniqueConstraint("replaces_id"),
        CheckConstraint("kind IN ('planned', 'spent')", name="kind"),
        CheckConstraint("amount_som > 0 OR (amount_som = 0 AND replaces_id IS NOT NULL)", name="amount"),
        CheckConstraint("document <> ''", name="document"),
    )
    id: Mapped[Id]
    project_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("pipeline_project.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    money: Mapped[str]
    amount_som: Mapped[int] = mapped_column(BigInteger)
    on_date: Mapped[date]
    document: Mapped[str]
    document_url: Mapped[str | None]
    created_by: Mapped[int | None] = mapped_column(BigInteger)
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    replaces_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("pipeline_money.id", ondelete="CASCADE"))
