"""Measure the current hazard layers at all schools and buildings; what was measured already is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from app.i18n.marks import N_
from geodata.queries import exposures, hazards, locations
from layers.errors import UnknownLayerError
from layers.exposure import measure
from layers.manifest import manifest_from_json
from layers.sampling import LayerData

if TYPE_CHECKING:
    from geodata.database import Session

Report = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class LayerExposure:
    """What one layer's measuring found: places by status. ``is_new`` False: the same inputs had been measured."""

    code: str
    version: int
    run_id: int
    is_new: bool
    counts: dict[str, int]


def refresh_exposure(
    session: Session, geodata_dir: Path, codes: Sequence[str] | None = None, report: Report | None = None
) -> list[LayerExposure]:
    """Measure the layers of ``codes`` (None: all) and append what is new; the caller commits.

    The same layer version at the same places makes no new rows. Doubtful locations are looked at again
    when an altitude layer was measured.

    Raises:
        UnknownLayerError: A code has no current version.
    """
    layers = hazards.current_layers(session)
    missing = set(codes or ()) - {layer.code for layer in layers}
    if missing:
        raise UnknownLayerError(", ".join(sorted(missing)))
    chosen = [layer for layer in layers if codes is None or layer.code in codes]
    places = exposures.load_places(session)
    places_sha256 = _hash(places)
    found = []
    for number, layer in enumerate(chosen):
        if report:
            report(100 * number / len(chosen), N_("Measuring hazards"))
        found.append(_refresh_one(session, geodata_dir, layer, places, places_sha256))
    if any(layer.hazard == "altitude" for layer in chosen):
        locations.check_locations(session)
    return found


def _refresh_one(
    session: Session, geodata_dir: Path, layer: hazards.LayerVersion, places: exposures.Places, places_sha256: str
) -> LayerExposure:
    manifest = manifest_from_json(layer.manifest)
    run_id = exposures.find_run(session, layer.id, places_sha256)
    is_new = run_id is None
    if run_id is not None:
        exposures.make_current(session, layer.id, run_id)
    else:
        if layer.kind == "raster":
            data = LayerData(raster=geodata_dir / str(layer.file_path))
        else:
            data = LayerData(*hazards.layer_features(session, layer.id))
        measured = measure(manifest, data, places.geometries)
        run_id = exposures.add_run(
            session, layer.id, places_sha256, places, measured.values, measured.levels, measured.status
        )
    return LayerExposure(layer.code, layer.version, run_id, is_new, exposures.status_counts(session, run_id))


def _hash(places: exposures.Places) -> str:
    """Return the SHA-256 over who stands where; a school that moved or came makes a new measuring."""
    digest = hashlib.sha256()
    digest.update(np.ascontiguousarray(places.school_id).tobytes())
    digest.update(np.ascontiguousarray(places.building_id).tobytes())
    for wkb in shapely.to_wkb(places.geometries, byte_order=1):
        digest.update(wkb or b"-")
    return digest.hexdigest()
