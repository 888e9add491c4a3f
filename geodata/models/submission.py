"""Submissions of forms from the field, every version as it came, and the servers that they are read from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Integer, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id, Json


class FieldConnection(Base):
    """A form on a server of KoBoToolbox or ODK Central; the secret for it is a setting of the installation.

    ``origin`` is scheme, host and port; ``form`` names the form there; ``outcome`` says what the last reading brought.
    """

    __tablename__ = "field_connection"
    __table_args__ = (
        UniqueConstraint("origin", "form"),
        CheckConstraint("kind IN ('kobo', 'odk')", name="kind"),
        CheckConstraint("origin ~ '^https?://[^/?#@]+$'", name="origin"),
    )
    id: Mapped[Id]
    title: Mapped[str]
    kind: Mapped[str]
    origin: Mapped[str]
    form: Mapped[str]
    is_active: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    created_by: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    read_at: Mapped[datetime | None]
    outcome: Mapped[Json]


class Submission(Base):
    """One filled-in form under the id that its device gave it, and what became of its newest version.

    ``status``: ``taken`` (its assessment holds its answers), ``refused`` (kept, to be repaired), ``late`` (an edit of
    what was verified meanwhile: kept, not applied), ``set_aside`` (somebody decided that it does not count).
    ``problems`` are as ``geodata.records.table.RowProblem``.
    """

    __tablename__ = "submission"
    __table_args__ = (CheckConstraint("status IN ('taken', 'refused', 'late', 'set_aside')", name="status"),)
    id: Mapped[Id]
    instance_id: Mapped[str] = mapped_column(unique=True)
    school_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), index=True)
    assessment_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("assessment.id", ondelete="SET NULL"), index=True
    )
    connection_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("field_connection.id", ondelete="SET NULL")
    )
    is_protected: Mapped[bool]
    status: Mapped[str] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    problems: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SubmissionVersion(Base):
    """One version as it was received; never changed. Times of the device are claims, the server's is when it came."""

    __tablename__ = "submission_version"
    submission_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("submission.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    content_sha256: Mapped[str]
    raw: Mapped[dict[str, Any]] = mapped_column(JSONB)
    form_version: Mapped[str | None]
    submitted_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    submitted_by: Mapped[str | None]
    origin: Mapped[str]
    received_by: Mapped[int | None] = mapped_column(BigInteger)
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
