"""Compute the shapes of the demonstration's hazards again and write them (developers only; the result is committed)."""

from __future__ import annotations

import click

from geodata.demonstration.hazards import SHAPES_FILE, draw_shapes, shapes_as_bytes


@click.command()
def command() -> None:
    """Write ``geodata/demonstration/data/hazards.geojson.gz``."""
    features = draw_shapes()
    SHAPES_FILE.parent.mkdir(exist_ok=True)
    SHAPES_FILE.write_bytes(shapes_as_bytes(features))
    click.echo(f"{len(features)} shapes, {SHAPES_FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    command()
