"""Visitors' tiles of schools without a filter, of runs that the address names whole: from disk, or made and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isal import igzip

from app.web.tiles.cache import TileCache
from geodata.queries import tile_versions, tiles

if TYPE_CHECKING:
    from flask import Flask

    from app.web.tiles.wish import Wish
    from geodata.public_reader import PublicReader

GZIP_LEVEL = 2
"""Of ISA-L: as small as zlib's level 1 in a sixth of its time."""


def pack(content: bytes) -> bytes:
    """Return the compressed tile; a tile without features stays empty."""
    return igzip.compress(content, GZIP_LEVEL, mtime=0) if content else b""


def tile_cache_of(app: Flask) -> TileCache:
    """Return the application's tile cache."""
    found: TileCache | None = app.extensions.get("tile_cache")
    if found is None:
        found = app.extensions["tile_cache"] = TileCache(app.extensions["settings"].cache_dir / "tiles")
    return found


def packed_run_tile(app: Flask, wish: Wish, key: str) -> bytes | None:
    """Return the compressed tile, empty when nothing is there; None without such a run, or one visitors may not see."""
    cache = tile_cache_of(app)
    packed = cache.get(key)
    if packed is not None:
        return packed
    content = _made(app, wish.wanted.run or "", (wish.z, wish.x, wish.y))
    if content is None:
        return None
    packed = pack(content)
    cache.put(key, packed)
    return packed


def _made(app: Flask, named: str, place: tuple[int, int, int]) -> bytes | None:
    """Return the tile by one statement once the run was met.

    What stands in memory is checked by that statement: a run that was withdrawn is not found.
    """
    met: dict[str, tile_versions.TiledRun] = app.extensions.setdefault("tiled_runs", {})
    reader: PublicReader = app.extensions["public_reader"]
    run = met.get(named)
    content = None if run is None else tiles.visible_school_tile(reader, run, *place)
    if content is not None:
        return content
    run = tile_versions.tiled_run(reader, named)
    if run is None:
        return None
    met[named] = run
    return tiles.visible_school_tile(reader, run, *place)
