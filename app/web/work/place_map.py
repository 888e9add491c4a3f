"""The small map of one doubtful place: the point on the ground, its area, lakes, settlements and schools near."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from markupsafe import Markup

from app.exports.svg_map import DrawnArea, DrawnLine, DrawnSchool, MapDrawing, draw_map
from app.i18n.formats import format_number
from app.i18n.names import local_name
from app.web.language import current_language
from geodata.queries import map_shapes
from geodata.records.map_shape import frame_around

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.database import Session
    from geodata.queries.locations import DoubtfulLocation, Twin
    from geodata.records.map_shape import AreaShape, Frame

WIDTH, HEIGHT = 640, 360
ACROSS_KM = ("24", "6", "1.5", "0.3")
"""Widths of the map on the ground that the page offers; the nearest shows two schools 50 m apart as two."""
NEAREST = ACROSS_KM[-1]
AREA_LEVELS = (2, 3)


@dataclass(frozen=True)
class PlaceMap:
    """The drawing, and its corners (EPSG:3857, metres) as JSON for the script that reads a click."""

    svg: Markup
    corners: str


def draw_place(
    session: Session,
    chosen: DoubtfulLocation,
    rows: Sequence[DoubtfulLocation],
    twins: Sequence[Twin],
    across_km: str,
    middle: tuple[float, float] | None = None,
) -> PlaceMap | None:
    """Return the map around ``chosen`` with its twins and the other doubtful places of the page.

    ``middle`` (longitude, latitude) is where to look for a school without coordinates; None without both.
    """
    has_point = chosen.lon is not None and chosen.lat is not None
    at = (chosen.lon or 0.0, chosen.lat or 0.0) if has_point else middle
    if at is None:
        return None
    frame = frame_around(*at, float(across_km), WIDTH, HEIGHT)
    shapes = map_shapes.area_shapes(session, frame, AREA_LEVELS, None)
    near = {twin.code for twin in twins}
    others = [row for row in rows if row.code != chosen.code and row.code not in near and row.lon is not None]
    x, y = frame.project(*at)
    drawing = MapDrawing(
        frame=frame,
        title=_("Surroundings of the point: %(school)s", school=local_name(chosen, current_language())),
        description=_description(twins),
        language=current_language(),
        outlines=[_outline(shape, chosen) for shape in shapes],
        context=map_shapes.context_shapes(session, frame),
        schools=[
            *(_school(row, frame) for row in others),
            *(_school(twin, frame) for twin in twins),
            *([DrawnSchool(x, y, None, local_name(chosen, current_language()), is_selected=True)] if has_point else []),
        ],
        lines=[DrawnLine(x, y, *frame.project(twin.lon, twin.lat), metres(twin)) for twin in twins],
        name="place-map",
        km=_("km"),
    )
    corners = {"west": frame.west, "north": frame.north, "scale": frame.scale, "width": WIDTH, "height": HEIGHT}
    svg = Markup(draw_map(drawing))  # noqa: S704  drawn by our own code, texts escaped there
    return PlaceMap(svg, json.dumps(corners))


def metres(twin: Twin) -> str:
    """Return how far a twin is, in whole metres; below one, "less than 1 m"."""
    if twin.distance_m < 1:
        return _("less than 1 m")
    return _("%(metres)s m", metres=format_number(round(twin.distance_m), current_language()))


def _description(twins: Sequence[Twin]) -> str:
    told = [_("The ring marks the point; other doubtful points of this page stand without one.")]
    told += [_("%(school)s: %(distance)s", school=local_name(twin, current_language()), distance=metres(twin))
             for twin in twins]  # fmt: skip
    return " ".join(told)


def _outline(shape: AreaShape, chosen: DoubtfulLocation) -> DrawnArea:
    is_own = shape.code == chosen.area_code
    return DrawnArea(
        shape.path, None, "", local_name(shape, current_language()), shape.label_x, shape.label_y, is_own=is_own
    )


def _school(row: DoubtfulLocation | Twin, frame: Frame) -> DrawnSchool:
    x, y = frame.project(row.lon or 0.0, row.lat or 0.0)
    return DrawnSchool(x, y, None, local_name(row, current_language()))
