"""Travel from a school: times as a table states them, roads and services as files draw them, and ways by road."""

from __future__ import annotations

from datetime import date, datetime

from geoalchemy2 import Geometry
from sqlalchemy import ARRAY, REAL, BigInteger, ForeignKey, Integer, SmallInteger, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id


class TravelTime(Base):
    """Minutes to the nearest place of a kind; no row = not known. ``target``: school, fire_station, hospital."""

    __tablename__ = "travel_time"
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True)
    target: Mapped[str] = mapped_column(primary_key=True)
    target_name: Mapped[str | None]
    minutes: Mapped[float]
    km: Mapped[float | None]
    source: Mapped[str]
    source_date: Mapped[date]


class TravelLayer(Base):
    """One version of the file of roads or of services (fire stations, hospitals); ``kind`` roads or services."""

    __tablename__ = "travel_layer"
    __table_args__ = (UniqueConstraint("kind", "version"),)
    id: Mapped[Id]
    kind: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    source: Mapped[str]
    licence: Mapped[str | None]
    data_sha256: Mapped[str]
    feature_count: Mapped[int] = mapped_column(Integer)
    is_current: Mapped[bool]
    is_synthetic: Mapped[bool]
    batch_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Road(Base):
    """A line of a road file. ``limit_kmh`` as the file states it; ``direction`` 1 as drawn, -1 against, 0 both."""

    __tablename__ = "road"
    id: Mapped[Id]
    layer_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("travel_layer.id", ondelete="CASCADE"), index=True)
    road_class: Mapped[str]
    limit_kmh: Mapped[float | None]
    direction: Mapped[int] = mapped_column(SmallInteger)
    is_paved: Mapped[bool | None]
    name: Mapped[str | None]
    geom = mapped_column(Geometry("LINESTRING", 4326, spatial_index=False), nullable=False)


class ServicePlace(Base):
    """A fire station or a hospital of a file of services; ``kind`` as the targets of travel times."""

    __tablename__ = "service_place"
    id: Mapped[Id]
    layer_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("travel_layer.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    name: Mapped[str | None]
    geom = mapped_column(Geometry("POINT", 4326), nullable=False)


class SchoolWay(Base):
    """The fastest way by the road file from a school to the nearest place of a kind; no row = not known.

    ``other_id`` is the school that it leads to, else the names are those of the place. The line begins at the
    school's place as it was: a school that was moved since has no way until ways are worked out again.
    """

    __tablename__ = "school_way"
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True)
    target: Mapped[str] = mapped_column(primary_key=True)
    other_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), index=True)
    name_ky: Mapped[str | None]
    name_ru: Mapped[str | None]
    name_en: Mapped[str | None]
    minutes: Mapped[float]
    km: Mapped[float]
    layer_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("travel_layer.id", ondelete="CASCADE"), index=True)
    geom = mapped_column(Geometry("LINESTRING", 4326, spatial_index=False), nullable=False)


class SchoolDistance(Base):
    """Kilometres by the road file from a school to others, itself too at 0; a school without a row is not reached.

    One row a school: some three hundred thousand pairs are read by school only. A ``km`` of NULL is a school that
    moved since: unknown.
    """

    __tablename__ = "school_distance"
    school_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("school.id", ondelete="CASCADE"), primary_key=True)
    layer_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("travel_layer.id", ondelete="CASCADE"), index=True)
    other_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    km: Mapped[list[float | None]] = mapped_column(ARRAY(REAL))
