"""On what the benefit and the cost of a plan rest: made once, immutable."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base


class PlanProvenance(Base):
    """Share of a plan's benefit or cost that depends on one input; ``place`` 0: on all inputs of a status together."""

    __tablename__ = "plan_provenance"
    __table_args__ = (
        CheckConstraint("value IN ('benefit', 'cost')", name="value"),
        CheckConstraint("share BETWEEN 0 AND 1", name="share"),
    )
    plan_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True)
    value: Mapped[str] = mapped_column(Text, primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    status: Mapped[str] = mapped_column(Text)
    share: Mapped[float] = mapped_column(Float)


class PlanItemProvenance(Base):
    """Share of the benefit at one funded school that depends on the inputs of a status."""

    __tablename__ = "plan_item_provenance"
    __table_args__ = (CheckConstraint("share BETWEEN 0 AND 1", name="share"),)
    plan_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("plan.id", ondelete="CASCADE"), primary_key=True)
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    status: Mapped[str] = mapped_column(Text, primary_key=True)
    share: Mapped[float] = mapped_column(Float)
