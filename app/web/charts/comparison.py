"""Bars that compare: a part of a score against the middle of the list, and a score by what it rests on."""

from __future__ import annotations

from markupsafe import Markup

from app.web.charts.bars import HEIGHT, UNKNOWN_FILL, picture, rect


def part_against(points: float, most: float, median: float, largest: float, *, is_known: bool, title: str) -> Markup:
    """Return a part's points in the frame of its most, with a tick at the middle of the list; unknown is hatched."""
    scale = 100.0 / largest if largest > 0 else 0.0
    frame = ' fill-opacity="0" stroke="var(--line-2)" stroke-dasharray="3 2"'
    fill, edge = ("var(--bar)", "") if is_known else (UNKNOWN_FILL, ' stroke="var(--gu)"')
    at = min(max(median * scale, 0.0), 99.5)
    tick = f'<rect x="{at:.1f}%" y="-3" width="2" height="{HEIGHT + 6}" fill="var(--ink)"/>'
    return picture([rect(0, most * scale, "none", frame), rect(0, points * scale, fill, edge), tick], title)


def share_parts(measured_pct: float, proposal_pct: float, missing_pct: float, title: str) -> Markup:
    """Return one bar of 100 %: measured solid, proposals pale with an edge, missing hatched."""
    edge = ' stroke="var(--ink-2)" stroke-width=".8"'
    return picture(
        [
            rect(0, measured_pct, "var(--bar)", edge),
            rect(measured_pct, proposal_pct, "var(--bar-2)", edge),
            rect(measured_pct + proposal_pct, missing_pct, UNKNOWN_FILL, edge),
        ],
        title,
    )
