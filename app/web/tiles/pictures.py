"""Coloured pictures of raster layers: made once a version and choice of classes, kept on disk beside the tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import structlog
from flask import current_app

from app.web.filters import InvalidFilterError
from app.web.remembered import remembered
from layers.errors import UnreadableRasterError
from layers.manifest import manifest_from_json
from layers.raster_image import Bounds, colour_raster, picture_bounds

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.queries.tile_versions import TiledLayer

PICTURES = "a"
"""How pictures are drawn; another letter when that changes, so that no browser keeps the former bytes."""

LEVELS = ("1", "2", "3", "4", "unknown")
Levels = frozenset[int | None]


def picture_version(layer: TiledLayer) -> str:
    """Return what the ``v`` of a picture's address must be for the picture to stay as it is."""
    return f"{layer.version}{PICTURES}"


def picture_address(layer: TiledLayer, levels: Levels | None = None) -> str:
    """Return the address of the layer's picture on this host; ``levels`` None: every class is drawn."""
    parts = {"v": picture_version(layer)}
    if levels is not None:
        parts["only"] = ",".join(one for one in LEVELS if _level(one) in levels) or "none"
    return f"/tiles/{layer.code}/picture.png?{urlencode(parts, safe=',')}"


def read_levels(value: str) -> Levels | None:
    """Return the levels that ``only`` names (None: unknown level); None when it is empty.

    Raises:
        InvalidFilterError: A part is no level.
    """
    if not value:
        return None
    parts = [] if value == "none" else value.split(",")
    for part in parts:
        if part not in LEVELS:
            raise InvalidFilterError("only", part, LEVELS)
    return frozenset(_level(part) for part in parts)


def _level(part: str) -> int | None:
    return None if part == "unknown" else int(part)


def draw_picture(layer: TiledLayer, levels: Levels | None) -> bytes | None:
    """Return the PNG of a raster layer; None when its file is missing or broken, which is logged."""
    try:
        return colour_raster(manifest_from_json(layer.manifest), _file(layer), levels=levels)[0]
    except UnreadableRasterError as error:
        _tell(layer, error)
        return None


def bounds_of_picture(layer: TiledLayer) -> Bounds | None:
    """Return west, south, east, north of the picture (EPSG:4326); None when there is no file to draw."""

    def read() -> Bounds | None:
        try:
            return picture_bounds(_file(layer))
        except UnreadableRasterError as error:
            _tell(layer, error)
            return None

    return remembered(("picture bounds", layer.id), read)


def _file(layer: TiledLayer) -> Path:
    folder: Path = current_app.extensions["settings"].geodata_dir
    return folder / str(layer.file_path)


def _tell(layer: TiledLayer, error: UnreadableRasterError) -> None:
    structlog.get_logger("mektep.tiles").error("raster not drawn", layer=layer.code, reason=str(error))
