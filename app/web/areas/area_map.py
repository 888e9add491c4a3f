"""The drawn map of an area's page and of the front page: shaded units, and schools by grade where few enough."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.exports.choropleth import DEFAULT_INDICATOR, INDICATORS
from app.exports.short_names import name_inside
from app.exports.svg_map import DrawnArea, DrawnSchool, MapDrawing, draw_map
from app.i18n.formats import format_percent
from app.i18n.names import local_name
from app.web.language import current_language
from app.web.past_day import date_in_links
from app.web.shapes import areas_in, context_in, frame_around_area

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.database import Session
    from geodata.models import Run
    from geodata.records.area import AreaRow
    from geodata.records.map_shape import AreaShape, Frame
    from geodata.records.priority import PriorityRow

WIDTH, HEIGHT = 860, 470
NARROW_WIDTH, NARROW_HEIGHT = 440, 340
DEEPEST = 3
MOST_LINKS = 250
"""With more marks than this nobody can tap one of them, and a keyboard would walk through them all."""


def draw(
    session: Session, run: Run, area: AreaRow | None, schools: Sequence[PriorityRow] = (), on: date | None = None
) -> Markup:
    """Return the map of ``area`` (None: the country): its units shaded by pupils in D and E, ``schools`` on top.

    Three queries: frame, shapes, lakes and rivers. Every shaded unit links to its page.
    """
    own = None if area is None or area.level == 0 else area
    size = (WIDTH, HEIGHT) if own is None and not schools else (NARROW_WIDTH, NARROW_HEIGHT)
    frame = frame_around_area(session, own.code if own else None, *size)
    level = 2 if own is None else min(own.level + 1, DEEPEST)
    shapes = areas_in(session, frame, tuple(range(1, level + 1)), run.id, on)
    drawing = MapDrawing(
        frame=frame,
        title=_("Share of pupils in schools graded D or E"),
        description=_("The tables on this page hold the same figures."),
        language=current_language(),
        areas=[_shaded(shape, on, is_named=_is_named(shape, own)) for shape in shapes if shape.stands_at(level)],
        outlines=[_outline(shape, is_own=own is not None) for shape in shapes if _is_outlined(shape, own)],
        context=context_in(session, frame),
        # The most urgent last, so that they lie on top.
        schools=[
            _school(row, frame, is_link=len(schools) <= MOST_LINKS) for row in reversed(schools) if row.lon is not None
        ],
        mark_scale=1.0 if len(schools) <= MOST_LINKS else 0.7,
        name="area-map",
        km=_("km"),
        shows_places=own is not None,
    )
    return Markup(draw_map(drawing))  # noqa: S704  drawn by our own code, texts escaped there


def _is_named(shape: AreaShape, own: AreaRow | None) -> bool:
    """Return whether the map writes the unit's name: on the map of an area, but not of that area itself."""
    return own is not None and shape.code != own.code


def _is_outlined(shape: AreaShape, own: AreaRow | None) -> bool:
    return shape.level == 1 if own is None else shape.code == own.code


def _shaded(shape: AreaShape, on: date | None, *, is_named: bool) -> DrawnArea:
    language = current_language()
    indicator = INDICATORS[DEFAULT_INDICATOR]
    value = indicator.value_of(shape)
    name = local_name(shape, language)
    return DrawnArea(
        path=shape.path,
        class_number=indicator.class_of(value),
        title=f"{name}: {format_percent(value, language)}",
        label=name_inside(name) if is_named else "",
        label_x=shape.label_x,
        label_y=shape.label_y,
        href=url_for("areas.area", code=shape.code, date=on.isoformat() if on else None),
    )


def _address(row: PriorityRow) -> str:
    return url_for("schools.school", code=row.code, date=date_in_links())


def _outline(shape: AreaShape, *, is_own: bool) -> DrawnArea:
    name = "" if is_own else local_name(shape, current_language())
    return DrawnArea(shape.path, None, "", name, shape.label_x, shape.label_y, is_own=is_own)


def _school(row: PriorityRow, frame: Frame, *, is_link: bool) -> DrawnSchool:
    x, y = frame.project(row.lon or 0.0, row.lat or 0.0)
    title = f"{row.national_rank}. {local_name(row, current_language())}, {row.grade or _('Unknown')}"
    return DrawnSchool(x, y, row.grade, title, _address(row) if is_link else None)
