"""Hazard layers by version, their features, and exposure per school and building (append-only)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    Float,
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

from geodata.models.base import Base, Id


class HazardLayer(Base):
    """One version of one layer. ``manifest`` is its TOML as JSON; ``is_public`` needs a stated licence."""

    __tablename__ = "hazard_layer"
    __table_args__ = (UniqueConstraint("code", "version"),)
    id: Mapped[Id]
    code: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    hazard: Mapped[str]
    kind: Mapped[str]
    manifest: Mapped[dict[str, Any]] = mapped_column(JSONB)
    data_sha256: Mapped[str]
    file_path: Mapped[str | None]
    """Path of a raster below GEODATA_DIR, named by its hash."""
    feature_count: Mapped[int] = mapped_column(server_default=text("0"))
    is_current: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    is_public: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    is_synthetic: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    batch_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class HazardFeature(Base):
    """A polygon, line or point of a layer version; ``geom_low`` is simplified for zoom 0-7."""

    __tablename__ = "hazard_feature"
    __table_args__ = (Index("ix_hazard_feature_layer_id", "layer_id"),)
    id: Mapped[Id]
    layer_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("hazard_layer.id", ondelete="CASCADE"))
    geom = mapped_column(Geometry("GEOMETRY", 4326), nullable=False)
    geom_low = mapped_column(Geometry("GEOMETRY", 4326), nullable=True)
    level: Mapped[int | None] = mapped_column(SmallInteger)
    value: Mapped[float | None]
    name: Mapped[str | None]
    properties: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))


class ExposureRun(Base):
    """One measuring of one layer version at all schools and buildings; the same inputs make no new run."""

    __tablename__ = "exposure_run"
    __table_args__ = (UniqueConstraint("layer_id", "input_sha256"),)
    id: Mapped[Id]
    layer_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("hazard_layer.id", ondelete="CASCADE"))
    input_sha256: Mapped[str]
    is_current: Mapped[bool] = mapped_column(Boolean, server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Exposure(Base):
    """Value and level at a school (``building_id`` NULL) or a building; NULL level is unknown, never 0."""

    __tablename__ = "exposure"
    __table_args__ = (
        Index("ix_exposure_school_id_run_id", "school_id", "run_id"),
        Index("ix_exposure_run_id", "run_id"),
    )
    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("exposure_run.id", ondelete="CASCADE"))
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"))
    building_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("building.id", ondelete="CASCADE"), index=True
    )
    value: Mapped[float | None] = mapped_column(Float)
    level: Mapped[int | None] = mapped_column(SmallInteger)
    status: Mapped[str]
    """measured, outside (outside coverage: unknown) or no_location."""
