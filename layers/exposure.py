"""One layer at all places: value, level and status of each; outside coverage the level is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from layers.classify import classify
from layers.sampling import LayerData, Sample, sampler_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.manifest import HazardLayer

MEASURED, OUTSIDE, NO_LOCATION = "measured", "outside", "no_location"


@dataclass(frozen=True, slots=True)
class PlaceExposure:
    """One entry per place: ``values`` NaN = none, ``levels`` 0 = unknown, ``status`` says why."""

    values: NDArray[np.float64]
    levels: NDArray[np.int8]
    status: NDArray[Any]


def measure(layer: HazardLayer, data: LayerData, places: NDArray[Any]) -> PlaceExposure:
    """Measure ``layer`` at ``places``.

    Args:
        layer: The manifest, whose coverage decides what an untouched place means.
        data: The features or raster of one layer version.
        places: Points or footprints, EPSG:4326, shape (n,); None = the location is unknown.

    Returns:
        Status ``measured`` (a value or level was met, or the layer says that nothing is there), ``outside``
        (outside coverage) or ``no_location``; the level is unknown for both of the latter.
    """
    count = len(places)
    values = np.full(count, np.nan)
    levels = np.zeros(count, dtype=np.int8)
    status = np.full(count, NO_LOCATION, dtype=object)
    located = np.flatnonzero(~shapely.is_missing(places) & ~shapely.is_empty(places))
    if not len(located):
        return PlaceExposure(values, levels, status)
    found = sampler_of(layer.kind)(layer, _with_levels(layer, data), places[located])
    covered = _covered(layer, data, places[located], found)
    untouched = covered & ~found.touched
    found_levels = np.where(untouched, layer.coverage.untouched_level or 0, found.levels)
    values[located] = np.where(covered, found.values, np.nan)
    levels[located] = np.where(covered, found_levels, 0)
    status[located] = np.where(covered, MEASURED, OUTSIDE)
    return PlaceExposure(values, levels, status)


def _with_levels(layer: HazardLayer, data: LayerData) -> LayerData:
    """Give polygons without a level the one that the classes give their value, where these are documented."""
    if data.values is None or data.levels is None or layer.quantity == "level" or layer.kind != "polygon":
        return data
    by_value = classify(data.values, layer.classes)
    return LayerData(data.geometries, np.where(data.levels == 0, by_value, data.levels), data.values, data.raster)


def _covered(layer: HazardLayer, data: LayerData, places: NDArray[Any], found: Sample) -> NDArray[np.bool_]:
    if layer.kind == "raster" or layer.coverage.kind == "features":
        return found.touched
    if layer.coverage.kind == "everywhere":
        return np.ones(len(places), dtype=bool)
    if layer.coverage.kind == "extent":
        return _inside_extent(layer, data, places, found)
    ring = shapely.Polygon(layer.coverage.ring)
    shapely.prepare(ring)
    return shapely.intersects(ring, places)


def _inside_extent(layer: HazardLayer, data: LayerData, places: NDArray[Any], found: Sample) -> NDArray[np.bool_]:
    if data.geometries is None or not len(data.geometries):
        return np.zeros(len(places), dtype=bool)
    hull = shapely.convex_hull(shapely.geometrycollections(data.geometries))
    shapely.prepare(hull)
    reach = max((one.upper for one in layer.classes if np.isfinite(one.upper)), default=0.0)
    return shapely.intersects(hull, places) | (found.values <= reach)
