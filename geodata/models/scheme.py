"""Schemes of weights that people saved: a national one is everybody's to see, a draft its author's alone."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ARRAY, BigInteger, Boolean, ForeignKey, Numeric, func, text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id


class WeightScheme(Base):
    """One scheme, never changed: another one is saved beside it. ``weights`` in the order of C1 to C8, sum 1."""

    __tablename__ = "weight_scheme"
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    """What a shared address names."""
    title: Mapped[str]
    owner: Mapped[str]
    """The office or person who answers for the weights, as written by who saved them."""
    note: Mapped[str | None]
    weights: Mapped[list[Decimal]] = mapped_column(ARRAY(Numeric(4, 3)))
    is_national: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    account_id: Mapped[int] = mapped_column(BigInteger, index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class SchemeDecision(Base):
    """One decision on the official scheme, never changed: the newest is in force.

    ``scheme_id`` NULL: the scheme that ships with the program is the official one again.
    """

    __tablename__ = "scheme_decision"
    id: Mapped[Id]
    scheme_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("weight_scheme.id"), index=True)
    reason: Mapped[str]
    document: Mapped[str]
    approver: Mapped[str | None]
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    decided_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
