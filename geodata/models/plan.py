"""What bundles of measures give at the schools of a run, and plans that fund some of them: immutable."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Float, ForeignKey, Integer, SmallInteger, Text, func, text
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
    __table_args__ = (
        CheckConstraint("budget_som >= 0 AND cost_som BETWEEN 0 AND budget_som", name="money"),
        CheckConstraint("years BETWEEN 1 AND 10", name="years"),
    )
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
    first_year: Mapped[int | None] = mapped_column(SmallInteger)
    """First year of the envelopes; NULL in a plan of one year without a name."""
    years: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    must_act_left: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    """Schools that must be acted on and get no safety measure; ``plan_must_act`` names them."""
    result_sha256: Mapped[str | None] = mapped_column(Text)
    """Over the canonical text of what was chosen: schools, bundles, years, payments, must-act schools."""
    state_version: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    """Raised by each publishing and withdrawing, so that two editors cannot both act on one state."""


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
    """Share of the country's total once the works are done, whatever the year."""
    year: Mapped[int | None] = mapped_column(SmallInteger)
    """Year in which the works are paid and done; NULL in a plan of one year without a name."""


class PlanPayment(Base):
    """What one source pays for one school of a plan; the sum over sources is the cost of its item."""

    __tablename__ = "plan_payment"
    __table_args__ = (
        CheckConstraint(
            "source IN ('republican_budget', 'local_budget', 'stimulating_grant', 'donor', 'development_fund')",
            name="source",
        ),
        CheckConstraint("amount_som > 0", name="amount"),
    )
    plan_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True)
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger)
    amount_som: Mapped[int] = mapped_column(BigInteger)


class PlanMustAct(Base):
    """One school that must be acted on, why, and what came of it: funded, no_money, or no_measure of known cost."""

    __tablename__ = "plan_must_act"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("outcome IN ('funded', 'no_money', 'no_measure')", name="outcome"),
    )
    plan_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True)
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    reason: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
