"""``refresh exposure``: measure the hazard layers at schools and buildings; ``refresh ways``: ways by road."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from app.settings import Settings
from app.workflows.measure_ways import measure_ways
from app.workflows.refresh_exposure import refresh_exposure
from layers.errors import UnknownLayerError
from scripts.connection import worker_session


@click.group()
def command() -> None:
    """Measure again what follows from other data."""


@command.command()
@click.option("--layer", "codes", multiple=True, help="Code of a layer; may be repeated. Default: all layers.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def exposure(codes: tuple[str, ...], as_json: bool) -> int:
    """Measure hazards at schools and buildings; what was measured already is kept."""
    try:
        with worker_session() as session:
            found = refresh_exposure(session, Settings().geodata_dir, codes or None)
    except UnknownLayerError as error:
        print(f"no data have been imported for the layer {error}", file=sys.stderr)
        return 2
    if as_json:
        print(json.dumps({"layers": [asdict(layer) for layer in found]}))
        return 0
    for layer in found:
        counts = ", ".join(f"{status} {count}" for status, count in sorted(layer.counts.items()))
        print(f"{layer.code} version {layer.version}: {counts}{'' if layer.is_new else ' (as before)'}")
    return 0


@command.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def ways(as_json: bool) -> int:
    """Work out the ways by the road file anew: after schools moved, or a ranking gave other grades."""
    with worker_session() as session:
        found = measure_ways(session)
    if as_json:
        print(json.dumps(asdict(found)))
    elif not found.schools:
        print("no road file has been imported; straight lines stand in")
    else:
        counts = ", ".join(f"{target} {count}" for target, count in found.ways.items())
        print(f"roads reach {found.reached} of {found.schools} schools; ways: {counts}")
    return 0
