"""Hazard files: features or a raster, compared with the layer's current version, stored as a new one."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from app.workflows.import_options import FileChangedError, Folders, ImportOptions, KeptFile
from app.workflows.refresh_exposure import refresh_exposure
from geodata.errors import FileRefusedError
from geodata.queries import hazards, import_features
from geodata.records.table import RowProblem
from geodata.validation import Checked, Context, HazardPlan, validate
from layers.manifest import HazardLayer, manifest_as_json
from layers.sampling import LayerData
from layers.units import wrong_unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from geodata.database import Session
    from geodata.records.hazard import HazardFeature
    from geodata.records.imports import ImportSummary
    from geodata.records.raster import RasterFile
    from geodata.records.table import RawTable
    from geodata.validation.mapping import ColumnMapping

DECIMALS = 7
SHAPES = {"polygon": "Polygon", "line": "LineString", "point": "Point"}


def stated_layer(layer: HazardLayer, options: ImportOptions) -> HazardLayer:
    """Return the catalogue's layer with the source and licence that came with the file."""
    stated = {"publisher": options.source, "licence": options.licence}
    given = {name: value for name, value in stated.items() if value}
    if not given and not options.is_synthetic:
        return layer
    source = layer.source.model_copy(update=given)
    return layer.model_copy(update={"source": source, "is_synthetic": layer.is_synthetic or options.is_synthetic})


def validate_features(
    table: RawTable, mapping: ColumnMapping, layer: HazardLayer, today: date, overrides: Sequence[tuple[str, str]] = ()
) -> Checked:
    """Return the features of a table: columns as the person says, else as the manifest names them, else as guessed."""
    hints = layer.file
    chosen = {name for pair in overrides for name in pair}
    plan = HazardPlan(
        value_column=None if "value" in chosen else hints.value_column,
        level_column=None if "level" in chosen else hints.level_column,
        level_map=hints.level_map,
        keep_column=None if "keep" in chosen else hints.keep_column,
        keep_values=hints.keep_values,
        name_column=None if "name" in chosen else hints.name_column,
    )
    checked = validate("hazard", table, mapping, Context(today=today, hazard=plan))
    wrong = {number: record.geometry.geom_type for number, record in checked.records if not _suits(layer.kind, record)}
    if wrong:
        expected = SHAPES.get(layer.kind, layer.kind)
        checked.records = [one for one in checked.records if one[0] not in wrong]
        checked.refused += wrong
        checked.problems += [
            RowProblem(number, None, None, "geometry_wrong_type", "error", {"expected": expected, "found": found})
            for number, found in wrong.items()
        ]
    checked.problems += _out_of_unit(layer, [record.value for _, record in checked.records if record.value is not None])
    return checked


def in_unit(layer: HazardLayer, raster: RasterFile) -> RasterFile:
    """Return the raster whose values can be in the layer's unit, with a warning where they are doubtful in it.

    Nothing is converted by guess.

    Raises:
        FileRefusedError: They cannot, so that every school would get a wrong level without a word.
    """
    found = _out_of_unit(layer, [value for value in (raster.least, raster.greatest) if value is not None])
    for problem in found:
        if problem.severity == "error":
            raise FileRefusedError(problem)
    return replace(raster, problems=[*raster.problems, *found])


def _out_of_unit(layer: HazardLayer, values: Sequence[float]) -> list[RowProblem]:
    found = wrong_unit(layer.quantity, min(values), max(values), layer.return_period_years) if values else None
    if found is None:
        return []
    told: dict[str, object] = {
        "least": format(found.least, ".6g"), "greatest": format(found.greatest, ".6g"), "unit": layer.unit or "",
        "low": format(found.low, "g"), "high": format(found.high, "g"), "fits": ", ".join(found.fits),
    }  # fmt: skip
    if found.is_doubtful:
        return [RowProblem(None, None, None, "hazard_unit_doubtful", "warning", told)]
    return [RowProblem(None, None, None, "hazard_unit_fits" if found.fits else "hazard_unit_wrong", "error", told)]


def _suits(kind: str, feature: HazardFeature) -> bool:
    return SHAPES.get(kind) == feature.geometry.geom_type.removeprefix("Multi")


def data_of(records: Sequence[tuple[int, HazardFeature]]) -> LayerData:
    """Return features of a file as a layer is measured: level 0 and value NaN are unknown."""
    features = [feature for _, feature in records]
    return LayerData(
        np.array([feature.geometry for feature in features], dtype=object),
        np.array([feature.level or 0 for feature in features], dtype=np.int8),
        np.array([np.nan if feature.value is None else feature.value for feature in features], dtype=float),
    )


def _identity(geometry: Any, level: int | None, value: float | None) -> tuple[str, str]:
    place = hashlib.sha256(shapely.to_wkt(geometry, rounding_precision=DECIMALS).encode()).hexdigest()
    return place, f"{level}|{value}"


def compare_features(
    session: Session, batch_id: int, layer: HazardLayer, records: Sequence[tuple[int, HazardFeature]]
) -> tuple[tuple[int, int, int], str, list[RowProblem]]:
    """Write an ``import_row`` per feature; return counts, the digest of all features, and notes.

    A feature has no code, so its outline is its key: the same outline with another level or value is a change.
    """
    current = hazards.current_layers(session, layer.code)
    stored: dict[str, str] = {}
    if current and current[0].kind != "raster":
        geometries, levels, values = hazards.layer_features(session, current[0].id)
        for geometry, level, value in zip(geometries, levels.tolist(), values.tolist(), strict=True):
            place, facts = _identity(geometry, level or None, None if value != value else value)
            stored[place] = facts
    rows: list[tuple[Any, ...]] = []
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    seen: set[str] = set()
    for number, feature in records:
        place, facts = _identity(feature.geometry, feature.level, feature.value)
        action = "added" if place not in stored else "unchanged" if stored[place] == facts else "changed"
        seen.add(place)
        counts[action] += 1
        new = {"level": feature.level, "value": feature.value}
        old = None
        if action == "changed":
            level, value = stored[place].split("|")
            old = {"level": _read(level), "value": _read(value)}
        rows.append((number, action, feature.name or f"{number}", old, None if action == "unchanged" else new))
    import_features.add_rows(session, batch_id, rows)
    dropped = len(stored.keys() - seen)
    digest = digest_of(layer, records)
    notes = [RowProblem(None, None, None, "hazard_features_dropped", "warning", {"count": dropped})] if dropped else []
    if current and counts["unchanged"] == len(stored) == len(records) and digest != current[0].data_sha256:
        notes.append(RowProblem(None, None, None, "hazard_words_changed", "note"))
    return (counts["added"], counts["changed"], counts["unchanged"]), digest, notes


def _read(text: str) -> float | None:
    return None if text == "None" else float(text)


def compare_raster(session: Session, batch_id: int, layer: HazardLayer, kept: KeptFile) -> tuple[int, int, int]:
    """Write the one row of a raster: new, or the same file as the current version."""
    current = hazards.current_layers(session, layer.code)
    same = bool(current) and (current[0].data_sha256, current[0].manifest) == (kept.sha256, manifest_as_json(layer))
    action = "unchanged" if same else "added"
    import_features.add_rows(session, batch_id, [(1, action, layer.code, None, None if same else {"file": kept.name})])
    return (0, 0, 1) if same else (1, 0, 0)


def digest_of(layer: HazardLayer, records: Sequence[tuple[int, HazardFeature]]) -> str:
    """Return the SHA-256 of all features in their order: what ties a commit to its check."""
    digest = hashlib.sha256(layer.code.encode())
    for _, feature in records:
        line = [
            shapely.to_wkt(feature.geometry, rounding_precision=DECIMALS),
            feature.level,
            feature.value,
            feature.name,
            feature.properties,
        ]
        digest.update(json.dumps(line, ensure_ascii=False, sort_keys=True, default=str).encode())
    return digest.hexdigest()


def store_layer(
    session: Session,
    summary: ImportSummary,
    layer: HazardLayer,
    folders: Folders,
    records: Sequence[tuple[int, HazardFeature]],
    kept: KeptFile,
) -> None:
    """Make the new version current and measure it at all schools.

    Raises:
        FileChangedError: The features are not those that were checked.
    """
    file_path = None
    digest = kept.sha256
    if layer.kind == "raster":
        file_path = f"{kept.sha256}.tif"
        _place_raster(kept, folders, file_path)
    else:
        digest = digest_of(layer, records)
        if digest != summary.options.get("digest"):
            raise FileChangedError(summary.file_sha256)
    hazards.add_layer_version(
        session,
        manifest=manifest_as_json(layer),
        data_sha256=digest,
        is_public=layer.is_licensed,
        features=[feature for _, feature in records],
        file_path=file_path,
        is_synthetic=layer.is_synthetic,
        batch_id=summary.id,
    )
    refresh_exposure(session, folders.geodata, [layer.code])


def _place_raster(kept: KeptFile, folders: Folders, name: str) -> None:
    folders.geodata.mkdir(parents=True, exist_ok=True)
    target = folders.geodata / name
    if target.exists():
        return
    part = target.with_suffix(".part")
    shutil.copyfile(kept.path, part)
    part.replace(target)
