"""Unit costs that people state, and what a survey of a school is worth in a run."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Float, ForeignKey, Index, Numeric, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id


class MeasurePrice(Base):
    """One statement of a unit cost, never changed: the newest of a measure, an area and an altitude is in force.

    ``area_id`` NULL: everywhere; ``altitude_from_m`` NULL: at every altitude. Costs that are all NULL: somebody says
    that nobody knows it. ``index_factor`` brings the price of its date to today's money.
    """

    __tablename__ = "measure_price"
    __table_args__ = (
        CheckConstraint(
            "(low_som IS NULL AND default_som IS NULL AND high_som IS NULL) OR 0 < low_som", name="positive"
        ),
        CheckConstraint(
            "num_nulls(low_som, default_som, high_som) IN (0, 3) AND low_som <= default_som "
            "AND default_som <= high_som",
            name="order",
        ),
        CheckConstraint("index_factor > 0", name="index"),
        CheckConstraint("altitude_from_m BETWEEN 1 AND 8000", name="altitude"),
        CheckConstraint("source <> '' AND reason <> ''", name="words"),
        Index("ix_measure_price_place", "measure", "area_id", "altitude_from_m", "id"),
    )
    id: Mapped[Id]
    measure: Mapped[str]
    area_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("area.id"), index=True)
    altitude_from_m: Mapped[int | None]
    low_som: Mapped[int | None] = mapped_column(BigInteger)
    default_som: Mapped[int | None] = mapped_column(BigInteger)
    high_som: Mapped[int | None] = mapped_column(BigInteger)
    price_date: Mapped[date | None]
    index_factor: Mapped[Decimal] = mapped_column(Numeric(8, 4), server_default=text("1"))
    index_source: Mapped[str | None]
    source: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str]
    is_withdrawn: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    approver: Mapped[str | None]
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    decided_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class SurveyValue(Base):
    """What a survey of one school is worth in a run (method 12), in som; NULL = unknown, ``reason`` says why."""

    __tablename__ = "survey_value"
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    bundle: Mapped[str | None] = mapped_column(Text)
    cost_som: Mapped[int | None] = mapped_column(BigInteger)
    survey_som: Mapped[int | None] = mapped_column(BigInteger)
    benefit: Mapped[float | None] = mapped_column(Float)
    deviation: Mapped[float | None] = mapped_column(Float)
    gross_som: Mapped[float | None] = mapped_column(Float)
    net_som: Mapped[float | None] = mapped_column(Float)
    switches: Mapped[float | None] = mapped_column(Float)
    """How likely the survey changes what is decided, 0..1."""
    unknown_part: Mapped[str | None]
    reason: Mapped[str]
