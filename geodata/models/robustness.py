"""How firm the ranks of a run are, and second opinions on its buildings: immutable, like the run."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Float, ForeignKey, Integer
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, TextArray


class RunDraws(Base):
    """How often a run was drawn, with which seed, and N of "among the first N"; no row = its bounds are no draws."""

    __tablename__ = "run_draws"
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    draws: Mapped[int] = mapped_column(Integer)
    seed: Mapped[int] = mapped_column(BigInteger)
    top_count: Mapped[int] = mapped_column(Integer)
    mean_weights: Mapped[list[float] | None] = mapped_column(ARRAY(Float))
    """Mean of the drawn weights, in the order of the scheme's factors; NULL in runs before these were kept."""


class SchoolRobustness(Base):
    """What the draws say of one school. The interval of its rank stands in ``school_result``, once."""

    __tablename__ = "school_robustness"
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    p_top: Mapped[float] = mapped_column(Float)
    p_first: Mapped[float] = mapped_column(Float)
    p_above_next: Mapped[float | None] = mapped_column(Float)
    """Share of draws in which it stands above the school of the next rank; NULL for the last."""
    label: Mapped[str]
    score_low: Mapped[float] = mapped_column(Float)
    score_high: Mapped[float] = mapped_column(Float)
    decided_by: Mapped[str]
    """The factor that spreads its score most, and its share of that spread."""
    decided_share: Mapped[float] = mapped_column(Float)


class BuildingScreening(Base):
    """The second opinion on one building by FEMA P-154, and what changed its fragility in the engine."""

    __tablename__ = "building_screening"
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    building_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("building.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    score: Mapped[float | None] = mapped_column(Float)
    items: Mapped[TextArray]
    modifiers: Mapped[TextArray]
    needs_review: Mapped[bool] = mapped_column(Boolean)
