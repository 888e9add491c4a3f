"""The map of the workbench: who stays among the first, who comes in and who drops out, by shape as well as colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from flask_babel import gettext as _
from markupsafe import Markup

from app.exports.svg_map import DrawnArea, MapDrawing, draw_map
from app.web.language import current_language
from app.web.shapes import areas_in, context_in
from app.web.workbench.table import Bench, pixels_of

if TYPE_CHECKING:
    from geodata.database import Session

SIGNS = {
    "stays": '<circle class="stays" cx="{x}" cy="{y}" r="3"/>',
    "enters": '<path class="enters" transform="translate({x} {y})" d="M0-6 5.500 4H-5.500z"/>',
    "leaves": '<path class="leaves" transform="translate({x} {y})" d="M0 6 5.500-4H-5.500z"/>',
}


def draw_moves(session: Session, bench: Bench, ranks: np.ndarray) -> Markup:
    """Return the country with the schools of the first N under the weights, and those that left it."""
    shapes = areas_in(session, bench.frame, (1,), bench.run.id, None)
    drawing = MapDrawing(
        frame=bench.frame,
        title=_("Who is among the first under these weights"),
        description=_("The table on this page holds the same schools."),
        language=current_language(),
        outlines=[DrawnArea(shape.path, None, "", "", shape.label_x, shape.label_y) for shape in shapes],
        context=context_in(session, bench.frame),
        name="bench-map",
        km=_("km"),
        shows_places=False,
    )
    drawn = draw_map(drawing)
    signs = "".join(_signs(bench, ranks))
    return Markup(drawn.replace("</svg>", f'<g id="bench-signs">{signs}</g></svg>'))  # noqa: S704  our own drawing


def _signs(bench: Bench, ranks: np.ndarray) -> list[str]:
    before, after = bench.found.ranks <= bench.top, ranks <= bench.top
    found = []
    for kind, rows in (("stays", before & after), ("leaves", before & ~after), ("enters", after & ~before)):
        for row in np.flatnonzero(rows):
            place = pixels_of(bench, int(row))
            if place is not None:
                found.append(SIGNS[kind].format(x=place[0], y=place[1]))
    return found
