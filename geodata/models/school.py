"""Schools, their codes in other registers, and their buildings: wide tables of current values."""

from __future__ import annotations

from datetime import date

from geoalchemy2 import Geometry
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id, Sourced, TextArray


class School(Sourced, Base):
    """One school. NULL is unknown. ``location`` EPSG:4326."""

    __tablename__ = "school"
    __table_args__ = (
        CheckConstraint("pupils >= 0 AND seats >= 0 AND staff >= 0", name="counts"),
        CheckConstraint("shifts BETWEEN 1 AND 3", name="shifts"),
        CheckConstraint("boarding_pupils >= 0", name="boarding_pupils"),
        Index(
            "ix_school_folded_name_trgm",
            "folded_name",
            postgresql_using="gin",
            postgresql_ops={"folded_name": "gin_trgm_ops"},
        ),
        Index("ix_school_real", "id", postgresql_where=text("NOT is_synthetic")),
        Index("ix_school_id_is_published", "id", postgresql_include=["is_published"]),
    )
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name_ky: Mapped[str | None]
    name_ru: Mapped[str | None]
    name_en: Mapped[str | None]
    folded_name: Mapped[str] = mapped_column(
        Computed("fold_names(name_ky, name_ru, name_en, ARRAY[code])", persisted=True)
    )
    location = mapped_column(Geometry("POINT", 4326), nullable=True)
    location_quality: Mapped[str] = mapped_column(server_default=text("'unknown'"))
    location_flags: Mapped[TextArray]
    """Doubts found by the location check: outside_area, in_lake, duplicate_point, far_from_settlement, too_high."""
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    kind: Mapped[str] = mapped_column(server_default=text("'unknown'"))
    ownership: Mapped[str] = mapped_column(server_default=text("'unknown'"))
    languages: Mapped[TextArray]
    pupils: Mapped[int | None] = mapped_column(Integer)
    seats: Mapped[int | None] = mapped_column(Integer)
    shifts: Mapped[int | None] = mapped_column(SmallInteger)
    shift_pupils: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default=text("'{}'"))
    shift_hours: Mapped[list[float]] = mapped_column(ARRAY(Float), server_default=text("'{}'"))
    staff: Mapped[int | None] = mapped_column(Integer)
    boarding_pupils: Mapped[int | None] = mapped_column(Integer)
    """Pupils who live at the school, of those in ``pupils``."""
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    is_published: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))


class SchoolCode(Base):
    """The school's code in another register, with source and date."""

    __tablename__ = "school_code"
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True)
    register: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(index=True)
    source: Mapped[str | None]
    source_date: Mapped[date | None]


class Building(Sourced, Base):
    """One block of a school; an unknown type is ``KG-UNK``, counted and never "safe"."""

    __tablename__ = "building"
    __table_args__ = (
        CheckConstraint("pupil_share BETWEEN 0 AND 1", name="pupil_share"),
        CheckConstraint("area_m2 > 0 AND storeys > 0", name="size"),
    )
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), index=True)
    name: Mapped[str | None]
    use: Mapped[str] = mapped_column(server_default=text("'unknown'"))
    building_type: Mapped[str] = mapped_column(server_default=text("'KG-UNK'"))
    year_built: Mapped[int | None] = mapped_column(SmallInteger)
    storeys: Mapped[int | None] = mapped_column(SmallInteger)
    area_m2: Mapped[float | None]
    condition: Mapped[str] = mapped_column(server_default=text("'unknown'"))
    design_series: Mapped[str | None]
    heating: Mapped[str] = mapped_column(server_default=text("'unknown'"))
    pupil_share: Mapped[float | None]
    soil_class: Mapped[str | None]
    replacement_som: Mapped[int | None] = mapped_column(BigInteger)
    vertical_irregularity: Mapped[bool | None]
    plan_irregularity: Mapped[bool | None]
    flexible_diaphragm: Mapped[bool | None]
    pounding: Mapped[bool | None]
    footprint = mapped_column(Geometry("GEOMETRY", 4326), nullable=True)
    is_published: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
