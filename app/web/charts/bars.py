"""Bars: a share with its unknown part, a score with its bounds, a part against the most it can be.

Lengths are percentages of the picture's width, so a bar fits its column without script or style. Unknown
is always the hatch (``#hatch``, defined once in the page), never a pale colour.
"""

from __future__ import annotations

from markupsafe import Markup, escape

HEIGHT = 14
UNKNOWN_FILL = "url(#hatch)"


def _clip(percent: float) -> float:
    return min(max(percent, 0.0), 100.0)


def rect(start: float, length: float, fill: str, more: str = "") -> str:
    """Return a piece of a bar from ``start``, ``length`` long, in percent; nothing where it has no length."""
    start, length = _clip(start), min(_clip(length), 100.0 - _clip(start))
    if length <= 0:
        return ""
    return f'<rect x="{start:.1f}%" width="{length:.1f}%" height="{HEIGHT}" fill="{fill}"{more}/>'


def picture(parts: list[str], title: str) -> Markup:
    """Return the bar made of ``parts``; ``title`` states its message."""
    body = "".join(parts)
    head = f'<svg class="bar" width="100%" height="{HEIGHT}" role="img" aria-label="{escape(title)}">'
    return Markup(head + body + "</svg>")  # noqa: S704  the title is escaped, the rest are numbers


def share_bar(known_pct: float, unknown_pct: float, title: str) -> Markup:
    """Return a bar of 0..100: ``known_pct`` solid, then ``unknown_pct`` hatched."""
    edge = ' stroke="var(--gu)" stroke-width=".8"'
    return picture(
        [
            rect(0, 100, "var(--sunk)"),
            rect(0, known_pct, "var(--bar)"),
            rect(known_pct, unknown_pct, UNKNOWN_FILL, edge),
        ],
        title,
    )


def bounds_bar(lower: float, central: float | None, upper: float, title: str, norm: float | None = None) -> Markup:
    """Return a bar of 0..100: solid to ``lower``, hatched to ``upper``, ticks at ``central`` (None: none) and norm."""
    parts = [
        rect(0, 100, "var(--sunk)"),
        rect(0, lower, "var(--bar)"),
        rect(lower, upper - lower, UNKNOWN_FILL, ' stroke="var(--gu)" stroke-width=".8"'),
    ]
    if upper > lower and central is not None:
        parts.append(f'<rect x="{_clip(central):.1f}%" y="-1" width="2" height="{HEIGHT + 2}" fill="var(--ink-2)"/>')
    if norm is not None:
        parts.append(f'<rect x="{_clip(norm):.1f}%" y="-3" width="2" height="{HEIGHT + 6}" fill="var(--ink)"/>')
    return picture(parts, title)


def contribution_bar(known_points: float, unknown_points: float, title: str) -> Markup:
    """Return the bar of a priority of 0..100 points: points of known factors solid, of unknown ones hatched."""
    return share_bar(known_points, unknown_points, title)


def part_bar(points: float, most: float, largest: float, *, is_known: bool, title: str) -> Markup:
    """Return one factor's points against the most it can add; ``largest`` is the longest dashed frame."""
    scale = 100.0 / largest if largest > 0 else 0.0
    frame = ' fill-opacity="0" stroke="var(--line-2)" stroke-dasharray="3 2"'
    if is_known:
        parts = [rect(0, most * scale, "none", frame), rect(0, points * scale, "var(--bar)")]
    else:
        parts = [rect(0, most * scale, UNKNOWN_FILL, ' stroke="var(--gu)"')]
    return picture(parts, title)


def tone_bar(percent: float, title: str, *, is_own: bool = False) -> Markup:
    """Return a plain bar of 0..100; the reader's own unit in the accent."""
    return picture([rect(0, 100, "var(--sunk)"), rect(0, percent, "var(--accent)" if is_own else "var(--bar)")], title)


GRADE_FILLS = {"E": "var(--ge)", "D": "var(--gd)", "C": "var(--gc)", "B": "var(--gb)", "A": "var(--ga)"}


def grade_bar(counts: dict[str, int], title: str) -> Markup:
    """Return schools by grade as one bar, worst first, unknown hatched at the end."""
    total = sum(counts.values())
    if total == 0:
        return Markup("")
    parts, start = [], 0.0
    edge = ' stroke="var(--paper)" stroke-width="1"'
    for grade in (*GRADE_FILLS, "unknown"):
        length = 100.0 * counts.get(grade, 0) / total
        parts.append(rect(start, length, GRADE_FILLS.get(grade, UNKNOWN_FILL), edge))
        start += length
    return picture(parts, title)
