"""Priors: shares of building types and pass rates of requirements among surveyed buildings, counted once, immutable."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Float, ForeignKey, Integer, SmallInteger, func, text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id, Json


class PriorVersion(Base):
    """One table of priors: counted on a day, from which inputs; never changed."""

    __tablename__ = "prior_version"
    __table_args__ = (CheckConstraint("buildings >= 0 AND answers >= 0", name="counts"),)
    id: Mapped[Id]
    number: Mapped[int] = mapped_column(Integer, unique=True)
    made_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    data_date: Mapped[date]
    edition_id: Mapped[int] = mapped_column(ForeignKey("standard_edition.id"), index=True)
    """The edition whose requirements were counted."""
    buildings: Mapped[int] = mapped_column(Integer)
    """Buildings whose type was surveyed or declared."""
    answers: Mapped[int] = mapped_column(BigInteger)
    """Answers that count, over buildings."""
    inputs: Mapped[Json]
    """SHA-256 of what was counted, and the thresholds."""
    run_hash: Mapped[str | None]
    """The published ranking of the same time; None without one."""
    is_synthetic: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    account_id: Mapped[int | None] = mapped_column(BigInteger)


class TypePrior(Base):
    """Share of one building type in an area ("" the country) and decade (0: year unknown)."""

    __tablename__ = "type_prior"
    __table_args__ = (CheckConstraint("weight BETWEEN 0 AND 1", name="weight"),)
    version_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("prior_version.id"), primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    decade: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    building_type: Mapped[str] = mapped_column(primary_key=True)
    basis: Mapped[str]
    """What was counted: rayon_decade, oblast_decade, country_decade, country, equal."""
    surveyed: Mapped[int] = mapped_column(Integer)
    counted: Mapped[int] = mapped_column(Integer)
    weight: Mapped[float] = mapped_column(Float)


class AnswerPrior(Base):
    """Pass rate of one requirement among surveyed buildings of an area, a decade (-1: all) and a type ("": all)."""

    __tablename__ = "answer_prior"
    __table_args__ = (CheckConstraint("rate BETWEEN 0 AND 1", name="rate"),)
    version_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("prior_version.id"), primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    decade: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    building_type: Mapped[str] = mapped_column(primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    basis: Mapped[str]
    surveyed: Mapped[int] = mapped_column(Integer)
    met: Mapped[float] = mapped_column(Float)
    rate: Mapped[float] = mapped_column(Float)


class PriorDecision(Base):
    """One decision on which version is in force, never changed: the newest counts. ``version_id`` NULL: none is."""

    __tablename__ = "prior_decision"
    id: Mapped[Id]
    version_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("prior_version.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    decided_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
