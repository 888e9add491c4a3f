"""Files of roads and of services: compared with the version that counts, stored as a new one, ways worked out anew."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import shapely

from app.workflows.import_options import FileChangedError
from app.workflows.measure_ways import measure_ways
from geodata.queries import import_features, roads
from geodata.records.imports import UndoObstacle
from geodata.records.table import RowProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.workflows.import_options import ImportOptions, Report
    from geodata.database import Session
    from geodata.records.imports import ImportSummary

KINDS = ("roads", "services")
DECIMALS = 7


def _facts(feature: Any) -> dict[str, Any]:
    """Return what a file says of a feature besides its place."""
    return {name: value for name, value in asdict(feature).items() if name != "geometry"}


def _shape(geometry: Any) -> str:
    return hashlib.sha256(shapely.to_wkt(geometry, rounding_precision=DECIMALS).encode()).hexdigest()


def digest_of(kind: str, records: Sequence[tuple[int, Any]]) -> str:
    """Return the SHA-256 of all features in their order: what ties a commit to its check."""
    digest = hashlib.sha256(kind.encode())
    for _, feature in records:
        digest.update(json.dumps([_shape(feature.geometry), _facts(feature)], sort_keys=True).encode())
    return digest.hexdigest()


def compare_travel(
    session: Session, batch_id: int, kind: str, records: Sequence[tuple[int, Any]]
) -> tuple[tuple[int, int, int], str, list[RowProblem]]:
    """Write an ``import_row`` per feature; return counts, the digest of all features, and notes.

    A line or point has no code, so its shape is its key: the same shape with other facts is a change. Parts of a
    line that came in several are compared as the parts that are stored.
    """
    current = roads.current_version(session, kind)
    held: Sequence[Any] = () if current is None else _held(session, kind, current.id)
    stored = {_shape(one.geometry): _facts(one) for one in held}
    rows: list[tuple[Any, ...]] = []
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    seen: set[str] = set()
    for number, feature in records:
        facts = _facts(feature)
        places = [_shape(part) for part in shapely.get_parts(feature.geometry)]
        seen.update(places)
        before = [stored.get(place) for place in places]
        action = "unchanged" if all(one == facts for one in before) else "changed" if all(before) else "added"
        counts[action] += 1
        old = before[0] if action == "changed" else None
        rows.append((number, action, feature.name or f"{number}", old, None if action == "unchanged" else facts))
    import_features.add_rows(session, batch_id, rows)
    dropped = len(stored.keys() - seen)
    notes = [RowProblem(None, None, None, "hazard_features_dropped", "warning", {"count": dropped})] if dropped else []
    return (counts["added"], counts["changed"], counts["unchanged"]), digest_of(kind, records), notes


def _held(session: Session, kind: str, layer_id: int) -> Sequence[Any]:
    return roads.roads(session, layer_id) if kind == "roads" else roads.services(session, layer_id)


def store_travel(
    session: Session,
    summary: ImportSummary,
    options: ImportOptions,
    records: Sequence[tuple[int, Any]],
    report: Report | None = None,
) -> None:
    """Make the new version the one that counts and work out all ways.

    Raises:
        FileChangedError: The features are not those that were checked.
    """
    digest = digest_of(summary.kind, records)
    if digest != summary.options.get("digest"):
        raise FileChangedError(summary.file_sha256)
    roads.add_version(
        session,
        summary.kind,
        [feature for _, feature in records],
        data_sha256=digest,
        source=options.source or summary.file_name,
        licence=options.licence,
        is_synthetic=options.is_synthetic,
        batch_id=summary.id,
    )
    measure_ways(session, report)


def find_obstacles(session: Session, batch_id: int, _kind: str) -> list[UndoObstacle]:
    """Return the later file of the same kind, which stands on this one; a ranking keeps its minutes in its kit."""
    later = roads.later_version(session, batch_id)
    return [UndoObstacle("layer", later, 1)] if later else []


def undo_travel(session: Session, batch_id: int) -> None:
    """Remove the version of a batch and let the one before it count; ways have to be worked out again."""
    roads.remove_version(session, batch_id)
