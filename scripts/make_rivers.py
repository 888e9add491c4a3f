"""Trace the rivers of the base map again and write them beside the lakes (developers only; the result is committed)."""

from __future__ import annotations

import json

import click
import shapely

from geodata.demonstration.hazards import country
from geodata.demonstration.rivers import rivers
from geodata.demonstration.terrain import lakes
from geodata.readers.reference import REFERENCE_DIR


@click.command()
def command() -> None:
    """Write the rivers of ``geodata/reference/base_map/water.geojson``; its lakes stay as they are."""
    path = REFERENCE_DIR / "base_map/water.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    kept = [feature for feature in features if feature["properties"]["kind"] == "lake"]
    for row in rivers(country(), lakes()):
        geometry = json.loads(shapely.to_geojson(row.pop("geometry")))
        properties = {"kind": "river", **row, "is_sketch": True}
        kept.append({"type": "Feature", "properties": properties, "geometry": geometry})
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in kept)
    path.write_text('{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n", encoding="utf-8")
    click.echo(f"{len(kept)} lakes and rivers, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    command()
