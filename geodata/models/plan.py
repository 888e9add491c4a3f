"""What bundles of measures give at the schools of a run, and plans that fund some of them: immutable."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Float, ForeignKey, Integer, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id


class BundleResult(Base):
    """One offered bundle at one school of a run. ``cost_som`` is NULL where a quantity or unit cost is unknown."""

    __tablename__ = "bundle_result"
    __table_args__ = (CheckConstraint("cost_som > 0", name="cost"),)
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    bundle: Mapped[str] = mapped_column(Text, primary_key=True)
    cost_som: Mapped[int | None] = mapped_column(BigInteger)
    benefit: Mapped[float] = mapped_column(Float)
    """Share of the country's total (method 10)."""
    fatalities_avoided: Mapped[float | None] = mapped_column(Float)
    loss_avoided_som: Mapped[float | None] = mapped_column(Float)
    index_gained: Mapped[float | None] = mapped_column(Float)
    cost_low_som: Mapped[int | None] = mapped_column(BigInteger)
    cost_high_som: Mapped[int | None] = mapped_column(BigInteger)
    estimate_som: Mapped[int | None] = mapped_column(BigInteger)
    """What stood before an engineer's figure took its place; None without a figure, or where it was unknown."""
    is_figure: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))


class Plan(Base):
    """One allocation. ``canonical`` is the text whose SHA-256 is ``hash``: run, budget, rules, catalogue, solver."""

    __tablename__ = "plan"
    __table_args__ = (CheckConstraint("budget_som >= 0 AND cost_som BETWEEN 0 AND budget_som", name="money"),)
    id: Mapped[Id]
    hash: Mapped[str] = mapped_column(Text, unique=True)
    canonical: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    code_version: Mapped[str] = mapped_column(Text)
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), index=True)
    budget_som: Mapped[int] = mapped_column(BigInteger)
    cost_som: Mapped[int] = mapped_column(BigInteger)
    benefit: Mapped[float] = mapped_column(Float)
    bound: Mapped[float] = mapped_column(Float)
    shadow_price: Mapped[float] = mapped_column(Float)
    proposal_share: Mapped[float] = mapped_column(Float)
    """Share of the benefit that rests on values that are proposals; above half: not for allocation (method 13)."""
    schools: Mapped[int] = mapped_column(Integer)
    is_proven: Mapped[bool] = mapped_column(Boolean)
    is_unique: Mapped[bool] = mapped_column(Boolean)
    is_synthetic: Mapped[bool] = mapped_column(Boolean)
    is_published: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_at: Mapped[datetime | None]


class PlanItem(Base):
    """One funded school of a plan, with its bundle."""

    __tablename__ = "plan_item"
    __table_args__ = (CheckConstraint("cost_som > 0", name="cost"),)
    plan_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True)
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    bundle: Mapped[str] = mapped_column(Text)
    cost_som: Mapped[int] = mapped_column(BigInteger)
    benefit: Mapped[float] = mapped_column(Float)
