"""How good what is known is: of each school in a run, and of each area."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Integer, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, TextArray


class SchoolQuality(Base):
    """One school in one run, on the day of its data. Shares 0..1; NULL where there is nothing to tell from."""

    __tablename__ = "school_quality"
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    verified_share: Mapped[float]
    """Of the weight of the physical criteria that apply: answered and verified."""
    firm_share: Mapped[float]
    """The same, and within its shelf life."""
    expired_share: Mapped[float | None]
    """Of the weight that is answered."""
    evidence_on: Mapped[date | None]
    """Mean day of the evidence, by weight."""
    first_expiry_on: Mapped[date | None]
    """The first day on which an answer counts as expired."""
    compared: Mapped[int] = mapped_column(Integer)
    """Criteria that both the school and a second rater answered."""
    equal_share: Mapped[float | None]
    index_gap: Mapped[float | None]
    """Index of the own answers minus that of the second rater's, points of 100."""
    doubts: Mapped[TextArray]
    """seats_zero, shift_sum, location, raters, value_state."""


class AreaQuality(Base):
    """One area in one run, from its schools; means are of the schools that have the figure."""

    __tablename__ = "area_quality"
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    area_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("area.id", ondelete="CASCADE"), primary_key=True)
    schools: Mapped[int] = mapped_column(Integer)
    assessed: Mapped[int] = mapped_column(Integer)
    compared: Mapped[int] = mapped_column(Integer)
    """Schools that a second rater visited."""
    doubtful: Mapped[int] = mapped_column(Integer)
    """Schools with a contradiction at least."""
    completeness: Mapped[float]
    """Mean of all schools: one that nobody assessed counts as 0."""
    verified_share: Mapped[float]
    expired_share: Mapped[float | None]
    evidence_on: Mapped[date | None]
    """Median of the schools."""
    equal_share: Mapped[float | None]
    """Of all compared answers of the area."""
    index_gap: Mapped[float | None]
    doubts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    """Schools by kind of contradiction."""
