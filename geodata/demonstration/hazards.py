"""The layers of the demonstration's hazards: what a loader stores, by the code of the catalogue.

Shapes are slow to compute from the ground (a minute and a half), so ``python -m scripts.make_hazards`` writes them to
``data/hazards.geojson.gz``, which is committed; loading reads that file. All are synthetic and say so.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import shapely

from geodata.demonstration import climate_zones, hazard_shapes, technogenic
from geodata.demonstration.drainage import ALTITUDE_FILE
from geodata.demonstration.shaking import as_geotiff, msk_zones, shaking
from geodata.readers.reference import read_outlines
from geodata.records.hazard import HazardFeature

SHAPES_FILE = Path(__file__).resolve().parent / "data/hazards.geojson.gz"


@dataclass(frozen=True)
class DemoLayer:
    """One layer: either ``features`` (EPSG:4326) or ``raster``, the bytes of a GeoTIFF."""

    code: str
    is_synthetic: bool
    features: list[HazardFeature] = field(default_factory=list)
    raster: bytes | None = None


def hazard_layers() -> list[DemoLayer]:
    """Return every layer of the demonstration in the order of codes; altitude alone is real."""
    by_code: dict[str, list[HazardFeature]] = {}
    for item in json.loads(gzip.decompress(SHAPES_FILE.read_bytes()))["features"]:
        facts = item["properties"]
        shape = shapely.from_geojson(json.dumps(item["geometry"]))
        feature = HazardFeature(shape, facts["level"], facts["value"], facts.get("name"))
        by_code.setdefault(facts["code"], []).append(feature)
    layers = [DemoLayer(code, True, features) for code, features in by_code.items()]
    layers.append(DemoLayer("demo_pga_475", True, raster=as_geotiff(shaking(country()))))
    layers.append(DemoLayer("altitude_gebco", False, raster=ALTITUDE_FILE.read_bytes()))
    return sorted(layers, key=lambda layer: layer.code)


@cache
def country() -> Any:
    """Return the outline of the country, prepared."""
    outline = shapely.union_all(list(read_outlines().values()), grid_size=1e-5)
    shapely.prepare(outline)
    return outline


def draw_shapes() -> list[dict[str, Any]]:
    """Compute all shapes from the ground, as GeoJSON features in a fixed order."""
    land = country()
    found: list[tuple[str, Any, int | None, float | None, str | None]] = []
    for code, draw in (
        ("demo_avalanche", hazard_shapes.avalanches),
        ("demo_cold", climate_zones.cold_zones),
        ("demo_flood", hazard_shapes.floods),
        ("demo_heat", climate_zones.heat_zones),
        ("demo_landslide", hazard_shapes.landslides),
        ("demo_mudflow", hazard_shapes.mudflows),
        ("demo_rockfall", hazard_shapes.rockfalls),
    ):
        found += [(code, shape, level, None, None) for shape, level in draw(land)]
    for code, draw_named in (
        ("demo_power_lines", technogenic.power_lines),
        ("demo_roads", technogenic.roads),
        ("demo_tailings", technogenic.tailings),
    ):
        found += [(code, shape, None, None, name) for shape, name in draw_named(land)]
    found += [("demo_glof", way, None, None, None) for way in hazard_shapes.outburst_ways(land)]
    found += [("demo_msk_64", shape, zone - 5, float(zone), None) for shape, zone in msk_zones(shaking(land), land)]
    return [
        {
            "type": "Feature",
            "properties": {"code": code, "level": level, "value": value} | ({"name": name} if name else {}),
            "geometry": json.loads(shapely.to_geojson(shapely.normalize(shape))),
        }
        for code, shape, level, value, name in found
    ]


def shapes_as_bytes(features: list[dict[str, Any]]) -> bytes:
    """Return the committed file's bytes: the same shapes give the same bytes."""
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    return gzip.compress(('{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n").encode(), mtime=0)
