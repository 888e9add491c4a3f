"""An index over time: at each day its bounds, its middle and its grade, the norm as a line."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup, escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 220, 34, 24, 22, 30
LEAST_GAP = 56
"""Least distance between two marks: days close together stand side by side."""


class Mark(NamedTuple):
    """One day: its label, and lower, central and upper index (None: unknown), with the letter of its grade."""

    day: int
    label: str
    bounds: tuple[float, float, float] | None
    letter: str


def timeline(marks: list[Mark], norm: float, title: str) -> Markup:
    """Return the picture; ``title`` says in words what it shows, a table beside it the numbers."""
    parts = [_axis(value) for value in (0, 50, 100)]
    parts.append(
        f'<path d="M{LEFT} {_y(norm):.1f}H{WIDTH - RIGHT}" stroke="var(--ink)" stroke-dasharray="5 3" fill="none"/>'
    )
    places = _places(marks)
    line = [(x, _y(mark.bounds[1])) for x, mark in zip(places, marks, strict=True) if mark.bounds]
    if len(line) > 1:
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in line)
        parts.append(f'<path d="M{path}" stroke="var(--bar)" stroke-width="1.5" fill="none"/>')
    parts += [_mark(x, mark) for x, mark in zip(places, marks, strict=True)]
    head = f'<svg class="strip" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
    return Markup(head + "".join(parts) + "</svg>")  # noqa: S704  numbers, and texts that are escaped


def _y(index: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - min(max(index, 0.0), 100.0) / 100)


def _axis(value: int) -> str:
    return (
        f'<path d="M{LEFT} {_y(value):.1f}H{WIDTH - RIGHT}" stroke="var(--line-2)" fill="none"/>'
        f'<text x="{LEFT - 6}" y="{_y(value) + 4:.1f}" text-anchor="end">{value}</text>'
    )


def _places(marks: list[Mark]) -> list[float]:
    """Return x of each mark: by its day, pushed right where it would touch the one before, then fitted in."""
    first, last = marks[0].day, marks[-1].day
    room = WIDTH - LEFT - RIGHT - 2 * LEAST_GAP / 2
    wanted = [LEFT + LEAST_GAP / 2 + room * (mark.day - first) / max(last - first, 1) for mark in marks]
    for number in range(1, len(wanted)):
        wanted[number] = max(wanted[number], wanted[number - 1] + LEAST_GAP)
    scale = min(1.0, room / max(wanted[-1] - wanted[0], 1.0))
    return [wanted[0] + (x - wanted[0]) * scale for x in wanted]


def _mark(x: float, mark: Mark) -> str:
    label = f'<text x="{x:.1f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(mark.label)}</text>'
    letter = f'<text x="{x:.1f}" y="14" text-anchor="middle" font-weight="600">{escape(mark.letter)}</text>'
    if mark.bounds is None:
        return label + letter
    low, middle, high = (_y(value) for value in mark.bounds)
    return (
        f'<rect x="{x - 6:.1f}" y="{high:.1f}" width="12" height="{max(low - high, 1):.1f}" fill="url(#hatch)" '
        f'stroke="var(--gu)" stroke-width=".8"/><rect x="{x - 9:.1f}" y="{middle - 1.5:.1f}" width="18" height="3" '
        f'fill="var(--ink)"/>{label}{letter}'
    )
