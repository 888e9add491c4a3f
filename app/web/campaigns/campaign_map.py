"""The drawn map of a campaign: areas shaded by the share of its visits that are published; the table holds the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.exports.choropleth import INDICATORS
from app.exports.svg_map import DrawnArea, MapDrawing, draw_map
from app.i18n.formats import format_percent
from app.i18n.names import local_name
from app.web.language import current_language
from app.web.shapes import areas_in, context_in, frame_around_area

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.database import Session
    from geodata.models import Run
    from geodata.records.campaign import AreaCoverage
    from geodata.records.map_shape import AreaShape

WIDTH, HEIGHT = 720, 400


def draw_coverage(
    session: Session,
    run: Run,
    campaign_id: int,
    around: tuple[str | None, int],
    level: int,
    covered: Sequence[AreaCoverage],
) -> Markup:
    """Return the map of the areas of ``level`` in ``around`` (code and level); one without a visit is hatched."""
    own = around[0] if around[1] else None
    outer_level = around[1] or 1
    frame = frame_around_area(session, own, WIDTH, HEIGHT)
    share = {one.code: 100.0 * one.done / one.visits for one in covered}
    shapes = areas_in(session, frame, tuple(sorted({level, outer_level})), run.id, None)

    def shaded(shape: AreaShape) -> DrawnArea:
        value, name = share.get(shape.code), local_name(shape, current_language())
        text = _("no visit planned") if value is None else format_percent(value, current_language())
        address = url_for("campaigns.campaign", campaign_id=campaign_id, area=shape.code) if value is not None else None
        return DrawnArea(
            shape.path,
            INDICATORS["coverage"].class_of(value),
            f"{name}: {text}",
            name if own else "",
            shape.label_x,
            shape.label_y,
            address,
        )

    outer = [shape for shape in shapes if shape.level == outer_level]
    drawing = MapDrawing(
        frame=frame,
        title=_("Share of the visits that are published"),
        description=_("The table below holds the same figures."),
        language=current_language(),
        areas=[
            shaded(one) for one in shapes if one.level == level and (own is None or own in (one.parent_code, one.code))
        ],
        outlines=[
            DrawnArea(shape.path, None, "", "" if own else local_name(shape, current_language()), shape.label_x,
                      shape.label_y, is_own=own is not None)
            for shape in outer if own is None or shape.code == own
        ],
        context=context_in(session, frame),
        name="campaign-map",
        km=_("km"),
        shows_places=False,
    )  # fmt: skip
    return Markup(draw_map(drawing))  # noqa: S704  drawn by our own code, texts escaped there
