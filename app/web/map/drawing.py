"""The map as the server draws it: first sight for everyone, the whole map without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from app.exports.svg_map import DrawnArea, DrawnSchool, MapDrawing, draw_map
from app.i18n.formats import format_number
from app.i18n.names import local_name
from app.web.language import current_language
from app.web.map.layers import pictures_in
from app.web.map.state import map_address
from app.web.shapes import context_in

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from app.exports.choropleth import Indicator
    from app.web.map.state import MapState
    from geodata.database import Session
    from geodata.queries.tile_versions import TiledLayer
    from geodata.records.map_shape import AreaShape, Frame
    from geodata.records.priority import ListFilter, PriorityRow


def draw_country(
    session: Session,
    frame: Frame,
    shapes: Sequence[AreaShape],
    level: int,
    indicator: Indicator,
    state: MapState,
    wanted: ListFilter,
    rows: Sequence[PriorityRow],
    funded: Collection[int] = (),
    layers: Sequence[TiledLayer] = (),
) -> str:
    """Return the SVG of the shaded areas of ``level`` and of the schools on this page of the list.

    Each area is a link to the map of that area: zooming without a script.
    """
    language = current_language()
    return draw_map(
        MapDrawing(
            frame=frame,
            title=gettext(indicator.label),
            description=gettext("The table of areas below holds the same figures."),
            language=language,
            pictures=pictures_in(layers, state, frame),
            areas=[_area(shape, indicator, state, wanted, language) for shape in shapes if shape.stands_at(level)],
            outlines=[_outline(shape, wanted, language) for shape in shapes if _is_outlined(shape, level, wanted)],
            context=context_in(session, frame),
            schools=[
                _school(row, frame, state, wanted, language, is_funded=row.school_id in funded)
                for row in rows
                if row.lon is not None
            ],
            km=gettext("km"),
            shows_places=wanted.area is not None,
        )
    )


def _is_outlined(shape: AreaShape, level: int, wanted: ListFilter) -> bool:
    return (shape.level == 1 and level > 1) or shape.code == wanted.area


def _area(shape: AreaShape, indicator: Indicator, state: MapState, wanted: ListFilter, language: str) -> DrawnArea:
    value = indicator.value_of(shape)
    number = indicator.class_of(value)
    unit = "" if value is None or not indicator.unit else "\u00a0%"
    name = local_name(shape, language)
    return DrawnArea(
        path=shape.path,
        class_number=number if number in state.shades else None,
        title=f"{name}: {format_number(value, language)}{unit}",
        label=name if wanted.area and shape.code != wanted.area else "",
        label_x=shape.label_x,
        label_y=shape.label_y,
        href=map_address(wanted, state, area=shape.code),
    )


def _outline(shape: AreaShape, wanted: ListFilter, language: str) -> DrawnArea:
    is_own = shape.code == wanted.area
    name = "" if wanted.area else local_name(shape, language)
    return DrawnArea(shape.path, None, "", name, shape.label_x, shape.label_y, is_own=is_own)


def _school(
    row: PriorityRow, frame: Frame, state: MapState, wanted: ListFilter, language: str, *, is_funded: bool
) -> DrawnSchool:
    x, y = frame.project(row.lon or 0.0, row.lat or 0.0)
    money = f", {gettext('funded')}" if is_funded else ""
    return DrawnSchool(
        x=x,
        y=y,
        grade=row.grade,
        title=f"{row.national_rank}. {local_name(row, language)}, {row.grade or gettext('Unknown')}{money}",
        href=map_address(wanted, state, school=row.code),
        is_selected=row.code == state.school,
        is_funded=is_funded,
    )
