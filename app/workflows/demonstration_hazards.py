"""Store the demonstration's hazard layers: real altitude, invented hazards."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import shapely

from geodata.demonstration.hazards import DemoLayer, hazard_layers
from geodata.queries import hazards
from layers.manifest import manifest_as_json
from layers.registry import find_layer

if TYPE_CHECKING:
    from geodata.database import Session


def load_hazards(session: Session, geodata_dir: Path) -> None:
    """Store every layer of the demonstration as its first version; rasters go below ``geodata_dir`` by hash."""
    for made in hazard_layers():
        layer = find_layer(made.code)
        hazards.add_layer_version(
            session,
            manifest=manifest_as_json(layer),
            data_sha256=_hash(made),
            is_public=layer.is_licensed,
            features=made.features,
            file_path=_raster_file(made.raster, geodata_dir) if made.raster is not None else None,
            is_synthetic=made.is_synthetic,
        )


def _hash(made: DemoLayer) -> str:
    digest = hashlib.sha256(made.raster or b"")
    for feature in made.features:
        digest.update(shapely.to_wkb(feature.geometry, byte_order=1))
        digest.update(f"{feature.level} {feature.value}".encode())
    return digest.hexdigest()


def _raster_file(content: bytes, geodata_dir: Path) -> str:
    geodata_dir.mkdir(parents=True, exist_ok=True)
    target = geodata_dir / f"{hashlib.sha256(content).hexdigest()}.tif"
    if not target.exists():
        target.write_bytes(content)
    return target.name
