"""Official lists: the decisions that made runs official, what each moved, and the kits that make runs again."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id


class OfficialList(Base):
    """One decision, never changed: the newest is in force, the ones before are superseded. NULL = not stated."""

    __tablename__ = "official_list"
    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), index=True)
    decided_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    approver: Mapped[str | None]
    reason: Mapped[str | None]
    document: Mapped[str | None]
    document_on: Mapped[date | None]
    document_url: Mapped[str | None]
    former_run_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"))


class OfficialChange(Base):
    """What one school's rank became with an official list, and why; points of the priority by cause."""

    __tablename__ = "official_change"
    list_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("official_list.id", ondelete="CASCADE"), primary_key=True
    )
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"))
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    old_rank: Mapped[int | None] = mapped_column(Integer)
    """NULL: the school was not in that list."""
    new_rank: Mapped[int | None] = mapped_column(Integer)
    old_priority: Mapped[float | None]
    new_priority: Mapped[float | None]
    rule: Mapped[float | None]
    data: Mapped[float | None]
    reality: Mapped[float | None]
    undivided: Mapped[float | None]
    reason: Mapped[str]
    factor: Mapped[str | None]
    """The factor that moved most."""


class OfficialSplit(Base):
    """What moved one school, split by ranking again with one cause exchanged at a time; each row of parts is exact.

    Points sum to the movement of the priority, places to that of the rank. Only schools that both lists hold.
    """

    __tablename__ = "official_split"
    list_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("official_list.id", ondelete="CASCADE"), primary_key=True
    )
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"))
    school_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    points_rule: Mapped[float]
    points_data: Mapped[float]
    points_reality: Mapped[float]
    points_undivided: Mapped[float]
    places_rule: Mapped[float]
    """A mean over all orders of exchange, so that halves of a place are possible; below 0 = nearer to the top."""
    places_data: Mapped[float]
    places_reality: Mapped[float]
    places_undivided: Mapped[float]
    places_others: Mapped[float]
    """Schools that came into the list or left it."""
    reason: Mapped[str]


class RunKit(Base):
    """The ZIP from which a run can be made again anywhere."""

    __tablename__ = "run_kit"
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
