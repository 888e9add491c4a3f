"""Background jobs as people see them: who asked for what, how far it is, what came out.

The queue itself is Procrastinate's (tables ``procrastinate_*``); a row here belongs to one of its jobs.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Index, Integer, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id, Json


class BackgroundJob(Base):
    """One job. ``token`` is its unguessable public name, ``scope`` the row security of who asked.

    ``only_rights`` are those of the key that asked, None when a person did.
    ``step`` and ``error`` are msgids, translated where they are shown; ``lock_key`` is unique among
    jobs that wait or run, so that a double click makes one job.
    """

    __tablename__ = "background_job"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'running', 'done', 'failed')", name="status"),
        CheckConstraint("scope IN ('public', 'area', 'national')", name="scope"),
        CheckConstraint("progress_pct BETWEEN 0 AND 100", name="progress"),
        Index(
            "uq_background_job_lock_key",
            "lock_key",
            unique=True,
            postgresql_where=text("status IN ('waiting', 'running')"),
        ),
        Index("ix_background_job_finished_at", "finished_at"),
    )
    id: Mapped[Id]
    token: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    params: Mapped[Json]
    scope: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(BigInteger)
    only_rights: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    request_id: Mapped[str | None]
    lock_key: Mapped[str | None]
    is_cancelled: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    """Who asked wants it stopped: the worker looks at it before it begins and whenever it reports."""
    queue_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    status: Mapped[str] = mapped_column(server_default=text("'waiting'"))
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    progress_pct: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    step: Mapped[str | None]
    error: Mapped[str | None]
    error_params: Mapped[Json]
    result_name: Mapped[str | None]
    result_address: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
