"""The rank strip: where a school stands in the whole list, and between which places it may stand."""

from __future__ import annotations

from markupsafe import Markup, escape

WIDTH, HEIGHT, MARGIN = 440, 74, 14
BASE_Y = 44


def rank_strip(rank: int, low: int, high: int, total: int, grade: str | None, title: str) -> Markup:
    """Return the part of the list around ``low``..``high`` with a mark at ``rank``; its ends are labelled.

    The text under the strip repeats the numbers; ``title`` states the message for who cannot see it.
    """

    room = max((high - low) // 2, 8)
    first, last = max(1, low - room), min(total, high + room)

    def x(place: float) -> float:
        return MARGIN + (WIDTH - 2 * MARGIN) * (place - first) / max(last - first, 1)

    left, right = x(low), x(high)
    here = min(max(x(rank), MARGIN), WIDTH - MARGIN)
    anchor = "start" if here < 60 else "end" if here > WIDTH - 60 else "middle"
    parts = [
        f'<path d="M{MARGIN} {BASE_Y}H{WIDTH - MARGIN}" stroke="var(--line-2)" fill="none"/>',
        f'<rect x="{left:.1f}" y="{BASE_Y - 16}" width="{max(right - left, 3):.1f}" height="16" fill="var(--bar-2)"/>',
        f'<g transform="translate({here:.1f} {BASE_Y - 8})">{_mark(grade)}</g>',
        f'<text x="{here:.1f}" y="{BASE_Y - 24}" text-anchor="{anchor}" font-weight="600">{_n(rank)}</text>',
    ]
    ticks = [("start", first), ("end", last)]
    if last - first > 4:
        ticks.insert(1, ("middle", (first + last) // 2))
    for side, place in ticks:
        parts.append(f'<path d="M{x(place):.1f} {BASE_Y}v5" stroke="var(--line-2)"/>')
        parts.append(f'<text x="{x(place):.1f}" y="{BASE_Y + 20}" text-anchor="{side}">{_n(place)}</text>')
    head = f'<svg class="strip" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
    return Markup(head + "".join(parts) + "</svg>")  # noqa: S704  numbers and our own marks; the title is escaped


def _n(value: int) -> str:
    return f"{value:,}".replace(",", "\u00a0")


def _mark(grade: str | None) -> str:
    edge = 'stroke="var(--ink)" stroke-width=".8"'
    shapes = {
        "A": f'<circle r="7" fill="var(--ga)" {edge}/>',
        "B": '<circle r="7" fill="var(--ink)"/>'
        '<circle r="4.6" fill="var(--raised)" stroke="var(--gb)" stroke-width="3.4"/>',
        "C": f'<path d="M-7-7H7V7H-7z" fill="var(--gc)" {edge}/>',
        "D": f'<path d="M0-8 8.400 7H-8.400z" fill="var(--gd)" {edge}/>',
        "E": f'<path d="M0-9 8.400 0 0 9-8.400 0z" fill="var(--ge)" {edge}/>',
    }
    return shapes.get(grade or "", '<circle r="7" fill="url(#hatch)" stroke="var(--gu)" stroke-width="1.400"/>')
