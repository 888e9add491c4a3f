"""Lakes and rivers of the map that opens offline, as GeoJSON features with what the page draws of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.exports.svg_map import WATER, WATER_INK
from app.i18n.names import local_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from geodata.records.list_file import MapWater


def water_features(waters: Iterable[MapWater], language: str, plain: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return a feature a lake or river in EPSG:4326; a lake with a name has the place of its label.

    ``plain`` takes out of a name what a template or a script could run.
    """
    features = []
    for water in waters:
        name = local_name(water, language) if water.name_ky else ""
        properties: dict[str, Any] = {"n": plain(name), "w": water.kind}
        if name and water.kind == "lake":
            properties["l"] = label_place(water.geometry)
        features.append({"type": "Feature", "geometry": json.loads(water.geometry), "properties": properties})
    return features


def water_style(feature: dict[str, Any]) -> dict[str, Any]:
    """Return how Leaflet draws a feature of ``water_features``."""
    look = {"color": WATER_INK, "weight": 1, "interactive": False}
    if feature["properties"]["w"] == "lake":
        return {**look, "fillColor": WATER, "fillOpacity": 1}
    return {**look, "fill": False, "opacity": 0.8}


def label_place(geometry: str) -> list[float]:
    """Return latitude and longitude inside the largest part of an outline, where its name stands."""
    import shapely

    parts = shapely.get_parts(shapely.from_geojson(geometry))
    point = max(parts, key=shapely.area).representative_point()
    return [round(point.y, 3), round(point.x, 3)]
