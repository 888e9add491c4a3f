"""Whether a way leads across mapped paths of mudflows, avalanches and the like; where a layer is silent, unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from geodata.records.travel import TouchedLayer

CROSSED_HAZARDS = ("mudflow", "avalanche", "landslide", "rockfall", "flood")
"""Feature 27 names mudflows and avalanches; slides, falling rock and floods close roads in the same way."""

State = Literal["crosses", "free", "unknown"]


@dataclass(frozen=True, slots=True)
class Crossing:
    """What is known of one hazard along one way.

    ``crosses``: ``paths`` mapped features at the stated level or worse lie within the layer's accuracy of the way,
    the worst of level ``worst``. ``free``: a layer covers the whole way and holds none. ``unknown``: no layer, outside
    its coverage, or a feature whose level nobody documented.
    """

    hazard: str
    state: State
    paths: int = 0
    worst: int | None = None


def crossings(way: BaseGeometry, touched: Sequence[TouchedLayer]) -> list[Crossing]:
    """Return one crossing per hazard of ``CROSSED_HAZARDS``, in that order.

    Of several layers of a hazard one that shows a path decides; the counts of two maps of the same slope are not
    added, the larger one stands. ``way`` is a line in EPSG:4326.
    """
    return [_crossing(hazard, way, [one for one in touched if one.hazard == hazard]) for hazard in CROSSED_HAZARDS]


def _crossing(hazard: str, way: BaseGeometry, layers: Sequence[TouchedLayer]) -> Crossing:
    hit = [one for one in layers if one.paths]
    if hit:
        return Crossing(
            hazard, "crosses", max(one.paths for one in hit), max(one.worst for one in hit if one.worst is not None)
        )
    is_silent = any(one.unlevelled for one in layers) or not any(_covers(one, way) for one in layers)
    return Crossing(hazard, "unknown" if is_silent else "free")


def _covers(layer: TouchedLayer, way: BaseGeometry) -> bool:
    coverage: dict[str, Any] = layer.coverage or {}
    kind = coverage.get("kind", "everywhere")
    if kind in ("features", "extent") or coverage.get("untouched_level", 1) is None:
        return layer.is_covered
    return kind == "everywhere" or bool(shapely.Polygon(coverage["ring"]).covers(way))
