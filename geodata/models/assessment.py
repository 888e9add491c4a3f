"""The standard as data, assessments and answers. Protection answers live in a table of their own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id, Sourced


class StandardEdition(Base):
    """One edition; once used it never changes (``sha256`` over its canonical content).

    ``status`` is its legal status: draft, agreed, adopted, in_force, superseded; ``status_on`` the day from which it
    has it. ``is_current``: the edition that schools are assessed with, the one in force where there is one.
    """

    __tablename__ = "standard_edition"
    __table_args__ = (
        Index("uq_standard_edition_current", "is_current", unique=True, postgresql_where=text("is_current")),
    )
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    title_ky: Mapped[str]
    title_ru: Mapped[str]
    title_en: Mapped[str]
    status: Mapped[str]
    source: Mapped[str | None]
    sha256: Mapped[str]
    is_current: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    act_title_ky: Mapped[str | None]
    act_title_ru: Mapped[str | None]
    act_title_en: Mapped[str | None]
    act_number: Mapped[str | None]
    act_on: Mapped[date | None]
    act_url: Mapped[str | None]
    status_on: Mapped[date | None]
    status_reason: Mapped[str | None]
    batch_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class StandardDomain(Base):
    """A domain of an edition."""

    __tablename__ = "standard_domain"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)
    id: Mapped[Id]
    edition_id: Mapped[int] = mapped_column(ForeignKey("standard_edition.id"))
    code: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)
    name_ky: Mapped[str]
    name_ru: Mapped[str]
    name_en: Mapped[str]


class Criterion(Base):
    """A criterion of an edition. ``details`` holds what ``standard.csv`` says beyond these columns.

    ``requirement_level`` and below: who answers for it and which budget owes it, each with its standing (``act`` or
    ``proposal``); ``co_owner`` is "none" where there is nobody else; NULL is not stated.
    """

    __tablename__ = "criterion"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)
    id: Mapped[Id]
    edition_id: Mapped[int] = mapped_column(ForeignKey("standard_edition.id"))
    code: Mapped[str]
    domain_code: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)
    text_ky: Mapped[str]
    text_ru: Mapped[str]
    text_en: Mapped[str]
    scope: Mapped[str]
    weight: Mapped[float]
    is_critical: Mapped[bool]
    cap: Mapped[float | None]
    grouping: Mapped[str]
    field_class: Mapped[str]
    measure_code: Mapped[str | None]
    value_status: Mapped[str | None]
    requirement_level: Mapped[str | None]
    requirement_status: Mapped[str | None]
    responsible_body: Mapped[str | None]
    co_owner: Mapped[str | None]
    owing_budget: Mapped[str | None]
    budget_status: Mapped[str | None]
    shelf_life_months: Mapped[int | None] = mapped_column(SmallInteger)
    shelf_life_status: Mapped[str | None]
    cap_status: Mapped[str | None]
    reason_ky: Mapped[str | None]
    reason_ru: Mapped[str | None]
    reason_en: Mapped[str | None]
    batch_id: Mapped[int | None] = mapped_column(BigInteger)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))


class Assessment(Sourced, Base):
    """One visit or questionnaire at one school against one edition.

    ``rater_level``: the level of who handed it over, that day; ``none``: they had none, so that it counts like the
    school's own answers; NULL: it came from a file or another system.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("school_id", "edition_id", "kind", "assessed_on"),
        CheckConstraint("status IN ('draft', 'submitted', 'returned', 'verified', 'published')", name="status"),
    )
    id: Mapped[Id]
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("standard_edition.id"))
    kind: Mapped[str]
    assessed_on: Mapped[date]
    assessor: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default=text("'published'"))
    rater_level: Mapped[str | None]


class _AnswerColumns:
    """``evidence_on``: the day that an answer rests on, NULL: that of its assessment. ``answered_at``: when somebody
    gave or confirmed it; NULL: it came from a file or was taken over from the answers before. ``version`` grows by one
    with every change.
    """

    id: Mapped[Id]
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    state: Mapped[str]
    value: Mapped[float | None]
    room_share: Mapped[float | None]
    note: Mapped[str | None]
    evidence_on: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    batch_id: Mapped[int | None] = mapped_column(BigInteger, index=True)


class Answer(_AnswerColumns, Base):
    """A public answer. ``building_id`` is NULL for criteria of scope school and site."""

    __tablename__ = "answer"
    __table_args__ = (
        Index(
            "uq_answer_place",
            "assessment_id",
            "criterion_id",
            "building_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("state IN ('meets','partly','fails','not_applicable','unknown')", name="state"),
    )
    assessment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("assessment.id", ondelete="CASCADE"))
    building_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("building.id", ondelete="CASCADE"), index=True
    )


class RestrictedAnswer(_AnswerColumns, Base):
    """An answer of group protection (guards, alarms, violence): never public, on any channel."""

    __tablename__ = "restricted_answer"
    __table_args__ = (
        Index(
            "uq_restricted_answer_place",
            "assessment_id",
            "criterion_id",
            "building_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("state IN ('meets','partly','fails','not_applicable','unknown')", name="state"),
    )
    assessment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("assessment.id", ondelete="CASCADE"))
    building_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("building.id", ondelete="CASCADE"), index=True
    )
