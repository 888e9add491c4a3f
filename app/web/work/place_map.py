"""The small map of one doubtful place: the point on the ground, its area, lakes, settlements and schools near."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from markupsafe import Markup

from app.exports.svg_map import DrawnArea, DrawnSchool, MapDrawing, draw_map
from app.i18n.names import local_name
from app.web.language import current_language
from geodata.queries import map_shapes
from geodata.records.map_shape import frame_around

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.database import Session
    from geodata.queries.locations import DoubtfulLocation
    from geodata.records.map_shape import AreaShape, Frame

WIDTH, HEIGHT = 640, 360
ACROSS_KM = 24.0
AREA_LEVELS = (2, 3)


def draw_place(session: Session, chosen: DoubtfulLocation, rows: Sequence[DoubtfulLocation]) -> Markup | None:
    """Return the map around ``chosen`` with the other doubtful places of the page; None without coordinates."""
    if chosen.lon is None or chosen.lat is None:
        return None
    frame = frame_around(chosen.lon, chosen.lat, ACROSS_KM, WIDTH, HEIGHT)
    shapes = map_shapes.area_shapes(session, frame, AREA_LEVELS, None)
    others = [row for row in rows if row.code != chosen.code and row.lon is not None]
    drawing = MapDrawing(
        frame=frame,
        title=_("Surroundings of the point: %(school)s", school=local_name(chosen, current_language())),
        description=_("The ring marks the point; other doubtful points of this page stand without one."),
        language=current_language(),
        outlines=[_outline(shape, chosen) for shape in shapes],
        context=map_shapes.context_shapes(session, frame),
        schools=[*(_school(row, frame, chosen) for row in others), _school(chosen, frame, chosen)],
        name="place-map",
        km=_("km"),
    )
    return Markup(draw_map(drawing))  # noqa: S704  drawn by our own code, texts escaped there


def _outline(shape: AreaShape, chosen: DoubtfulLocation) -> DrawnArea:
    is_own = shape.code == chosen.area_code
    return DrawnArea(
        shape.path, None, "", local_name(shape, current_language()), shape.label_x, shape.label_y, is_own=is_own
    )


def _school(row: DoubtfulLocation, frame: Frame, chosen: DoubtfulLocation) -> DrawnSchool:
    x, y = frame.project(row.lon or 0.0, row.lat or 0.0)
    return DrawnSchool(x, y, None, local_name(row, current_language()), is_selected=row.code == chosen.code)
