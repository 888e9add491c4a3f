"""Works at a school: costs by engineers, retrofit or replacement as decided, and what the rule of a run rested on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id


class WorksFigure(Base):
    """A cost of measures at a school or one building, never changed: a later row names the one that it replaces.

    ``measures`` are codes joined by ``+``. ``cost_som`` NULL takes a figure back: the estimate stands again.
    """

    __tablename__ = "works_figure"
    __table_args__ = (
        UniqueConstraint("replaces_id"),
        CheckConstraint("cost_som > 0 OR (cost_som IS NULL AND replaces_id IS NOT NULL)", name="cost"),
        Index(
            "uq_works_figure_first",
            "school_id",
            "building_id",
            "measures",
            unique=True,
            postgresql_where=text("replaces_id IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    id: Mapped[Id]
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"))
    building_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("building.id", ondelete="CASCADE"), index=True
    )
    measures: Mapped[str]
    cost_som: Mapped[int | None] = mapped_column(BigInteger)
    document: Mapped[str]
    documented_on: Mapped[date]
    priced_on: Mapped[date]
    stage: Mapped[str]
    created_by: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    replaces_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("works_figure.id", ondelete="CASCADE"))


class WorksChoice(Base):
    """A decision on a whole school, never changed; ``choice`` NULL gives the word back to the rule of the method."""

    __tablename__ = "works_choice"
    __table_args__ = (
        UniqueConstraint("replaces_id"),
        Index("uq_works_choice_first", "school_id", unique=True, postgresql_where=text("replaces_id IS NULL")),
    )
    id: Mapped[Id]
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"))
    choice: Mapped[str | None]
    reason: Mapped[str]
    document: Mapped[str]
    created_by: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    replaces_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("works_choice.id", ondelete="CASCADE"))


class SchoolWorks(Base):
    """What the rule between retrofit, replacement and relocation rested on at one school of a run; never changed."""

    __tablename__ = "school_works"
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    retrofit_som: Mapped[int | None] = mapped_column(BigInteger)
    """Cost of the full retrofit of all buildings; None = unknown, or no building has one."""
    replacement_som: Mapped[int | None] = mapped_column(BigInteger)
    is_condemned: Mapped[bool] = mapped_column(Boolean)
    is_on_slide: Mapped[bool] = mapped_column(Boolean)
    is_in_flow: Mapped[bool] = mapped_column(Boolean)
    choice: Mapped[str | None]
