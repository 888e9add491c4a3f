"""Lines and points: the distance to the nearest feature, in metres; the level follows from the distance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geodata.crs import to_metric
from layers.classify import classify
from layers.sampling import LayerData, Sample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.manifest import HazardLayer

KINDS = ("line", "point")


def sample(layer: HazardLayer, data: LayerData, places: NDArray[Any]) -> Sample:
    """Return each place's distance to the nearest feature and its level by the layer's classes.

    Distances are taken in the country's metric projection (error below 0.3 %). Where features carry levels
    of their own, a feature's level holds within ``buffer_m`` of it, and the worst of both counts.

    Args:
        layer: ``classes`` are bounds of the distance in metres.
        data: Lines or points, EPSG:4326.
        places: Points or footprints, EPSG:4326, shape (n,), none missing.
    """
    count = len(places)
    values = np.full(count, np.nan)
    if data.geometries is None or data.levels is None or not len(data.geometries) or not count:
        return Sample(values, np.zeros(count, dtype=np.int8), np.zeros(count, dtype=bool))
    tree = shapely.STRtree(to_metric(data.geometries))
    metric = to_metric(places)
    (place_of, _), distance = tree.query_nearest(metric, return_distance=True, all_matches=False)
    values[place_of] = distance
    levels = classify(values, layer.classes)
    if layer.sampling.buffer_m > 0 and data.levels.any():
        place_near, feature_near = tree.query(metric, predicate="dwithin", distance=layer.sampling.buffer_m)
        np.maximum.at(levels, place_near, data.levels[feature_near])
    return Sample(values, levels, ~np.isnan(values))
