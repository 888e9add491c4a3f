"""How often each school gets money in draws of a plan: made once, immutable."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, Integer, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base


class PlanDraws(Base):
    """How a plan was drawn: ``draws`` that were solved, ``refused`` ones whose rules could not be kept."""

    __tablename__ = "plan_draws"
    plan_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True)
    draws: Mapped[int] = mapped_column(Integer)
    refused: Mapped[int] = mapped_column(Integer)
    seed: Mapped[int] = mapped_column(BigInteger)
    code_version: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class PlanDrawSchool(Base):
    """One school in the draws of a plan; a school for which nothing can be bought has no row: unknown."""

    __tablename__ = "plan_draw_school"
    __table_args__ = (CheckConstraint("p_funded BETWEEN 0 AND 1", name="share"),)
    plan_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True)
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    p_funded: Mapped[float] = mapped_column(Float)
    p_kept: Mapped[float | None] = mapped_column(Float)
    """Share of draws in which it gets the bundle of the plan; NULL where the plan has none for it."""
