"""The reference data that ship with the project, as records: areas, water and settlements."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import geodata
from geodata.records.area import AreaKind, AreaRecord

REFERENCE_DIR = Path(geodata.__file__).resolve().parent / "reference"
KINDS: dict[str, AreaKind] = {
    "country": "country",
    "oblast": "oblast",
    "republican_city": "republican_city",
    "rayon": "rayon",
    "city_district": "rayon",
    "city_oblast_significance": "city",
    "city_rayon_significance": "city",
}


@dataclass(frozen=True, slots=True)
class Settlement:
    """A place with a name; longitude and latitude in EPSG:4326, population 0 = not known."""

    geonameid: int
    name: str
    name_cyrillic: str | None
    name_ky: str | None
    name_ru: str | None
    lon: float
    lat: float
    population: int


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a committed CSV file; codes stay text."""
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def read_areas() -> list[AreaRecord]:
    """Return the 86 units of the country, parents before children (source: column ``code_source`` of the file)."""
    rows = sorted(read_rows(REFERENCE_DIR / "areas/admin_units.csv"), key=lambda row: int(row["level"]))
    return [
        AreaRecord(
            code=row["soate_code"],
            level=int(row["level"]),
            kind=KINDS[row["type"]],
            parent_code=row["parent_soate"] or None,
            name_ky=row["name_ky"],
            name_ru=row["name_ru"] or None,
            name_en=row["name_en"] or None,
            former_names=tuple(name.strip() for name in row["former_or_variant"].split(";") if name.strip()),
            pcode=row["cod_pcode"] or None,
            population=int(row["population_2026"]) if row["population_2026"] else None,
        )
        for row in rows
    ]


def read_outlines() -> dict[str, Any]:
    """Return the outlines of seven oblasts and Bishkek by SOATE code, EPSG:4326 (Natural Earth, public domain)."""
    from shapely.geometry import shape

    content = json.loads((REFERENCE_DIR / "areas/oblasts.geojson").read_text(encoding="utf-8"))
    return {feature["properties"]["soate"]: shape(feature["geometry"]) for feature in content["features"]}


def read_water() -> list[dict[str, Any]]:
    """Return lakes and rivers: their properties and, as ``geometry``, a shapely geometry, EPSG:4326."""
    from shapely.geometry import shape

    content = json.loads((REFERENCE_DIR / "base_map/water.geojson").read_text(encoding="utf-8"))
    return [feature["properties"] | {"geometry": shape(feature["geometry"])} for feature in content["features"]]


def read_neighbours() -> list[dict[str, Any]]:
    """Return the neighbouring countries: names and, as ``geometry``, a shapely geometry, EPSG:4326."""
    from shapely.geometry import shape

    content = json.loads((REFERENCE_DIR / "base_map/neighbours.geojson").read_text(encoding="utf-8"))
    return [feature["properties"] | {"geometry": shape(feature["geometry"])} for feature in content["features"]]


@cache
def read_settlements() -> tuple[Settlement, ...]:
    """Return the settlements of GeoNames (CC BY 4.0), largest first."""
    rows = read_rows(REFERENCE_DIR / "settlements/geonames_kgz.csv")
    found = [
        Settlement(
            int(row["geonameid"]),
            row["name"],
            row["name_cyrillic"] or None,
            row["name_ky"] or None,
            row["name_ru"] or None,
            float(row["longitude"]),
            float(row["latitude"]),
            int(row["population"]),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda place: (-place.population, place.geonameid)))


@cache
def read_common_passwords() -> frozenset[str]:
    """Return the first 16 digits of the SHA-256 of each much used password, in small letters."""
    return frozenset((REFERENCE_DIR / "passwords/common.txt").read_text(encoding="ascii").split())
