"""What the sender and the verifier read of a proposed point: distance, doubts, a small map, and the confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup

from app.exports.svg_map import DrawnArea, DrawnLine, DrawnSchool, MapDrawing, draw_map
from app.i18n.formats import format_number
from app.i18n.names import local_name
from app.web.language import current_language
from app.workflows.propose_point import look_at_change
from geodata.queries import map_shapes
from geodata.records.map_shape import frame_around

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.workflows.propose_point import Place, PointLook
    from geodata.database import Session
    from geodata.records.revision import RevisionFacts

CONFIRMED = "confirmed_point"
"""The field of the second, explicit confirmation; its value is the point that is confirmed."""
WIDTH, HEIGHT = 640, 360
LEAST_KM, AROUND = 3.0, 2.6
"""Least width of the map, and its width as a multiple of the distance: both points fit in its lower height."""
AREA_LEVELS = (1, 2, 3)


def point_of(session: Session, revision: RevisionFacts, *, draws: bool = False) -> dict[str, Any] | None:
    """Return what is shown of the point that a change proposes; None where it proposes none."""
    look = look_at_change(session, revision, current_app.extensions["settings"].geodata_dir)
    if look is None:
        return None
    return {
        "value": _text(look.proposed),
        "distance": distance_words(look),
        "doubts": _doubt_words(look),
        "map": _draw(session, look) if draws else None,
    }


def is_confirmed(point: Mapping[str, Any] | None, form: Mapping[str, str]) -> bool:
    """Return whether nothing about the point is in doubt, or the form confirms this very point."""
    return point is None or not point["doubts"] or form.get(CONFIRMED) == point["value"]


def distance_words(look: PointLook) -> str:
    """Return how far the point lies from the former one, or that the former one is unknown."""
    if look.distance_m is None:
        return _("The former point is unknown, so there is no distance to tell.")
    language = current_language()
    if look.distance_m < 1_000:
        return _("%(metres)s m from the former point", metres=format_number(round(look.distance_m), language))
    km = look.distance_m / 1_000
    return _("%(km)s km from the former point", km=format_number(km, language, 0 if km >= 10 else 1))


def _doubt_words(look: PointLook) -> list[str]:
    ground, language = look.ground, current_language()
    area = local_name(ground, language, "area_name") or ground.area_code or ""
    twins = "; ".join(f"{local_name(one, language) or one.code} ({one.code})" for one in ground.twins)
    told = {
        "moved_far": lambda: _("The point lies far from the former one: %(distance)s.", distance=distance_words(look)),
        "outside_area": lambda: _("The point lies outside the area of the school: %(area)s.", area=area),
        "in_lake": lambda: _("The point lies in a lake."),
        "duplicate_point": lambda: _("Another school stands at the same point: %(schools)s.", schools=twins),
        "far_from_settlement": lambda: _("No settlement lies within 15 km of the point."),
        "too_high": lambda: _(
            "The point lies %(metres)s m above the sea: above 3,600 m.",
            metres=format_number(round(look.altitude_m or 0), language),
        ),
    }
    return [told[flag]() for flag in look.doubts]


def _text(place: Place) -> str:
    return f"{place[1]:.7f}, {place[0]:.7f}"


def _draw(session: Session, look: PointLook) -> Markup:
    """Return the map on which both points stand, the proposed one in a ring."""
    former, language = look.former, current_language()
    near = former or look.proposed
    middle = ((look.proposed[0] + near[0]) / 2, (look.proposed[1] + near[1]) / 2)
    across_km = max(LEAST_KM, AROUND * (look.distance_m or 0) / 1_000)
    frame = frame_around(*middle, across_km, WIDTH, HEIGHT)
    x, y = frame.project(*look.proposed)
    drawing = MapDrawing(
        frame=frame,
        title=_("The proposed point and the former one"),
        description=" ".join((_("The ring marks the proposed point."), distance_words(look))),
        language=language,
        outlines=[
            DrawnArea(shape.path, None, "", local_name(shape, language), shape.label_x, shape.label_y,
                      is_own=shape.code == look.ground.area_code)
            for shape in map_shapes.area_shapes(session, frame, AREA_LEVELS, None)
        ],
        context=map_shapes.context_shapes(session, frame),
        schools=[
            *([DrawnSchool(*frame.project(*former), None, _("Former point"))] if former else []),
            DrawnSchool(x, y, None, _("Proposed point"), is_selected=True),
        ],
        lines=[DrawnLine(*frame.project(*former), x, y, "")] if former else [],
        name="point-map",
        km=_("km"),
    )  # fmt: skip
    return Markup(draw_map(drawing))  # noqa: S704  drawn by our own code, texts escaped there
