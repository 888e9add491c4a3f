"""Runs: immutable rankings, with every part of every score, and their aggregates by area."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Boolean, Float, ForeignKey, Index, Integer, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id, TextArray


class Run(Base):
    """One ranking. ``canonical`` is the text whose SHA-256 is ``hash`` (method 14)."""

    __tablename__ = "run"
    id: Mapped[Id]
    hash: Mapped[str] = mapped_column(unique=True)
    canonical: Mapped[str]
    scheme: Mapped[str]
    edition_id: Mapped[int] = mapped_column(ForeignKey("standard_edition.id"))
    data_date: Mapped[date]
    code_version: Mapped[str]
    school_count: Mapped[int] = mapped_column(Integer)
    ranked_count: Mapped[int] = mapped_column(Integer)
    is_published: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    is_official: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    is_synthetic: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_at: Mapped[datetime | None]


class SchoolResult(Base):
    """One school in one run: every part of its score, and the facts that the list shows beside it."""

    __tablename__ = "school_result"
    __table_args__ = (
        Index("ix_school_result_run_rank", "run_id", "national_rank"),
        Index("ix_school_result_school_id", "school_id"),
    )
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True)
    grade: Mapped[str | None]
    conformity_class: Mapped[str]
    index_lower: Mapped[float]
    index_central: Mapped[float | None]
    """NULL where nothing was assessed."""
    index_upper: Mapped[float]
    completeness: Mapped[float]
    red_flags: Mapped[TextArray]
    priority_lower: Mapped[float]
    priority_central: Mapped[float]
    priority_upper: Mapped[float]
    factor_raw: Mapped[list[float | None]] = mapped_column(ARRAY(Float))
    factor_value: Mapped[list[float | None]] = mapped_column(ARRAY(Float))
    contribution: Mapped[list[float]] = mapped_column(ARRAY(Float))
    known: Mapped[list[bool]] = mapped_column(ARRAY(Boolean))
    national_rank: Mapped[int] = mapped_column(Integer)
    rank_low: Mapped[int] = mapped_column(Integer)
    rank_high: Mapped[int] = mapped_column(Integer)
    oblast_rank: Mapped[int | None] = mapped_column(Integer)
    rayon_rank: Mapped[int | None] = mapped_column(Integer)
    aimak_rank: Mapped[int | None] = mapped_column(Integer)
    confidence: Mapped[int] = mapped_column(SmallInteger)
    pupils: Mapped[int | None] = mapped_column(Integer)
    seats: Mapped[int | None] = mapped_column(Integer)
    shifts: Mapped[int | None] = mapped_column(SmallInteger)
    peak_pupils: Mapped[int | None] = mapped_column(Integer)
    oblast_id: Mapped[int | None] = mapped_column(BigInteger)
    rayon_id: Mapped[int | None] = mapped_column(BigInteger)
    aimak_id: Mapped[int | None] = mapped_column(BigInteger)
    hazard_levels: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    assessed_on: Mapped[date | None]
    safety_rank: Mapped[int | None] = mapped_column(Integer)
    """Places by the three published methods beside the priority; NULL = unknown, or a run from before them."""
    gap_points: Mapped[float | None]
    gap_rank: Mapped[int | None] = mapped_column(Integer)
    benefit_cost: Mapped[float | None]
    """Best benefit for the cost; unit and rule by ``benefit_cost`` of the run's canonical text."""
    benefit_rank: Mapped[int | None] = mapped_column(Integer)
    top_by_weights: Mapped[str | None]
    """Whether the school stays among the first N while each weight moves; NULL in a run from before that."""
    top_moves: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """The moves that bring it in or put it out: factor and direction."""


class BuildingResult(Base):
    """One building in one run: index, class and the seismic and other risk of method 4-5."""

    __tablename__ = "building_result"
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    building_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("building.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), index=True)
    index_lower: Mapped[float | None]
    index_central: Mapped[float | None]
    index_upper: Mapped[float | None]
    completeness: Mapped[float | None]
    conformity_class: Mapped[str | None]
    red_flags: Mapped[TextArray]
    risk: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    """individual_risk, equivalent_fatalities, eal_som, replacement_som, and of a day with the 475-year ``motion_g``
    day_unusable, day_severe, day_death; each {central, lower, upper, model_low, model_high} with null where unknown.
    ``share``: of the school's pupils, as the ranking completed it."""


class DomainResult(Base):
    """One public domain of one school in one run: index 0..100 in bounds, share assessed, failed criteria."""

    __tablename__ = "domain_result"
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    domain_code: Mapped[str] = mapped_column(Text, primary_key=True)
    index_lower: Mapped[float]
    index_central: Mapped[float]
    index_upper: Mapped[float]
    completeness: Mapped[float]
    failed: Mapped[TextArray]


class AreaResult(Base):
    """One area in one run. Means are NULL, never 0, where nothing was assessed; coverage stands beside."""

    __tablename__ = "area_result"
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    area_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("area.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger)
    schools: Mapped[int]
    assessed: Mapped[int]
    covered: Mapped[int]
    """Schools with completeness >= 0.8; an area is ranked from 60 % of its schools."""
    is_rankable: Mapped[bool]
    pupils: Mapped[int | None]
    peak_pupils: Mapped[int | None]
    pupils_at_risk: Mapped[int | None]
    """Pupils of schools graded D or E."""
    grade_counts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    mean_priority: Mapped[float | None]
    mean_index_lower: Mapped[float | None]
    mean_index: Mapped[float | None]
    mean_index_upper: Mapped[float | None]
    worst_rank: Mapped[int | None]
    median_altitude_m: Mapped[float | None]
