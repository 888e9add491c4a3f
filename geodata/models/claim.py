"""Claims: numbers that somebody stated on a day, with what they counted; contradicting ones stand beside each other."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from geodata.models.base import Base, Id


class Claim(Base):
    """One stated number. ``said_on`` is a year, a month or a day, as precise as it is known."""

    __tablename__ = "claim"
    __table_args__ = (UniqueConstraint("subject", "said_on", "source"),)
    id: Mapped[Id]
    subject: Mapped[str]
    value: Mapped[float]
    definition_ky: Mapped[str]
    definition_ru: Mapped[str]
    definition_en: Mapped[str]
    source: Mapped[str]
    said_on: Mapped[str]
    url: Mapped[str]
