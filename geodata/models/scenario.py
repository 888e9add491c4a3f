"""Scenario events: one earthquake, and what it would do to each school."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Boolean, Float, ForeignKey, Integer, func, text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id


class Scenario(Base):
    """One event. ``measure`` is msk (soil II), pga_g (at the surface) or inside (an area without a degree).

    Immutable but for being published.
    """

    __tablename__ = "scenario"
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    title_ky: Mapped[str]
    title_ru: Mapped[str]
    title_en: Mapped[str]
    measure: Mapped[str]
    source: Mapped[str]
    licence: Mapped[str | None]
    equation: Mapped[str | None]
    file_name: Mapped[str | None]
    input_sha256: Mapped[str]
    code_version: Mapped[str]
    happened_on: Mapped[date | None]
    magnitude: Mapped[float | None] = mapped_column(Float)
    depth_km: Mapped[float | None] = mapped_column(Float)
    lon: Mapped[float | None] = mapped_column(Float)
    lat: Mapped[float | None] = mapped_column(Float)
    data_date: Mapped[date]
    is_synthetic: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    is_published: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_at: Mapped[datetime | None]


class ScenarioResult(Base):
    """One school in one scenario; a school outside the footprint has no row. Shares 0..1 of buildings and people.

    ``pupils_1`` to ``pupils_3``: those present of each shift who go home; ``pupils_boarding``: those who are there at
    each hour; NULL = unknown. ``unusable``: expected share of the seats
    in buildings that cannot be used, with the least and the greatest of the three models. Shaking and shares are all
    known or, in an area without a degree, all NULL.
    """

    __tablename__ = "scenario_result"
    scenario_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("scenario.id", ondelete="CASCADE"), primary_key=True
    )
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    msk: Mapped[float | None] = mapped_column(Float)
    pga_g: Mapped[float | None] = mapped_column(Float)
    pupils_1: Mapped[int | None] = mapped_column(Integer)
    pupils_2: Mapped[int | None] = mapped_column(Integer)
    pupils_3: Mapped[int | None] = mapped_column(Integer)
    pupils_boarding: Mapped[int | None] = mapped_column(Integer)
    staff: Mapped[int | None] = mapped_column(Integer)
    seats: Mapped[int | None] = mapped_column(Integer)
    unusable_low: Mapped[float | None] = mapped_column(Float)
    unusable: Mapped[float | None] = mapped_column(Float)
    unusable_high: Mapped[float | None] = mapped_column(Float)
    severe_share: Mapped[float | None] = mapped_column(Float)
    death_share: Mapped[float | None] = mapped_column(Float)
    loss_ratio: Mapped[float | None] = mapped_column(Float)
    oblast_id: Mapped[int | None] = mapped_column(BigInteger)
    rayon_id: Mapped[int | None] = mapped_column(BigInteger)
