"""Invented tailings, main roads and power lines between real centres; sketches, no statement about any place.

Roads follow the easiest ground of the altitude grid, power lines run straight. The same code gives the same shapes.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geodata.demonstration.drainage import STEPS, Ground, load_ground
from geodata.demonstration.terrain import lakes
from geodata.demonstration.towns import read_towns
from geodata.demonstration.villages import read_villages
from geodata.readers.reference import read_settlements

if TYPE_CHECKING:
    from numpy.typing import NDArray

Named = tuple[Any, str]
"""A geometry in EPSG:4326 and its name."""
GRID = 1e-4
SEED = 547
STRETCH = 1.335
"""Kilometres of latitude in one of longitude, inverted, at 41.5 degrees north."""

LEGACY_PLACES = (
    # name, longitude, latitude, invented points; places where ore was worked, from general knowledge
    ("Майлуу-Суу", 72.457, 41.270, 9),
    ("Миң-Куш", 74.470, 41.680, 3),
    ("Кажы-Сай", 77.180, 42.130, 2),
    ("Ак-Түз", 76.120, 42.880, 3),
    ("Сумсар", 71.330, 41.310, 2),
    ("Шекафтар", 71.300, 41.240, 2),
    ("Терек-Сай", 71.170, 41.480, 1),
    ("Орловка", 75.580, 42.730, 2),
    ("Кара-Балта", 73.848, 42.814, 1),
    ("Айдаркен", 71.342, 39.943, 2),
    ("Кадамжай", 71.720, 40.135, 2),
    ("Сүлүктү", 69.568, 39.937, 1),
)
POINTS_OFF_KM = (0.6, 3.5)
"""Least and greatest distance of an invented point from its town."""

PASSES = {
    "Төө-Ашуу": (73.82, 42.33),
    "Суусамыр": (74.01, 42.18),
    "Сары-Таш": (73.25, 39.73),
    "Торугарт": (75.40, 40.56),
    "Эркеч-Там": (73.90, 39.66),
    "Чалдовар": (73.52, 42.83),
}
"""Points of roads that are no town and no settlement of the reference; approximate."""

ROADS = (
    ("Bishkek", "Kant", "Токмок", "Kemin", "Балыкчы", "Чолпон-Ата", "Tyup", "Каракол"),
    ("Балыкчы", "Kyzyl-Tuu", "Bokombayevskoye", "Kadzhi-Say", "Kyzyl-Suu", "Каракол"),
    ("Bishkek", "Шопоков", "Belovodskoye", "Кара-Балта", "Төө-Ашуу", "Суусамыр", "Токтогул", "Кара-Көл"),
    ("Кара-Көл", "Таш-Көмүр", "Шамалды-Сай", "Кочкор-Ата", "Massy", "Базар-Коргон", "Suzak", "Манас"),
    ("Suzak", "Өзгөн", "Кара-Суу", "Ош"),
    ("Кара-Балта", "Кайыңды", "Чалдовар"),
    ("Суусамыр", "Talas", "Талас", "Kyzyl-Adyr", "Pokrovka"),
    ("Балыкчы", "Kochkor", "Нарын", "At-Bashi", "Торугарт"),
    ("Суусамыр", "Chayek", "Kochkor"),
    ("Ош", "Гүлчө", "Сары-Таш", "Эркеч-Там"),
    ("Сары-Таш", "Kyzyl-Eshme", "Daroot-Korgon"),
    ("Ош", "Aravan", "Ноокат", "Кызыл-Кыя", "Uch-Korgon", "Кадамжай", "Айдаркен", "Баткен"),
    ("Баткен", "Samarkandyk", "Tortkël’", "Раззаков", "Сүлүктү"),
    ("Манас", "Kazarman", "Baetovo", "Нарын"),
    ("Таш-Көмүр", "Кербен", "Ala-Buka", "Kanysh-Kyya"),
    ("Өзгөн", "Kara-Kulja"),
    ("Каракол", "Ak-Suu"),
    ("Кочкор-Ата", "Майлуу-Суу"),
)  # fmt: skip
AMBIGUOUS = {"Talas": (72.66, 42.35), "Tortkël’": (70.90, 39.90), "Ak-Suu": (78.53, 42.50)}
"""Names that the reference holds twice, or in another oblast: the place that is meant."""

POWER_LINES = (
    ("500 kV", ("Токтогул", "Кара-Көл", "Таш-Көмүр", "Манас", "Ош")),
    ("500 kV", ("Токтогул", "Суусамыр", "Bishkek", "Токмок")),
    ("500 kV", ("Ош", "Кызыл-Кыя", "Баткен")),
    ("220 kV", ("Кара-Балта", "Bishkek", "Kemin", "Балыкчы", "Kyzyl-Suu", "Каракол")),
    ("220 kV", ("Балыкчы", "Kochkor", "Нарын", "At-Bashi")),
    ("220 kV", ("Суусамыр", "Талас", "Pokrovka")),
    ("110 kV", ("Балыкчы", "Чолпон-Ата", "Tyup", "Каракол")),
    ("110 kV", ("Ош", "Гүлчө", "Сары-Таш", "Daroot-Korgon")),
    ("110 kV", ("Таш-Көмүр", "Кербен", "Ala-Buka", "Kanysh-Kyya")),
    ("110 kV", ("Баткен", "Раззаков", "Сүлүктү")),
    ("110 kV", ("Манас", "Kazarman", "Нарын")),
    ("110 kV", ("Манас", "Өзгөн", "Ош")),
    ("110 kV", ("Bishkek", "Шопоков", "Кара-Балта", "Кайыңды")),
    ("110 kV", ("Bishkek", "Кант", "Токмок")),
)
LINE_BEND_KM = 1.5
"""How far the invented turns of a power line lie beside the straight way."""
TURN_EVERY_KM = 12.0
OFF_CENTRE_KM = 1.2
"""A power line passes a town at its edge."""


def tailings(country: Any) -> list[Named]:
    """Return invented points around towns where ore was worked."""
    rng = np.random.default_rng(SEED)
    found = []
    for name, lon, lat, count in LEGACY_PLACES:
        number = 0
        while number < count:
            turn, km = rng.uniform(0, 2 * np.pi), rng.uniform(*POINTS_OFF_KM)
            point = _moved((lon, lat), km * np.cos(turn), km * np.sin(turn))
            if shapely.contains_xy(country, *point):
                number += 1
                found.append((shapely.set_precision(shapely.Point(point), GRID), f"{name} {number}"))
    return found


def roads(country: Any) -> list[Named]:
    """Return one line a stretch between two centres, inside the country, on the easiest ground."""
    ground, places = load_ground(), _places()
    cost = _cost(ground)
    cut = []
    for way in ROADS:
        for start, end in pairwise(way):
            cells = _easiest(ground, cost, places[start], places[end])
            line = _drawn([places[start], *map(ground.place, cells[1:-1]), places[end]])
            inside = shapely.intersection(line, country, grid_size=GRID)
            cut += [(part, f"{start} – {end}") for part in shapely.get_parts(inside) if part.length > 0.01]
    return [(line, name) for line, name in cut if line.geom_type == "LineString"]


def power_lines(country: Any) -> list[Named]:
    """Return one line a stretch between two towns, straight with a few turns; its name begins with the voltage."""
    rng, places = np.random.default_rng(SEED), _places()
    found = []
    for voltage, way in POWER_LINES:
        stops = [_moved(places[name], *rng.uniform(-OFF_CENTRE_KM, OFF_CENTRE_KM, 2)) for name in way]
        for (start, end), names in zip(pairwise(stops), pairwise(way), strict=True):
            length_km = np.hypot((end[0] - start[0]) / STRETCH, end[1] - start[1]) * 111.2
            turns = max(1, int(length_km / TURN_EVERY_KM))
            share = np.sort(rng.uniform(0.1, 0.9, turns))
            between = [
                _moved((start[0] + s * (end[0] - start[0]), start[1] + s * (end[1] - start[1])), *off)
                for s, off in zip(share, rng.uniform(-LINE_BEND_KM, LINE_BEND_KM, (turns, 2)), strict=True)
            ]
            line = shapely.intersection(shapely.LineString([start, *between, end]), country, grid_size=GRID)
            title = f"{voltage}, {names[0]} – {names[1]}"
            found += [(part, title) for part in shapely.get_parts(line) if part.length > 0.01]
    return found


def _places() -> dict[str, tuple[float, float]]:
    """Return centres by name: settlements, then towns, then what this module adds."""
    found = {place.name: (place.lon, place.lat) for place in read_settlements()}
    found |= {town.name_ky: (town.lon, town.lat) for town in read_towns()}
    return found | PASSES | AMBIGUOUS


def _moved(place: tuple[float, float], east_km: float, north_km: float) -> tuple[float, float]:
    return place[0] + STRETCH * east_km / 111.2, place[1] + north_km / 111.2


def _cost(ground: Ground) -> NDArray[np.float64]:
    """Return what a kilometre costs in each cell: dear on slopes and heights, cheap at villages, lakes shut."""
    from rasterio.features import rasterize
    from rasterio.transform import from_origin

    cost = 1 + (ground.slope / 0.04) ** 2 + np.clip((ground.altitude_m - 2500) / 500, 0, None)
    villages = [village for village in read_villages()[0] if village.lon is not None and village.lat is not None]
    for village in villages:
        cost.flat[ground.index(float(village.lon or 0), float(village.lat or 0))] *= 0.4
    transform = from_origin(ground.west, ground.north, ground.step, ground.step)
    wet = rasterize([lakes()], out_shape=cost.shape, transform=transform, all_touched=True).astype(bool)
    cost[wet] = 200
    return cost.astype(np.float64)


def _easiest(
    ground: Ground, cost: NDArray[np.float64], start: tuple[float, float], end: tuple[float, float]
) -> list[int]:
    """Return the cells of the cheapest way, searched in a window around both places."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import dijkstra

    width = ground.altitude_m.shape[1]
    (row_a, column_a), (row_b, column_b) = (divmod(ground.index(*place), width) for place in (start, end))
    top, left = max(0, min(row_a, row_b) - 60), max(0, min(column_a, column_b) - 80)
    part = cost[top : max(row_a, row_b) + 61, left : max(column_a, column_b) + 81]
    number = np.arange(part.size).reshape(part.shape)
    tails, heads, weights = [], [], []
    for down, right in STEPS:
        here = _shifted(part.shape, -down, -right)
        there = _shifted(part.shape, down, right)
        km = float(np.hypot(down * 0.93, right * 0.69))
        tails.append(number[here].ravel())
        heads.append(number[there].ravel())
        weights.append((km * (part[here] + part[there]) / 2).ravel())
    graph = coo_matrix((np.concatenate(weights), (np.concatenate(tails), np.concatenate(heads))), (part.size,) * 2)
    first, last = number[row_a - top, column_a - left], number[row_b - top, column_b - left]
    _, before = dijkstra(graph.tocsr(), indices=first, return_predecessors=True)
    cells = [int(last)]
    while cells[-1] != first:
        cells.append(int(before[cells[-1]]))
    rows, columns = np.divmod(np.array(cells[::-1]), part.shape[1])
    return [int(index) for index in (rows + top) * width + columns + left]


def _shifted(shape: tuple[int, ...], down: int, right: int) -> tuple[slice, slice]:
    """Return the cells that have a neighbour ``-down``, ``-right`` of them inside the window."""
    return (
        slice(max(0, down), shape[0] + min(0, down)),
        slice(max(0, right), shape[1] + min(0, right)),
    )


def _drawn(way: list[tuple[float, float]]) -> Any:
    line = np.array(way)
    for _ in range(2):
        if len(line) > 4:
            line[1:-1] = (line[:-2] + 2 * line[1:-1] + line[2:]) / 4
    return shapely.set_precision(shapely.simplify(shapely.LineString(line), 0.001), GRID)
