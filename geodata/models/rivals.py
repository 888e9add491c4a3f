"""Schools around the cut of a drawn run: immutable, like the run."""

from __future__ import annotations

from sqlalchemy import BigInteger, Float, ForeignKey, Integer, SmallInteger
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base


class CutSchool(Base):
    """One school near the cut. Weights in the order of the scheme's factors; NULL where no draw has it there."""

    __tablename__ = "cut_school"
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    place: Mapped[int] = mapped_column(SmallInteger)
    """From 1, by rank among the schools near the cut."""
    top_draws: Mapped[int] = mapped_column(Integer)
    top_weights: Mapped[list[float] | None] = mapped_column(ARRAY(Float))
    confidence: Mapped[float | None] = mapped_column(Float)
    """Share of drawn facts that leave it among the first N under ``top_weights``."""
    first_draws: Mapped[int] = mapped_column(Integer)
    first_weights: Mapped[list[float] | None] = mapped_column(ARRAY(Float))


class CutPair(Base):
    """How often one school near the cut stands above another."""

    __tablename__ = "cut_pair"
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    rival_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    p_above: Mapped[float] = mapped_column(Float)
