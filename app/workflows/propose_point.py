"""Look at the point that a change gives a school, for who sends it and for who verifies it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geodata.queries import hazards
from geodata.queries.locations import HIGHEST_M, SETTLEMENT_M
from geodata.queries.proposed_points import ProposedPoint, look_at_point, moved_m
from layers.exposure import measure
from layers.manifest import manifest_from_json
from layers.sampling import LayerData

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.database import Session
    from geodata.records.revision import RevisionFacts

Place = tuple[float, float]
FAR_M = SETTLEMENT_M
"""A correction that moves a school further than a settlement may lie from it has another settlement in mind."""


@dataclass(frozen=True, slots=True)
class PointLook:
    """What is known of a proposed point; places are (longitude, latitude), EPSG:4326.

    ``former`` and ``distance_m`` are None where the change was drafted for a school without a point. ``altitude_m`` is
    None where no altitude layer covers the point: then nothing is said of its height.
    """

    former: Place | None
    proposed: Place
    distance_m: float | None
    altitude_m: float | None
    ground: ProposedPoint

    @property
    def doubts(self) -> tuple[str, ...]:
        """What is to be confirmed: flags of the fix-it queue, and ``moved_far``."""
        told = {
            "moved_far": self.distance_m is not None and self.distance_m > FAR_M,
            "outside_area": self.ground.is_outside_area,
            "in_lake": self.ground.is_in_lake,
            "duplicate_point": bool(self.ground.twins),
            "far_from_settlement": self.ground.is_far_from_settlement,
            "too_high": self.altitude_m is not None and self.altitude_m > HIGHEST_M,
        }
        return tuple(flag for flag, is_told in told.items() if is_told)


def look_at_change(session: Session, revision: RevisionFacts, geodata_dir: Path) -> PointLook | None:
    """Return what is known of the point that ``revision`` proposes; None where it proposes none."""
    found = revision.changes.get("location") if revision.kind == "school" else None
    if not found:
        return None
    proposed = (float(found[0]), float(found[1]))
    ground = look_at_point(session, revision.school_id, *proposed)
    if ground is None:
        return None
    before = revision.base.get("location")
    former = (float(before[0]), float(before[1])) if before else None
    distance = None if former is None else moved_m(session, former, proposed)
    return PointLook(former, proposed, distance, _altitude_m(session, geodata_dir, proposed), ground)


def _altitude_m(session: Session, geodata_dir: Path, at: Place) -> float | None:
    """Return the greatest altitude that the current layers of altitude give the point; None where none covers it."""
    points = np.array([shapely.Point(at)], dtype=object)
    found = []
    for layer in hazards.current_layers(session):
        path = geodata_dir / str(layer.file_path)
        if layer.hazard == "altitude" and layer.kind == "raster" and path.is_file():
            value = measure(manifest_from_json(layer.manifest), LayerData(raster=path), points).values[0]
            found += [] if np.isnan(value) else [float(value)]
    return max(found, default=None)
