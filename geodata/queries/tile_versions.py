"""Which layers have tiles, and the version that names each one's cached bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from geodata.public_reader import PublicReader

_VERSIONS = text("""
    SELECT
        (SELECT to_char(greatest(max(updated_at), max(created_at)), 'YYMMDDHH24MISS') || '-' || count(*) FROM area),
        (SELECT coalesce(max(id), 0) || '-' || count(*) FROM base_map_feature)
""")


AREA_TILES = "b"
"""What an area tile holds; another letter when that changes, so that no browser keeps the former bytes."""


def outline_versions(session: Session | PublicReader) -> tuple[str, str]:
    """Return the versions of ``areas`` and ``base``: they change whenever a row was written."""
    areas, base = session.execute(_VERSIONS).one()
    return f"{areas or 0}-{AREA_TILES}", f"{areas or 0}-{base}"


_RUN = text("SELECT id, hash, school_count FROM run WHERE hash = :hash")


class TiledRun(NamedTuple):
    """A run that tiles are asked for."""

    id: int
    hash: str
    school_count: int


def tiled_run(session: Session | PublicReader, run_hash: str) -> TiledRun | None:
    """Return the run with the whole hash, as row security lets this session see it; cheaper than a ``Run``."""
    found = session.execute(_RUN, {"hash": run_hash}).first()
    return None if found is None else TiledRun(*found)


_LAYERS = text("""
    SELECT id, code, version, hazard, kind, manifest, feature_count, is_synthetic, file_path
    FROM hazard_layer
    WHERE is_current AND CASE WHEN kind = 'raster' THEN file_path IS NOT NULL ELSE feature_count > 0 END
    ORDER BY hazard, code
""")


class TiledLayer(NamedTuple):
    """One current hazard layer that can be drawn, as row security lets this session see it.

    ``file_path``: of a raster, its file below the geodata folder; None for features.
    """

    id: int
    code: str
    version: int
    hazard: str
    kind: str
    manifest: dict[str, Any]
    feature_count: int
    is_synthetic: bool
    file_path: str | None = None


def mapped_layers(session: Session | PublicReader) -> list[TiledLayer]:
    """Return the hazard layers that a map can show: those with features as tiles, rasters as pictures."""
    return [TiledLayer(*row) for row in session.execute(_LAYERS)]


def tiled_layers(session: Session | PublicReader) -> list[TiledLayer]:
    """Return the hazard layers that have tiles."""
    return [layer for layer in mapped_layers(session) if layer.kind != "raster"]
