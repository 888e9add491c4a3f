"""What the page of a scenario event shows: figures at an hour, the map, the areas, whom to call first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.exports.svg_map import DrawnArea, MapDrawing, draw_map
from app.i18n.formats import format_number
from app.i18n.names import local_name
from app.risk.parameters import default_parameters
from app.web.filters import InvalidFilterError
from app.web.language import current_language
from app.web.scenarios.calls import calls_of, messages_of
from app.web.scenarios.citations import citation_of
from app.web.shapes import areas_in, context_in, frame_around_area
from geodata.queries import scenarios

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.database import Session
    from geodata.records.map_shape import AreaShape
    from geodata.records.scenario import ScenarioFacts, ShakenArea

HOURS = (10, 15, 17, 2)
HOURS_OF_DAY = tuple(map(str, range(24)))
"""Hours that the page offers: a lesson of each shift, and the night."""
USUAL_HOUR = 10
BREAKS = (6.0, 7.0, 8.0, 9.0)
"""Lower bounds of the classes 2..5 of shading, MSK-64; class 1 is weaker."""
CLASS_OF_AREA = 3
"""How a rayon with schools inside an area without a degree is shaded."""
MAP_SIZE = (860, 470)


@dataclass(frozen=True)
class Totals:
    """Sums over all schools of the event; what a model says is None where it has no degree."""

    schools: int
    present: float
    unknown: int
    seats_lost: float | None
    seats_lost_low: float | None
    seats_lost_high: float | None
    severe: float | None
    deaths: float | None


def read_hour(text: str | None) -> int:
    """Return the hour 0..23 that is asked for, the usual one where none is; raises InvalidFilterError for any other."""
    if not text:
        return USUAL_HOUR
    if text not in HOURS_OF_DAY:
        raise InvalidFilterError("hour", text, HOURS_OF_DAY)
    return int(text)


def shifts_at(hour: int) -> tuple[bool, bool, bool]:
    """Return which shifts are inside at an hour of a school day, by the method's starts and hours on site."""
    parameters = default_parameters()
    length = parameters["occupancy.hours_secondary"]
    starts = [parameters[f"scenario.shift_{shift}_start"] for shift in (1, 2, 3)]
    first, second, third = (start <= hour < start + length for start in starts)
    return first, second, third


def totals_of(areas: Sequence[ShakenArea]) -> Totals:
    """Return the sums over areas."""
    counted = [sum(getattr(area, name) for area in areas) for name in ("schools", "present", "unknown")]
    modelled = [
        [getattr(area, name) for area in areas]
        for name in ("seats_lost", "seats_lost_low", "seats_lost_high", "severe", "deaths")
    ]
    return Totals(*counted, *(None if None in values else sum(values) for values in modelled))


def scenario_page(session: Session, found: ScenarioFacts, hour: int) -> dict[str, Any]:
    """Return the page of a scenario: two queries for figures and calls each, three for the map."""
    shifts = shifts_at(hour)
    areas = scenarios.areas_at(session, found.id, shifts)
    calls = calls_of(session, found, shifts)
    totals, language = totals_of(areas), current_language()
    figures = {
        "schools": totals.schools,
        "present": round(totals.present),
        "severe": round(totals.severe or 0),
        "seats": round(totals.seats_lost or 0),
    }
    return {
        "scenario": found,
        "title": local_name(found, language, "title"),
        "source": citation_of(found.source),
        "equation": citation_of(found.equation) if found.equation else None,
        "hour": hour,
        "hours": HOURS if hour in HOURS else (*HOURS, hour),
        "is_inside": any(shifts),
        "totals": totals,
        "areas": areas,
        "calls": calls,
        "more": max((calls.counts.seen or totals.schools) - len(calls.rows), 0),
        "map": _draw(session, areas, has_degree=found.has_degree),
        "key": [(number, _class_label(number)) for number in range(1, 6)],
        "messages": messages_of(found, figures, hour, calls),
    }


def class_of(msk: float | None) -> int | None:
    """Return the class of shading 1..5 of an intensity; None = not shaken."""
    return None if msk is None else 1 + sum(msk >= edge for edge in BREAKS)


def _class_label(number: int) -> str:
    language = current_language()
    if number == 1:
        return _("below %(degree)s", degree=format_number(BREAKS[0], language))
    low = format_number(BREAKS[number - 2], language)
    if number == len(BREAKS) + 1:
        return _("%(degree)s and more", degree=low)
    return f"{low}–{format_number(BREAKS[number - 1], language)}"


def _draw(session: Session, areas: Sequence[ShakenArea], *, has_degree: bool) -> Markup:
    frame = frame_around_area(session, None, *MAP_SIZE)
    shapes = areas_in(session, frame, (1, 2), None, None)
    reached = {area.code: area for area in areas}
    title = (
        _("Strongest shaking at a school of each rayon or city")
        if has_degree
        else _("Rayons and cities with schools inside the area")
    )
    parents = {shape.parent_code for shape in shapes if shape.level == 2}
    drawn = [shape for shape in shapes if shape.level == 2 or shape.code not in parents]
    drawing = MapDrawing(
        frame=frame,
        title=title,
        description=_("The tables on this page hold the same figures."),
        language=current_language(),
        areas=[_shaded(shape, reached.get(shape.code), has_degree=has_degree) for shape in drawn],
        outlines=[
            DrawnArea(shape.path, None, "", local_name(shape, current_language()), shape.label_x, shape.label_y)
            for shape in shapes
            if shape.level == 1
        ],
        context=context_in(session, frame),
        name="scenario-map",
        km=_("km"),
        shows_places=False,
    )
    return Markup(draw_map(drawing))  # noqa: S704  drawn by our own code, texts escaped there


def _shaded(shape: AreaShape, found: ShakenArea | None, *, has_degree: bool) -> DrawnArea:
    language = current_language()
    name = local_name(shape, language)
    msk = None if found is None else found.strongest_msk
    if not has_degree:
        level = None if found is None else CLASS_OF_AREA
        count = 0 if found is None else found.schools
        title = _("%(area)s: schools inside: %(count)s", area=name, count=format_number(count, language))
    else:
        level = class_of(msk)
        title = (
            _("%(area)s: no school shaken", area=name)
            if msk is None
            else _("%(area)s: up to %(degree)s MSK", area=name, degree=format_number(msk, language, 1))
        )
    return DrawnArea(shape.path, level, title, "", shape.label_x, shape.label_y, url_for("areas.area", code=shape.code))
