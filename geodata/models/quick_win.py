"""Small repairs that the schools of a run need: immutable, like the run."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base


class QuickWinResult(Base):
    """One small repair at one school: in how many buildings a requirement that it meets is failed (1: the school)."""

    __tablename__ = "quick_win_result"
    __table_args__ = (CheckConstraint("cost_som > 0", name="cost"), CheckConstraint("places > 0", name="places"))
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    measure: Mapped[str] = mapped_column(Text, primary_key=True)
    places: Mapped[int] = mapped_column(Integer)
    cost_som: Mapped[int | None] = mapped_column(BigInteger)
    """NULL where nobody stated a unit cost."""
