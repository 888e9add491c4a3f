"""Telephone numbers of schools, apart from the schools: row security hides rows, not columns."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, func, text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, TextArray


class SchoolContact(Base):
    """Office telephones of one school, E.164, the first to call first; no names of persons.

    No row: nobody said anything. An empty list: somebody said that no number is known. +9960..., which no network
    connects, is for sample data only.
    """

    __tablename__ = "school_contact"
    __table_args__ = (
        CheckConstraint(
            r"array_to_string(phones, ',', '?') ~ '^([+]996[0-9]{9}(,[+]996[0-9]{9}){0,4})?$'", name="phones"
        ),
        CheckConstraint("is_synthetic OR array_to_string(phones, ',') !~ '[+]9960'", name="sample"),
    )
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True)
    phones: Mapped[TextArray]
    source: Mapped[str]
    source_date: Mapped[date]
    batch_id: Mapped[int | None] = mapped_column(BigInteger)
    is_synthetic: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
