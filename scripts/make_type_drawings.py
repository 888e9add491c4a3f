"""Draw the pictures by which people choose the type of a building: plain lines, one SVG a type, by this code alone.

``python -m scripts.make_type_drawings`` writes them; a test compares what is committed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "app/web/static/img/types"
WIDTH, HEIGHT, GROUND = 160, 110, 100
LEFT, RIGHT = 20, 140
LIGHT, PLAIN, BOLD = 0.7, 1.4, 3.2


def line(x1: float, y1: float, x2: float, y2: float, width: float = PLAIN, dashes: str = "") -> str:
    """Return a line."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="M{x1:g} {y1:g}L{x2:g} {y2:g}" stroke-width="{width:g}"{dashed}/>'


def box(x: float, y: float, width: float, height: float, stroke: float = PLAIN, fill: str = "none") -> str:
    """Return a rectangle from its upper left corner."""
    filled = "" if fill == "none" else f' fill="{fill}"'
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" stroke-width="{stroke:g}"{filled}/>'


def roof(top: float, eaves: float, over: float = 6) -> str:
    """Return a pitched roof above the walls."""
    middle = (LEFT + RIGHT) / 2
    shape = f"M{LEFT - over:g} {eaves:g}L{middle:g} {top:g}L{RIGHT + over:g} {eaves:g}Z"
    return f'<path d="{shape}" stroke-width="{PLAIN:g}"/>'


def windows(storeys: int, top: float, count: int, width: float = 12, height: float = 14) -> list[str]:
    """Return windows in rows, white so that what lies behind them is hidden."""
    storey = (GROUND - top) / storeys
    step = (RIGHT - LEFT) / count
    return [
        box(LEFT + step * (at + 0.5) - width / 2, top + storey * (row + 0.5) - height / 2, width, height, fill="#fff")
        for row in range(storeys)
        for at in range(count)
    ]


def courses(top: float, high: float, long: float) -> list[str]:
    """Return bricks or blocks: courses of ``high``, joints every ``long``, shifted by half in each second course."""
    found, y, row = "", top, 0
    while y < GROUND - 0.1:
        low = min(y + high, GROUND)
        found += f"M{LEFT} {y:g}H{RIGHT}" if row else ""
        x = LEFT + (long if row % 2 else long / 2)
        while x < RIGHT - 0.1:
            found += f"M{x:g} {y:g}V{low:g}"
            x += long
        y, row = low, row + 1
    return [f'<path d="{found}" stroke-width="{LIGHT}"/>']


def frame(storeys: int, bays: int, top: float, width: float) -> list[str]:
    """Return columns and beams."""
    storey, bay = (GROUND - top) / storeys, (RIGHT - LEFT) / bays
    beams = [line(LEFT, top + storey * row, RIGHT, top + storey * row, width) for row in range(storeys)]
    return beams + [line(LEFT + bay * at, top, LEFT + bay * at, GROUND, width) for at in range(bays + 1)]


def walls(top: float, stroke: float = PLAIN) -> str:
    """Return the outline of the walls."""
    return box(LEFT, top, RIGHT - LEFT, GROUND - top, stroke)


def adobe() -> list[str]:
    """One storey of large mud blocks under a low roof, thick walls, small windows."""
    return [*courses(58, 14, 24), walls(58, BOLD), roof(44, 58, 8), *windows(1, 58, 3, 11, 12)]


def stone() -> list[str]:
    """One storey of round stones in mud."""
    stones = []
    for row in range(4):
        for at in range(10):
            x, y = LEFT + 6 + 11.6 * at + (3 if row % 2 else 0), 63 + 10 * row + (at % 3) - 1
            wide, high = 4.5 + at % 2, 3.6 + row % 2
            stones.append(f'<ellipse cx="{x:g}" cy="{y:g}" rx="{wide:g}" ry="{high:g}" stroke-width="{LIGHT:g}"/>')
    return [*stones, walls(58), roof(42, 58), *windows(1, 58, 3, 11, 12)]


def synch() -> list[str]:
    """One storey of timber posts with crossed braces, filled with mud."""
    braces = []
    for at in range(6):
        x = LEFT + 20 * at
        braces += [line(x, 60, x + 20, GROUND, LIGHT), line(x + 20, 60, x, GROUND, LIGHT)]
    return [*frame(1, 6, 60, 2.2), *braces, line(LEFT, 80, RIGHT, 80), roof(44, 60)]


def brick_timber() -> list[str]:
    """Two storeys of brick under a pitched roof; floors of timber, drawn as dashes."""
    return [*courses(40, 5, 10), walls(40), line(LEFT, 70, RIGHT, 70, 2.4, "3 3"), roof(24, 40), *windows(2, 40, 5)]


def brick_slabs() -> list[str]:
    """Three storeys of brick; floors of hollow slabs, drawn with their holes."""
    floors = []
    for y in (28, 52, 76):
        floors.append(box(LEFT, y - 3, RIGHT - LEFT, 6, fill="#fff"))
        floors += [
            f'<circle cx="{LEFT + 6 + 9 * at:g}" cy="{y:g}" r="1.6" stroke-width="{LIGHT:g}"/>' for at in range(13)
        ]
    return [*courses(28, 4, 8), walls(28), *windows(3, 28, 5, 12, 11), *floors]


def brick_belts() -> list[str]:
    """Three storeys of brick with belts of concrete at each floor and cores in the wall."""
    belts = [line(LEFT, y, RIGHT, y, 5) for y in (28, 52, 76)]
    cores = [line(x, 28, x, GROUND, 2.2, "6 2") for x in (44, 80, 116)]
    return [*courses(28, 4, 8), walls(28), *windows(3, 28, 5, 11, 12), *belts, *cores]


def confined() -> list[str]:
    """Two storeys of brick panels, each bound by columns and beams of concrete."""
    return [*courses(40, 5, 10), *windows(2, 40, 4), *frame(2, 4, 40, 5)]


def frame_precast() -> list[str]:
    """Three storeys of separate columns and beams; the joints are drawn."""
    joints = [
        f'<circle cx="{LEFT + 30 * at:g}" cy="{y:g}" r="3.4" stroke-width="{PLAIN:g}" fill="#fff"/>'
        for at in range(5)
        for y in (28, 52, 76)
    ]
    return [*frame(3, 4, 28, 3), *windows(3, 28, 4, 20, 12), *joints]


def frame_infill() -> list[str]:
    """Three storeys of a thin frame, all panels filled with brick."""
    return [*courses(28, 4, 8), *windows(3, 28, 4, 9, 10), *frame(3, 4, 28, 2.4)]


def frame_modern() -> list[str]:
    """Three storeys of strong columns and deep beams, wide glass between."""
    return [*windows(3, 28, 4, 22, 14), *frame(3, 4, 28, 6)]


def frame_walls() -> list[str]:
    """Three storeys of a frame with full walls of concrete, drawn hatched."""
    hatch = []
    for left in (50, 110):
        hatch.append(box(left - 15, 28, 30, GROUND - 28, 2.4, "#fff"))
        hatch += [line(left - 15, 28 + 8 * at, left + 15, 36 + 8 * at, LIGHT) for at in range(8)]
    return [*frame(3, 4, 28, 3), *hatch]


def panels() -> list[str]:
    """Four storeys of large panels, each with one window; the joints are double lines."""
    found = []
    for row in range(4):
        for at in range(5):
            found.append(box(LEFT + 24 * at + 1, 20 + 20 * row + 1, 22, 18))
            found.append(box(LEFT + 24 * at + 7, 20 + 20 * row + 5, 10, 10, LIGHT))
    return found


def timber() -> list[str]:
    """One storey of logs, crossed at the corners."""
    logs = [box(LEFT - 4, 60 + 8 * at, RIGHT - LEFT + 8, 8, LIGHT) for at in range(5)]
    ends = [
        f'<circle cx="{x:g}" cy="{64 + 8 * at:g}" r="3.4" stroke-width="{LIGHT:g}" fill="#fff"/>'
        for at in range(5)
        for x in (LEFT, RIGHT)
    ]
    return [*logs, *ends, roof(40, 60, 10), *windows(1, 60, 3, 14, 16)]


def steel() -> list[str]:
    """One storey of a light steel frame with cross ties and ribbed sheets, flat roof."""
    ribs = [line(LEFT + 4 * at, 56, LEFT + 4 * at, 66, LIGHT) for at in range(31)]
    ties = []
    for at in (0, 3):
        x = LEFT + 30 * at
        ties += [line(x, 66, x + 30, GROUND), line(x + 30, 66, x, GROUND)]
    return [*frame(1, 4, 66, PLAIN), box(LEFT, 56, RIGHT - LEFT, 10), *ribs, *ties, box(55, 74, 50, 14, LIGHT)]


def unknown() -> list[str]:
    """The outline of a house in dashes, with a question mark."""
    outline = f'<path d="M{LEFT} {GROUND}V45L80 25L{RIGHT} 45V{GROUND}Z" stroke-width="2" stroke-dasharray="6 5"/>'
    mark = '<path d="M70 60a10 10 0 1 1 15 8.7c-4 2.4-5 4-5 8.3M80 86v2" stroke-width="4" stroke-linecap="round"/>'
    return [outline, mark]


DRAWINGS: dict[str, Callable[[], list[str]]] = {
    "KG-ADB": adobe,
    "KG-STN": stone,
    "KG-SNC": synch,
    "KG-URM-W": brick_timber,
    "KG-URM-C": brick_slabs,
    "KG-URM-S": brick_belts,
    "KG-CM": confined,
    "KG-RCF-P": frame_precast,
    "KG-RCF-I": frame_infill,
    "KG-RCF-M": frame_modern,
    "KG-RCW": frame_walls,
    "KG-LPP": panels,
    "KG-TIM": timber,
    "KG-STL": steel,
    "KG-UNK": unknown,
}


def drawing(code: str) -> str:
    """Return the SVG of a building type: no script, no style sheet, no address but that of the name space."""
    ground = line(4, GROUND, WIDTH - 4, GROUND, 2)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'fill="none" stroke="#1d2a33">\n' + "\n".join([*DRAWINGS[code](), ground]) + "\n</svg>\n"
    )


def main() -> None:
    """Write every drawing."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for code in DRAWINGS:
        (FOLDER / f"{code}.svg").write_text(drawing(code), encoding="utf-8")


if __name__ == "__main__":
    main()
