"""Draw a map as SVG text: pages without JavaScript, home, area page and the printed brief.

Pure drawing: paths and pixels in, text out. Each shape carries a class (pages restyle it, dark mode too) and a
presentation attribute (files and print need no style sheet). Grades differ by shape as well as colour, the
unknown is hatched, shading is one hue by lightness: legible in black and white.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from app.exports.choropleth import CLASS_COLOURS
from app.i18n.formats import format_number
from app.i18n.names import local_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.records.map_shape import ContextShape, Frame

INK, PAPER, LINE_INK, WATER, WATER_INK = "#1b2625", "#fbfaf7", "#4d5957", "#cfe2ea", "#2b6580"
UNKNOWN_INK = "#6f716b"
LETTER_PX, LINE_PX = 6.3, 13
MOST_LABELS = 40

GRADE_SHAPES = {
    "A": '<circle r="4.6" fill="#1a6e8e" stroke="#1b2625" stroke-width=".7" class="ga-f"/>',
    "B": '<circle r="4" fill="#fff" stroke="#7fb3c8" stroke-width="2.4" class="gb-s"/>'
    '<circle r="5.3" fill="none" stroke="#1b2625" stroke-width=".6"/>',
    "C": '<path d="M-4.2-4.2H4.2V4.2H-4.2z" fill="#e9d8a6" stroke="#1b2625" stroke-width=".7" class="gc-f"/>',
    "D": '<path d="M0-5.200 5.400 4.400H-5.400z" fill="#dd8a3e" stroke="#1b2625" stroke-width=".7" class="gd-f"/>',
    "E": '<path d="M0-5.800 5.400 0 0 5.800-5.400 0z" fill="#a31d2d" stroke="#1b2625" stroke-width=".7" class="ge-f"/>',
    "U": '<circle r="4.4" fill="#fff" stroke="#6f716b" stroke-width="1"/>'
    '<path d="M-3.400 1.200 1.200-3.400M-2.400 3.200 3.200-2.400M.3 4.100 4.100.3" stroke="#6f716b" fill="none"/>',
}
"""One symbol a grade around the origin, U for unknown: circle, ring, square, triangle, diamond, hatched circle."""


@dataclass(frozen=True, slots=True)
class DrawnArea:
    """One area: SVG path data, class 0 (no data) .. 5 or None (outline only), label, link."""

    path: str
    class_number: int | None
    title: str
    label: str = ""
    label_x: float = 0.0
    label_y: float = 0.0
    href: str | None = None
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class DrawnSchool:
    """One school at a pixel; ``grade`` A..E or None."""

    x: float
    y: float
    grade: str | None
    title: str
    href: str | None = None
    is_selected: bool = False
    is_funded: bool = False


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line between two pixels with words at its middle."""

    x1: float
    y1: float
    x2: float
    y2: float
    label: str


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """A picture in Web Mercator over the shaded areas, at a pixel and of a size in pixels of the frame."""

    href: str
    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True, slots=True)
class MapDrawing:
    """All that ``draw_map`` needs. ``name`` makes ids unique in a page; ``km`` is the unit in the reader's language.

    ``mark_scale`` shrinks the marks of schools where there are many.
    """

    frame: Frame
    title: str
    description: str
    language: str
    areas: Sequence[DrawnArea] = ()
    pictures: Sequence[DrawnPicture] = ()
    outlines: Sequence[DrawnArea] = ()
    context: Sequence[ContextShape] = ()
    schools: Sequence[DrawnSchool] = ()
    lines: Sequence[DrawnLine] = ()
    name: str = "map"
    km: str = "km"
    shows_places: bool = True
    mark_scale: float = 1.0


@dataclass
class _Labels:
    """Greedy placing: a label that would touch an earlier one, or the edge, is left out.

    ``scale`` is how much larger than drawn the letters are taken to be: on phones the page enlarges them, and a
    label of class ``more`` (it fits only at its own size) is hidden there.
    """

    width: float
    height: float
    scale: float = 1.0
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def place(self, text: str, x: float, y: float) -> bool:
        half = len(text) * LETTER_PX * self.scale / 2
        box = (x - half, y - LINE_PX * self.scale, x + half, y + 3 * self.scale)
        if box[0] < 2 or box[1] < 2 or box[2] > self.width - 2 or box[3] > self.height - 2:
            return False
        if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in self.taken):
            return False
        self.taken.append(box)
        return True


def draw_map(drawing: MapDrawing) -> str:
    """Return the SVG element: title and description for a screen reader, no style sheet, no script."""
    frame, name = drawing.frame, drawing.name
    labels = _Labels(frame.width, frame.height)
    has_links = any(area.href for area in drawing.areas) or any(school.href for school in drawing.schools)
    role = "group" if has_links else "img"  # what stands inside an img is no link for a screen reader
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="svgmap" viewBox="0 0 {frame.width} {frame.height}" '
        f'role="{role}" aria-labelledby="{name}-t {name}-d">',
        f'<title id="{name}-t">{escape(drawing.title)}</title><desc id="{name}-d">{escape(drawing.description)}</desc>',
        _definitions(name, {school.grade or "U" for school in drawing.schools}, drawing.mark_scale),
        _areas(drawing),
        "".join(_picture(picture) for picture in drawing.pictures),
        _water(drawing.context),
        "".join(_outline(area) for area in drawing.outlines),
        "".join(_line(line) for line in drawing.lines),
        "".join(_school(school, name) for school in drawing.schools),
        _texts(drawing, labels),
        _scale_bar(frame, drawing.km, drawing.language),
        "</svg>",
    ]
    return "".join(parts)


def _definitions(name: str, grades: set[str], scale: float) -> str:
    smaller = f' transform="scale({scale:g})"' if scale != 1 else ""
    symbols = "".join(f'<g id="{name}-{grade}"{smaller}>{GRADE_SHAPES[grade]}</g>' for grade in sorted(grades))
    return (
        f'<defs><pattern id="{name}-nd" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff" class="ndb"/>'
        f'<path d="M0 0V6" stroke="{UNKNOWN_INK}" stroke-width="1.4" class="ndl"/></pattern>{symbols}</defs>'
    )


def _areas(drawing: MapDrawing) -> str:
    """Return the areas, pale under a picture: the picture is then what is looked at."""
    areas = "".join(_area(area, drawing.name) for area in drawing.areas)
    return f'<g fill-opacity=".3">{areas}</g>' if drawing.pictures else areas


def _area(area: DrawnArea, name: str) -> str:
    number = area.class_number
    ground = "#fff" if area.is_own else "none"
    fill = ground if number is None else f"url(#{name}-nd)" if number == 0 else CLASS_COLOURS[number - 1]
    shade = " ground" if number is None and area.is_own else "" if not number else f" k{number}"
    body = (
        f'<path class="u{shade}" d="{area.path}" fill="{fill}" stroke="{PAPER}" stroke-width=".8" '
        f'stroke-linejoin="round"><title>{escape(area.title)}</title></path>'
    )
    if area.href is None:
        return body
    return f'<a href="{escape(area.href)}" aria-label="{escape(area.title)}">{body}</a>'


def _picture(picture: DrawnPicture) -> str:
    return (
        f'<image class="pic" href="{escape(picture.href)}" x="{picture.x:.1f}" y="{picture.y:.1f}" '
        f'width="{picture.width:.1f}" height="{picture.height:.1f}" preserveAspectRatio="none" opacity=".65">'
        f"<title>{escape(picture.title)}</title></image>"
    )


def _outline(area: DrawnArea) -> str:
    width = "1.6" if area.is_own else ".9"
    return (
        f'<path class="{"own" if area.is_own else "obl"}" d="{area.path}" fill="none" '
        f'stroke="{INK if area.is_own else LINE_INK}" stroke-width="{width}" stroke-linejoin="round"/>'
    )


def _water(context: Sequence[ContextShape]) -> str:
    parts = []
    for shape in context:
        if shape.kind == "lake":
            parts.append(f'<path class="lake" d="{shape.path}" fill="{WATER}" stroke="{WATER_INK}" stroke-width=".6"/>')
        elif shape.kind == "river":
            parts.append(f'<path class="river" d="{shape.path}" fill="none" stroke="{WATER_INK}" stroke-width=".7"/>')
    return "".join(parts)


def _school(school: DrawnSchool, name: str) -> str:
    ring = ""
    if school.is_selected:
        circle = f'<circle cx="{school.x:.1f}" cy="{school.y:.1f}" r="10" fill="none"'
        ring = f'{circle} stroke="{PAPER}" stroke-width="5"/>{circle} stroke="{INK}" stroke-width="2" class="sel"/>'
    mark = f'<use href="#{name}-{school.grade or "U"}" x="{school.x:.1f}" y="{school.y:.1f}"/>'
    if school.is_funded:
        mark += (
            f'<path class="flag" d="M{school.x + 3:.1f} {school.y - 2:.1f}v-12h9l-2.500 3.200 2.500 3.200h-7.400" '
            f'fill="{INK}" stroke="{PAPER}" stroke-width="1" paint-order="stroke"/>'
        )
    if school.href is None:
        return f"{ring}<g>{mark}<title>{escape(school.title)}</title></g>"
    title = escape(school.title)
    return f'{ring}<a href="{escape(school.href)}" aria-label="{title}">{mark}<title>{title}</title></a>'


def _line(line: DrawnLine) -> str:
    path = f'<path class="gap" d="M{line.x1:.1f} {line.y1:.1f}L{line.x2:.1f} {line.y2:.1f}" stroke="{INK}"/>'
    return path + _text("al", line.label, (line.x1 + line.x2) / 2, (line.y1 + line.y2) / 2 - 14)


def _texts(drawing: MapDrawing, labels: _Labels) -> str:
    wanted: list[tuple[str, str, float, float]] = []
    for shape in drawing.context:
        if shape.kind == "lake":
            wanted.append(("wl", local_name(shape.names(), drawing.language), shape.x, shape.y + 4))
    wanted += [("al", area.label, area.label_x, area.label_y) for area in (*drawing.outlines, *drawing.areas)]
    if drawing.shows_places:
        for shape in sorted(drawing.context, key=lambda one: one.rank):
            if shape.kind == "place":
                wanted.append(("pl", local_name(shape.names(), drawing.language), shape.x, shape.y - 6))
    parts: list[str] = []
    large = _Labels(labels.width, labels.height, scale=2.0)
    for kind, text, x, y in wanted:
        if text and len(parts) < MOST_LABELS and labels.place(text, x, y):
            is_few = large.place(text, x, y)
            parts.append(_text(kind if is_few else f"{kind} more", text, x, y))
            if kind == "pl":
                parts[-1] = _dot(x, y + 6) + parts[-1]
    return f"<g>{''.join(parts)}</g>"


def _dot(x: float, y: float) -> str:
    """Return the dot of a settlement, under its name."""
    return f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="1.9" fill="{PAPER}" stroke="{INK}"/>'


def _text(kind: str, text: str, x: float, y: float) -> str:
    ink = WATER_INK if kind.startswith("wl") else INK
    look = ' font-style="italic"' if kind.startswith("wl") else ' font-weight="600"' if kind.startswith("al") else ""
    body = (
        f'x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="11" '
        f'font-family="Noto Sans Subset, Noto Sans, sans-serif"{look}'
    )
    halo = f'fill="none" stroke="{PAPER}" stroke-width="3" stroke-linejoin="round"'
    under_class = "halo more" if kind.endswith("more") else "halo"
    under = f'<text class="{under_class}" aria-hidden="true" {body} {halo}>{escape(text)}</text>'
    return f'{under}<text class="{kind}" {body} fill="{ink}">{escape(text)}</text>'


def scale_length(frame: Frame) -> tuple[float, float]:
    """Return a round length in kilometres (1, 2, 5, 10 ...) and its pixels, at most a sixth of the width."""
    largest = frame.width / 6 * frame.metres_a_pixel / 1000
    power = 0.001
    while power * 10 <= largest:
        power *= 10
    length = next(power * step for step in (5, 2, 1) if power * step <= largest)
    return length, length * 1000 / frame.metres_a_pixel


def _scale_bar(frame: Frame, km: str, language: str) -> str:
    length, pixels = scale_length(frame)
    x, y = frame.width - 16 - pixels, frame.height - 14
    decimals = len(f"{length:g}".partition(".")[2])
    text = f"{format_number(length, language, decimals)} {km}"
    return (
        f'<g class="scale"><path d="M{x:.1f} {y - 5}V{y}H{x + pixels:.1f}V{y - 5}" fill="none" stroke="{INK}"/>'
        f'<text x="{x + pixels / 2:.1f}" y="{y - 7}" text-anchor="middle" font-size="11" fill="{INK}" '
        f'font-family="Noto Sans Subset, Noto Sans, sans-serif">{text}</text></g>'
    )
