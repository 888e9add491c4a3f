"""Areas, their boundaries, what they became, and which schools lie in them."""

from __future__ import annotations

from datetime import date

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id, Sourced, TextArray


class Area(Sourced, Base):
    """One unit in one period; ``code`` is text. A renamed unit keeps its row and lists ``former_names``."""

    __tablename__ = "area"
    __table_args__ = (
        CheckConstraint("level BETWEEN 0 AND 3", name="level"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="valid"),
        CheckConstraint("poverty_index BETWEEN 0 AND 1", name="poverty"),
        Index(
            "ix_area_folded_name_trgm",
            "folded_name",
            postgresql_using="gin",
            postgresql_ops={"folded_name": "gin_trgm_ops"},
        ),
    )
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    level: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    name_ky: Mapped[str]
    name_ru: Mapped[str | None]
    name_en: Mapped[str | None]
    former_names: Mapped[TextArray]
    folded_name: Mapped[str] = mapped_column(
        Computed("fold_names(name_ky, name_ru, name_en, former_names)", persisted=True)
    )
    pcode: Mapped[str | None] = mapped_column(index=True)
    valid_from: Mapped[date] = mapped_column(server_default=text("'1991-08-31'"))
    valid_to: Mapped[date | None]
    population: Mapped[int | None]
    poverty_index: Mapped[float | None]


class AreaBoundary(Base):
    """The outline, EPSG:4326; ``geom_mid`` and ``geom_low`` are simplified for zoom 7-9 and 0-6."""

    __tablename__ = "area_boundary"
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), primary_key=True)
    geom = mapped_column(Geometry("MULTIPOLYGON", 4326), nullable=False)
    geom_mid = mapped_column(Geometry("MULTIPOLYGON", 4326), nullable=False)
    geom_low = mapped_column(Geometry("MULTIPOLYGON", 4326), nullable=False)
    label_point = mapped_column(Geometry("POINT", 4326), nullable=False)
    quality: Mapped[str]
    source: Mapped[str | None]
    licence: Mapped[str | None]


class AreaSuccession(Base):
    """A unit became (part of) another one: merge, split, rename, transfer."""

    __tablename__ = "area_succession"
    __table_args__ = (UniqueConstraint("predecessor_id", "successor_id", "on_date"),)
    id: Mapped[Id]
    predecessor_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"))
    successor_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    on_date: Mapped[date]
    source: Mapped[str | None]


class SchoolArea(Base):
    """Every area, of any level and any period, that a school lies in.

    A list for an area is one join; a list on the map of a date keeps the rows whose area was valid then.
    """

    __tablename__ = "school_area"
    __table_args__ = (Index("ix_school_area_area_id_school_id", "area_id", "school_id"),)
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True)
    area_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("area.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger)
