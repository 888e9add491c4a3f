"""Our own base map: lakes, rivers and places; no third-party tiles."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import Boolean, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from geodata.models.base import Base, Id


class BaseMapFeature(Base):
    """``kind``: land, lake, river or place; ``min_zoom`` says from where it is drawn."""

    __tablename__ = "base_map_feature"
    id: Mapped[Id]
    kind: Mapped[str]
    name_ky: Mapped[str | None]
    name_ru: Mapped[str | None]
    name_en: Mapped[str | None]
    min_zoom: Mapped[int] = mapped_column(SmallInteger, server_default=text("5"))
    rank: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    geom = mapped_column(Geometry("GEOMETRY", 4326), nullable=False)
    is_sketch: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    source: Mapped[str | None]
