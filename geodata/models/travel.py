"""Travel times by road from a school, as a file states them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base


class TravelTime(Base):
    """Minutes to the nearest place of a kind; no row = not known. ``target``: school, fire_station, hospital."""

    __tablename__ = "travel_time"
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True)
    target: Mapped[str] = mapped_column(primary_key=True)
    target_name: Mapped[str | None]
    minutes: Mapped[float]
    km: Mapped[float | None]
    source: Mapped[str]
    source_date: Mapped[date]
