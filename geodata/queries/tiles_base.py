"""The tile of our own base map: outlines, lakes, rivers, places; with ``tiles`` the only MVT statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from geodata.public_reader import PublicReader

_BASE_TILE = text("""
    WITH tile AS (
        SELECT
            ST_TileEnvelope(:z, :x, :y) AS envelope,                                            -- EPSG:3857
            ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 64.0 / 4096), 4326) AS catchment  -- + label margin
    ),
    feature AS (
        SELECT base.kind, base.rank, base.name_ky, nullif(base.name_ru, base.name_ky) AS name_ru,
            nullif(base.name_en, base.name_ky) AS name_en,
            ST_AsMVTGeom(ST_Transform(base.geom, 3857), tile.envelope, 4096, 64) AS geom
        FROM tile
        JOIN base_map_feature AS base ON base.geom && tile.catchment
        WHERE base.min_zoom <= :z
        UNION ALL
        SELECT 'lake_label', base.rank, base.name_ky, nullif(base.name_ru, base.name_ky),
            nullif(base.name_en, base.name_ky), ST_AsMVTGeom(ST_Transform(middle.point, 3857), tile.envelope, 4096, 0)
        FROM tile
        JOIN base_map_feature AS base ON base.geom && tile.catchment
        CROSS JOIN LATERAL (SELECT ST_PointOnSurface(base.geom) AS point) AS middle
        WHERE base.kind = 'lake' AND base.min_zoom <= :z AND middle.point && tile.catchment
        UNION ALL
        SELECT CASE area.level WHEN 0 THEN 'country' ELSE 'oblast' END, 0, NULL, NULL, NULL,
            ST_AsMVTGeom(ST_Transform(
                CASE WHEN :z <= 6 THEN boundary.geom_low WHEN :z <= 9 THEN boundary.geom_mid ELSE boundary.geom END,
                3857), tile.envelope, 4096, 64)
        FROM tile
        JOIN area_boundary AS boundary ON boundary.geom_low && tile.catchment
        JOIN area ON area.id = boundary.area_id
        WHERE area.level <= 1 AND area.valid_to IS NULL
    )
    SELECT ST_AsMVT(feature, 'base', 4096, 'geom') FROM feature WHERE geom IS NOT NULL
""")


def base_tile(session: Session | PublicReader, z: int, x: int, y: int) -> bytes:
    """Return the layer ``base``: kind (country, oblast, lake, river, place, neighbour, ..._label), rank, names."""
    return bytes(session.scalar(_BASE_TILE, {"z": z, "x": x, "y": y}) or b"")
