"""The main rivers, traced along the water of the altitude grid through a place on each; sketches, real names."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from geodata.demonstration.drainage import STEPS, Ground, load_ground

RIVERS = (
    # name ky, ru, en, a place on its middle course, least gathered land (km²), zoom from which it is drawn
    ("Нарын", "Нарын", "Naryn", 75.99, 41.43, 900, 4),
    ("Чүй", "Чу", "Chui", 75.85, 42.30, 500, 4),
    ("Талас", "Талас", "Talas", 72.30, 42.52, 400, 5),
    ("Кара-Дарыя", "Кара-Дарья", "Kara-Darya", 73.32, 40.75, 900, 5),
    ("Чаткал", "Чаткал", "Chatkal", 71.20, 41.82, 400, 5),
    ("Кызыл-Суу", "Кызыл-Суу", "Kyzyl-Suu", 72.60, 39.60, 500, 5),
    ("Сары-Жаз", "Сары-Джаз", "Sary-Jaz", 79.30, 42.20, 400, 5),
    ("Ак-Сай", "Аксай", "Ak-Sai", 76.10, 40.78, 500, 6),
    ("Көкөмерен", "Кёкёмерен", "Kokomeren", 74.20, 41.85, 400, 6),
    ("Ат-Башы", "Ат-Баши", "At-Bashy", 75.95, 41.20, 500, 6),
    ("Ала-Бука", "Алабуга", "Ala-Buga", 74.90, 41.20, 400, 6),
    ("Чычкан", "Чычкан", "Chychkan", 72.88, 42.05, 200, 7),
    ("Узун-Акмат", "Узун-Ахмат", "Uzun-Akmat", 72.55, 41.95, 300, 7),
    ("Куршаб", "Куршаб", "Kurshab", 73.38, 40.45, 300, 7),
    ("Жазы", "Яссы", "Jazy", 73.65, 40.90, 300, 7),
    ("Кара-Үңкүр", "Кара-Ункюр", "Kara-Unkur", 73.00, 41.20, 250, 7),
    ("Жыргалаң", "Джергалан", "Jyrgalang", 78.75, 42.60, 250, 7),
    ("Түп", "Тюп", "Tyup", 78.70, 42.76, 200, 7),
    ("Чоң-Кемин", "Чон-Кемин", "Chong-Kemin", 76.25, 42.77, 200, 7),
    ("Суусамыр", "Сусамыр", "Suusamyr", 73.90, 42.19, 250, 7),
    ("Ысык-Ата", "Ысык-Ата", "Ysyk-Ata", 74.92, 42.62, 120, 8),
    ("Ала-Арча", "Ала-Арча", "Ala-Archa", 74.48, 42.62, 80, 8),
    ("Сох", "Сох", "Sokh", 71.15, 39.75, 400, 7),
    ("Ак-Буура", "Ак-Бура", "Ak-Buura", 72.88, 40.32, 250, 7),
)  # fmt: skip
SEARCH_CELLS = 3


def rivers(country: Any, lakes: Any) -> list[dict[str, Any]]:
    """Return one row a river: names, ``min_zoom``, ``geometry`` (EPSG:4326, inside the country, outside lakes)."""
    ground = load_ground()
    near = shapely.buffer(country, 0.03)
    ends = shapely.buffer(max(shapely.get_parts(lakes), key=lambda lake: lake.area), 0.02)
    taken: set[int] = set()
    found = []
    for name_ky, name_ru, name_en, lon, lat, least_km2, zoom in RIVERS:
        middle = _wettest(ground, lon, lat)
        cells = trace_up(ground, middle, least_km2)[::-1] + _trace_down(ground, middle, taken, ends)
        taken.update(cells)
        line = shapely.difference(shapely.intersection(_smooth([ground.place(cell) for cell in cells]), near), lakes)
        kept = [part for part in shapely.get_parts(line) if part.length > 0.03]
        geometry = shapely.set_precision(shapely.MultiLineString(kept), 1e-4)
        names = {"name_ky": name_ky, "name_ru": name_ru, "name_en": name_en}
        found.append(names | {"min_zoom": zoom, "geometry": geometry})
    return found


def trace_up(ground: Ground, index: int, least_km2: float) -> list[int]:
    """Return the main stem above a cell: always up the branch that gathers most, while it gathers ``least_km2``."""
    width = ground.altitude_m.shape[1]
    gathered, downstream = ground.gathered_km2.ravel(), ground.downstream.ravel()
    way = []
    while index >= 0 and gathered[index] >= least_km2:
        way.append(index)
        branches = [index + down * width + right for down, right in STEPS]
        branches = [cell for cell in branches if 0 <= cell < len(gathered) and downstream[cell] == index]
        index = max(branches, key=lambda cell: gathered[cell], default=-1)
    return way


def _trace_down(ground: Ground, index: int, taken: set[int], ends: Any) -> list[int]:
    """Return the way of the water below a cell, as far as a river that was drawn before, or the lake ``ends``."""
    downstream = ground.downstream.ravel()
    way: list[int] = []
    while (index := int(downstream[index])) >= 0:
        way.append(index)
        if index in taken or shapely.contains_xy(ends, *ground.place(index)):
            break
    return way


def _wettest(ground: Ground, lon: float, lat: float) -> int:
    """Return the cell near a place that gathers most water."""
    row, column = divmod(ground.index(lon, lat), ground.altitude_m.shape[1])
    top, left = row - SEARCH_CELLS, column - SEARCH_CELLS
    window = ground.gathered_km2[top : row + SEARCH_CELLS + 1, left : column + SEARCH_CELLS + 1]
    best_row, best_column = divmod(int(np.argmax(window)), window.shape[1])
    return (top + best_row) * ground.altitude_m.shape[1] + left + best_column


def _smooth(way: list[tuple[float, float]]) -> Any:
    line = np.array(way)
    for _ in range(3):
        line[1:-1] = (line[:-2] + 2 * line[1:-1] + line[2:]) / 4
    return shapely.simplify(shapely.LineString(line), 0.002)
