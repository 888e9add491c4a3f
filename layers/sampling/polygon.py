"""Polygons with a level: the worst one that touches a place within the layer's positional accuracy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geodata.crs import to_metric
from layers.sampling import LayerData, Sample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.manifest import HazardLayer

KINDS = ("polygon",)


def sample(layer: HazardLayer, data: LayerData, places: NDArray[Any]) -> Sample:
    """Return the worst level met at each place, and the greatest value among the features of that level.

    Args:
        layer: ``sampling.buffer_m`` is in metres, measured in the country's metric projection.
        data: Polygons, EPSG:4326.
        places: Points or footprints, EPSG:4326, shape (n,), none missing.
    """
    count = len(places)
    values = np.full(count, np.nan)
    levels = np.zeros(count, dtype=np.int8)
    touched = np.zeros(count, dtype=bool)
    if data.geometries is None or data.levels is None or data.values is None or not len(data.geometries) or not count:
        return Sample(values, levels, touched)
    polygon_of, place_of = _touching(data.geometries, places, layer.sampling.buffer_m)
    touched[place_of] = True
    np.maximum.at(levels, place_of, data.levels[polygon_of])
    decides = data.levels[polygon_of] == levels[place_of]
    np.fmax.at(values, place_of[decides], data.values[polygon_of[decides]])
    return Sample(values, levels, touched)


def _touching(polygons: NDArray[Any], places: NDArray[Any], buffer_m: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return (polygon, place) pairs. The tree holds the places, so that each polygon is prepared once."""
    if buffer_m > 0:
        tree = shapely.STRtree(to_metric(places))
        found = tree.query(to_metric(polygons), predicate="dwithin", distance=buffer_m)
    else:
        found = shapely.STRtree(places).query(polygons, predicate="intersects")
    return found[0], found[1]
