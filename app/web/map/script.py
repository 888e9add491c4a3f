"""What the map's script needs to know: addresses, classes, words; nothing is typed twice."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext

from app.web.filters import write_filter
from app.web.language import current_language
from app.web.map.layers import hazard_config
from app.web.map.levels import LEVEL_ZOOMS
from app.web.remembered import remembered
from app.web.tiles.tilejson import FINEST_ZOOM, tile_address
from app.web.vendor import vendor_path
from geodata.crs import KYRGYZSTAN_BBOX
from geodata.queries.map_shapes import area_bounds
from geodata.queries.tile_pyramid import ALWAYS_POINTS
from geodata.queries.tile_versions import outline_versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.exports.choropleth import Indicator
    from app.web.map.cards import SchoolCard
    from app.web.map.levels import Levels
    from app.web.map.state import MapState
    from geodata.database import Session
    from geodata.models import Run
    from geodata.queries.school_money import PlanShown
    from geodata.queries.tile_versions import TiledLayer
    from geodata.records.priority import ListFilter


def script_config(
    session: Session,
    run: Run | None,
    wanted: ListFilter,
    state: MapState,
    levels: Levels,
    indicator: Indicator,
    layers: Sequence[TiledLayer],
    card: SchoolCard | None,
    plan: PlanShown | None = None,
) -> dict[str, Any]:
    """Return the script's configuration as values of JSON; ``plan`` is marked where the address asks for money."""
    areas_version, base_version = remembered("outline versions", lambda: outline_versions(session))
    pinned = replace(wanted, run=run.hash if run else None, date=wanted.date or date.today())  # noqa: DTZ011
    if plan is not None and wanted.funded is not None:
        pinned = replace(pinned, plan=plan.hash)
    is_crowded = run is not None and run.school_count > ALWAYS_POINTS
    # Grades are switched in the browser where it holds each school; cells are counted again by the server.
    points = pinned if is_crowded else replace(pinned, grades=())
    bounds = area_bounds(session, wanted.area) if wanted.area else None
    return {
        "lang": current_language(),
        "bounds": bounds or KYRGYZSTAN_BBOX,
        "area": wanted.area,
        "view": state.view,
        "level": state.level,
        "levels": {**asdict(levels), "zooms": LEVEL_ZOOMS},
        "maxzoom": FINEST_ZOOM,
        "tiles": {
            "base": tile_address("base", wanted, 1, base_version),
            "schools": tile_address("schools", points, 1, None) if run else None,
            "areas": {str(n): tile_address("areas", pinned, n, areas_version) for n in (1, 2, 3)},
        },
        "hazards": [hazard_config(layer, wanted, state) for layer in layers],
        "indicator": {
            "attribute": indicator.attribute,
            "breaks": indicator.breaks,
            "isReversed": indicator.is_reversed,
            "needsCover": indicator.needs_cover,
        },
        "shades": state.shades,
        "grades": [("U" if grade == "unknown" else grade) for grade in wanted.grades],
        "school": None if card is None else {"code": card.code, "point": card.point},
        "urls": _addresses(wanted, plan),
        "words": _words(),
    }


def _addresses(wanted: ListFilter, plan: PlanShown | None) -> dict[str, str | None]:
    marks = plan if plan is not None and (wanted.plan or wanted.funded is not None) else None
    return {
        "page": url_for("map.index"),
        "card": url_for("map.card"),
        "search": url_for("map.search"),
        "shapes": url_for("map.shapes", **write_filter(wanted)),  # type: ignore[arg-type]
        "funded": url_for("map.funded", plan=marks.hash, run=wanted.run) if marks else None,
        "leaflet": url_for("static", filename=vendor_path("leaflet")),
        "leafletCss": url_for("static", filename=vendor_path("leaflet", "stylesheet")),
    }


def _words() -> dict[str, str]:
    return {
        "unknown": gettext("Unknown"),
        "schools": gettext("schools"),
        "rank": gettext("Rank"),
        "funded": gettext("funded"),
        "chosen": gettext("Chosen"),
        "found": gettext("Found"),
        "nothingFound": gettext("Nothing found: try another spelling, or the code"),
        "failed": gettext("The map could not be loaded. The list beside it works; load the page again."),
        "noWebgl": gettext("Simple map: this browser cannot draw the full one"),
        "zoomIn": gettext("Zoom in"),
        "zoomOut": gettext("Zoom out"),
        "map": gettext("Map. Arrow keys move it, plus and minus zoom."),
        "km": gettext("km"),
        "m": gettext("m"),
        "sheet": gettext("Sheet height"),
    }
