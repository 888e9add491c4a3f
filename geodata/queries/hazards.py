"""Hazard layers by version: which one counts, its features, and how a new version takes over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from sqlalchemy import func, insert, select, text, update

from geodata.models import HazardFeature as FeatureRow
from geodata.models import HazardLayer
from geodata.records.hazard import HazardFeature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

LOW_TOLERANCE_DEG = 0.005
"""Simplification for zoom 0-7: about 500 m, less than a pixel of a z7 tile."""


@dataclass(frozen=True, slots=True)
class LayerVersion:
    """One version of one layer. ``manifest`` is its TOML as JSON (``layers.manifest``)."""

    id: int
    code: str
    version: int
    hazard: str
    kind: str
    manifest: dict[str, Any]
    data_sha256: str
    file_path: str | None
    feature_count: int
    is_public: bool
    is_synthetic: bool


_COLUMNS = tuple(getattr(HazardLayer, name) for name in LayerVersion.__dataclass_fields__)


def current_layers(session: Session, code: str | None = None) -> list[LayerVersion]:
    """Return the current version of each layer (or of ``code``) that the scope may see, in order of codes."""
    query = select(*_COLUMNS).where(HazardLayer.is_current).order_by(HazardLayer.code)
    if code is not None:
        query = query.where(HazardLayer.code == code)
    return [LayerVersion(*row) for row in session.execute(query)]


def add_layer_version(
    session: Session,
    *,
    manifest: dict[str, Any],
    data_sha256: str,
    is_public: bool,
    features: Sequence[HazardFeature] = (),
    file_path: str | None = None,
    is_synthetic: bool = False,
    batch_id: int | None = None,
) -> tuple[int, bool]:
    """Store a version of the layer ``manifest["code"]`` and make it the current one.

    Args:
        manifest: The layer as ``layers.manifest.manifest_as_json`` writes it; it needs code, hazard and kind.
        data_sha256: Hash of what the version holds; the current version with the same hash and manifest stays.
        is_public: Whether the public scope may see it; only with a stated licence.
        features: EPSG:4326, for layers of polygons, lines and points.
        file_path: Name of the raster below the geodata folder, for rasters.

    Returns:
        (layer id, whether it is new).
    """
    code = manifest["code"]
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"hazard_layer {code}"})
    current, latest = _versions(session, code)
    if current and (current.data_sha256, current.manifest) == (data_sha256, manifest):
        return int(current.id), False
    session.execute(update(HazardLayer).where(HazardLayer.code == code).values(is_current=False))
    layer_id = session.scalar(
        insert(HazardLayer)
        .values(
            **{name: manifest[name] for name in ("code", "hazard", "kind")},
            version=latest + 1,
            manifest=manifest,
            data_sha256=data_sha256,
            file_path=file_path,
            feature_count=len(features),
            is_current=True,
            is_public=is_public,
            is_synthetic=is_synthetic,
            batch_id=batch_id,
        )
        .returning(HazardLayer.id)
    )
    assert layer_id is not None
    if features:
        _store(session, layer_id, features)
    return layer_id, True


def _versions(session: Session, code: str) -> tuple[Any, int]:
    """Return the current version of a layer, if any, and its highest version number, 0 if none."""
    columns = (HazardLayer.id, HazardLayer.data_sha256, HazardLayer.manifest)
    current = session.execute(select(*columns).where(HazardLayer.code == code, HazardLayer.is_current)).first()
    return current, session.scalar(select(func.max(HazardLayer.version)).where(HazardLayer.code == code)) or 0


def make_current(session: Session, layer_id: int) -> None:
    """Make an earlier version the current one again (undo of an import)."""
    code = session.scalar(select(HazardLayer.code).where(HazardLayer.id == layer_id))
    session.execute(update(HazardLayer).where(HazardLayer.code == code).values(is_current=HazardLayer.id == layer_id))


def _store(session: Session, layer_id: int, features: Sequence[HazardFeature]) -> None:
    geometries = np.array([feature.geometry for feature in features], dtype=object)
    low = shapely.simplify(geometries, LOW_TOLERANCE_DEG, preserve_topology=True)
    rows = [
        {
            "layer_id": layer_id,
            "geom": f"SRID=4326;{shapely.to_wkt(geometry, rounding_precision=7)}",
            "geom_low": f"SRID=4326;{shapely.to_wkt(simple, rounding_precision=5)}",
            "level": feature.level,
            "value": feature.value,
            "name": feature.name,
            "properties": feature.properties,
        }
        for feature, geometry, simple in zip(features, geometries, low, strict=True)
    ]
    session.execute(insert(FeatureRow), rows)


def layer_features(session: Session, layer_id: int) -> tuple[NDArray[Any], NDArray[np.int8], NDArray[np.float64]]:
    """Return geometries (EPSG:4326), levels (0 = unknown) and values (NaN = unknown) of a layer version, by id."""
    rows = session.execute(
        select(func.ST_AsBinary(FeatureRow.geom), FeatureRow.level, FeatureRow.value)
        .where(FeatureRow.layer_id == layer_id)
        .order_by(FeatureRow.id)
    ).all()
    geometries = shapely.from_wkb(np.array([bytes(row[0]) for row in rows], dtype=object))
    levels = np.array([row[1] or 0 for row in rows], dtype=np.int8)
    values = np.array([np.nan if row[2] is None else row[2] for row in rows], dtype=float)
    return geometries, levels, values
