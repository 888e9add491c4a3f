"""Answers of the protection group, counted by area in a run; made by the database, see migration store_protection."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base


class ProtectionCount(Base):
    """Exact: schools of an area with an answer, and those of them that meet it; for who may see such answers there."""

    __tablename__ = "protection_count"
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    area_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("area.id", ondelete="CASCADE"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("criterion.id", ondelete="CASCADE"), primary_key=True
    )
    known: Mapped[int] = mapped_column(Integer)
    meets: Mapped[int] = mapped_column(Integer)


class ProtectionShown(Base):
    """The same for anybody signed in: NULL = hidden, because the number is small or would tell a small one."""

    __tablename__ = "protection_shown"
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    area_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("area.id", ondelete="CASCADE"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("criterion.id", ondelete="CASCADE"), primary_key=True
    )
    known: Mapped[int | None] = mapped_column(Integer)
    meets: Mapped[int | None] = mapped_column(Integer)
