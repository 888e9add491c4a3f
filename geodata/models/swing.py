"""What moves each school's score: one value at a time at both ends of its range."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Integer, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base


class SchoolSwing(Base):
    """One value of the method, weight or unknown part and what its range does to a school's points and rank.

    ``place`` 1..6: the largest swings, ``name`` a constant, ``weight.C1`` or ``unknown.C1``. ``place`` 0: the sum of
    all swings of a ``status`` (``name`` is the status too), without ranks.
    """

    __tablename__ = "school_swing"
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    status: Mapped[str]
    low: Mapped[float | None]
    high: Mapped[float | None]
    points_low: Mapped[float]
    points_high: Mapped[float]
    rank_low: Mapped[int | None] = mapped_column(Integer)
    rank_high: Mapped[int | None] = mapped_column(Integer)
