"""Reports of sensitivity: a plan under other assumptions, and its schools that hang on one of them: immutable."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Float, ForeignKey, Integer, SmallInteger, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id, TextArray


class PlanSensitivity(Base):
    """One report. ``canonical`` is the text whose SHA-256 is ``hash``: plan, variants, effort of the solver, code."""

    __tablename__ = "plan_sensitivity"
    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    hash: Mapped[str] = mapped_column(Text, unique=True)
    canonical: Mapped[str] = mapped_column(Text)
    code_version: Mapped[str] = mapped_column(Text)
    variants: Mapped[int] = mapped_column(Integer)
    """Variants whose funded schools were computed."""
    no_regret: Mapped[int] = mapped_column(Integer)
    """Schools of the plan that are funded in every computed variant."""
    gap_asked: Mapped[float] = mapped_column(Float)
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class SensitivityVariant(Base):
    """The plan under one changed assumption; figures are NULL where it was not computed, and the reason says why."""

    __tablename__ = "sensitivity_variant"
    __table_args__ = (
        CheckConstraint("outcome IN ('computed', 'same', 'not_computed')", name="outcome"),
        CheckConstraint("outcome = 'computed' OR reason <> ''", name="reason"),
    )
    sensitivity_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("plan_sensitivity.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    assumption: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str | None] = mapped_column(Text)
    budget_som: Mapped[int | None] = mapped_column(BigInteger)
    cost_som: Mapped[int | None] = mapped_column(BigInteger)
    schools: Mapped[int | None] = mapped_column(Integer)
    shared: Mapped[int | None] = mapped_column(Integer)
    """Schools that are funded in the plan and in the variant."""
    benefit: Mapped[float | None] = mapped_column(Float)
    gap: Mapped[float | None] = mapped_column(Float)
    plan_misses: Mapped[float | None] = mapped_column(Float)
    """Share of the variant's benefit that the plan itself would miss there; NULL where it cannot be paid there."""
    shared_share: Mapped[float | None] = mapped_column(Float)
    """Schools in both over schools in either (Jaccard)."""
    shared_money: Mapped[float | None] = mapped_column(Float)
    """Share of the plan's money that goes to schools that the variant funds too."""


class SensitivitySchool(Base):
    """One school of the plan or of a variant, and the variants that change whether it is funded."""

    __tablename__ = "sensitivity_school"
    sensitivity_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("plan_sensitivity.id", ondelete="CASCADE"), primary_key=True
    )
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    is_planned: Mapped[bool] = mapped_column(Boolean)
    funded_in: Mapped[int] = mapped_column(Integer)
    changed_by: Mapped[TextArray]
    hangs_on: Mapped[str | None] = mapped_column(Text)
    """The one assumption that decides whether it is funded; NULL where none or several do."""
