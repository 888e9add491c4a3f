"""Vector files to a raw table with geometry in EPSG:4326."""

from __future__ import annotations

from pathlib import Path

from geodata.readers.features import make_table
from geodata.records.table import RawTable


def read_vector(path: Path, kind: str, layer: str | None = None, encoding: str | None = None) -> RawTable:
    """Return the raw table of a GeoJSON, GeoPackage or zipped Shapefile; rows count features from 1."""
    if kind == "geojson":
        from geodata.readers.json_features import read_geojson

        return make_table(*read_geojson(path))
    if kind == "geopackage":
        from geodata.readers.geopackage import read_geopackage

        return make_table(*read_geopackage(path, layer))
    from geodata.readers.shapefile import read_shapefile

    return make_table(*read_shapefile(path, layer, encoding))
