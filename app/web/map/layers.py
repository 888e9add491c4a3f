"""Hazard layers on the map page: boxes of the list, pictures of the drawn map, and what the script needs of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext

from app.exports.svg_map import DrawnPicture
from app.web.map.choices import Choice
from app.web.tiles.pictures import bounds_of_picture, picture_address
from app.web.tiles.tilejson import tile_address
from layers.legend import legend_classes
from layers.manifest import HAZARDS, TECHNOGENIC, manifest_from_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.web.map.state import MapState
    from geodata.queries.tile_versions import TiledLayer
    from geodata.records.map_shape import Frame
    from geodata.records.priority import ListFilter
    from layers.manifest import HazardLayer

RASTER = "raster"
NO_COLOUR = "none"


@dataclass(frozen=True)
class LayerGroup:
    """Boxes under one heading. ``note`` says what the layers of the group are not; empty where nothing need be said."""

    title: str
    boxes: list[Choice]
    note: str = ""


def layer_boxes(layers: Sequence[TiledLayer], state: MapState) -> list[Choice]:
    """Return the layers as boxes of the list."""
    titles = {layer.code: gettext(str(layer.manifest.get("title") or layer.code)) for layer in layers}
    return [Choice(code, title, None, code in state.layers) for code, title in titles.items()]


def layer_groups(layers: Sequence[TiledLayer], state: MapState) -> list[LayerGroup]:
    """Return the same boxes under headings, in the order of the kinds of hazard; no heading without a box.

    Layers of context (altitude, faults) stand apart: they are shown and counted by no scheme.
    """
    place = {hazard: number for number, hazard in enumerate(HAZARDS)}
    ordered = sorted(layers, key=lambda layer: place.get(layer.hazard, len(place)))
    context = [layer for layer in ordered if layer.manifest.get("is_context")]
    hazards = [layer for layer in ordered if not layer.manifest.get("is_context")]
    groups = [
        (gettext("Natural"), [layer for layer in hazards if layer.hazard not in TECHNOGENIC], ""),
        (gettext("Technogenic"), [layer for layer in hazards if layer.hazard in TECHNOGENIC], ""),
        (gettext("For orientation"), context, gettext("No hazard by itself: no rank depends on it.")),
    ]
    return [LayerGroup(title, layer_boxes(found, state), note) for title, found, note in groups if found]


def missing_layers(layers: Sequence[TiledLayer], state: MapState) -> list[str]:
    """Return the codes of the address that no layer of this reader's map has, or whose file cannot be drawn."""
    drawn = {layer.code for layer in layers if layer.code not in state.layers or _is_drawable(layer)}
    return [code for code in state.layers if code not in drawn]


def pictures_in(layers: Sequence[TiledLayer], state: MapState, frame: Frame) -> list[DrawnPicture]:
    """Return the pictures of the raster layers that are on, placed in ``frame``."""
    found = []
    for layer in layers:
        bounds = bounds_of_picture(layer) if layer.kind == RASTER and layer.code in state.layers else None
        if bounds is not None:
            west, north = frame.project(bounds[0], bounds[3])
            east, south = frame.project(bounds[2], bounds[1])
            address = picture_address(layer, state.levels_of(layer.code))
            title = gettext(str(layer.manifest.get("title") or layer.code))
            found.append(DrawnPicture(address, west, north, east - west, south - north, title))
    return found


def hazard_config(layer: TiledLayer, wanted: ListFilter, state: MapState) -> dict[str, Any]:
    """Return what the script needs of a layer; ``shown`` None: every class, else levels with None for the unknown."""
    manifest = manifest_from_json(layer.manifest)
    classes = legend_classes(manifest)
    is_on = layer.code in state.layers
    has_switches = _has_switches(manifest)
    levels = state.levels_of(layer.code) if has_switches else None
    return {
        "code": layer.code,
        "tiles": None if layer.kind == RASTER else tile_address(layer.code, wanted, 1, str(layer.version)),
        "picture": _picture(layer, levels) if layer.kind == RASTER and is_on else None,
        "isOn": is_on,
        "isContext": manifest.is_context,
        # Of distances a feature itself is the nearest class, though it carries no level.
        "plain": classes[0].colour if manifest.quantity == "distance_m" and manifest.classes else None,
        "hasSwitches": has_switches,
        "shown": None if levels is None else [one.level for one in classes if one.level in levels],
        "classes": _classes(manifest, layer.kind == RASTER),
    }


def _classes(manifest: HazardLayer, is_picture: bool) -> list[dict[str, Any]]:
    """Return the rows of the legend; where a picture knows nothing it has no colour, and the legend says so."""
    rows = [{"level": one.level, "colour": one.colour, "label": gettext(one.label)} for one in legend_classes(manifest)]
    if is_picture and not any(found.level is None for found in manifest.classes):
        rows[-1] |= {"colour": NO_COLOUR, "label": gettext("No colour: unknown")}
    return rows


def _picture(layer: TiledLayer, levels: frozenset[int | None] | None) -> dict[str, Any] | None:
    bounds = bounds_of_picture(layer)
    return None if bounds is None else {"address": picture_address(layer, levels), "bounds": bounds}


def _is_drawable(layer: TiledLayer) -> bool:
    return layer.kind != RASTER or bounds_of_picture(layer) is not None


def _has_switches(manifest: HazardLayer) -> bool:
    """Return whether classes can be switched: by their level, which distances do not have and others may share."""
    levels = [found.level for found in manifest.classes]
    return manifest.quantity != "distance_m" and len(levels) == len(set(levels))
