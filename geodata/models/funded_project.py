"""Funded projects: which school got money, and why better-ranked ones were passed by."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Integer, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id


class FundedProject(Base):
    """Money for one school, never changed: a correction replaces the row. Out of order: ``passed_count`` above 0."""

    __tablename__ = "funded_project"
    __table_args__ = (
        UniqueConstraint("replaces_id"),
        ForeignKeyConstraint(["project_id", "school_id"], ["pipeline_project.id", "pipeline_project.school_id"]),
    )
    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("run.id", ondelete="CASCADE"))
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), index=True)
    amount_som: Mapped[int] = mapped_column(BigInteger)
    money: Mapped[str]
    funded_on: Mapped[date]
    document: Mapped[str]
    document_url: Mapped[str | None]
    document_sha256: Mapped[str | None]
    passed_school_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"))
    """The best-ranked school that had no money yet."""
    passed_count: Mapped[int] = mapped_column(Integer)
    reason_code: Mapped[str | None]
    reason_ky: Mapped[str | None]
    reason_ru: Mapped[str | None]
    created_by: Mapped[int | None] = mapped_column(BigInteger)
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    replaces_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("funded_project.id", ondelete="CASCADE"))
    project_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """The project of the pipeline that the money is for, of the same school."""
