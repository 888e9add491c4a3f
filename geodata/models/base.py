"""The declarative base, naming of constraints, and columns that many tables share."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Identity, MetaData, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Id = Annotated[int, mapped_column(BigInteger, Identity(always=False), primary_key=True)]
TextArray = Annotated[list[str], mapped_column(ARRAY(Text), server_default=text("'{}'"))]
Json = Annotated[dict[str, Any], mapped_column(JSONB, server_default=text("'{}'"))]


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text, datetime: DateTime(timezone=True), date: Date}


class Sourced:
    """Where a row comes from: its batch, source, date and quality; exceptions per field in ``provenance``."""

    batch_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    source: Mapped[str | None]
    source_date: Mapped[date | None]
    provenance: Mapped[Json]
    is_synthetic: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
