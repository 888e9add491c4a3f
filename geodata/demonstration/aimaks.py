"""The old map of 452 aiyl aimaks and the new one of 230, made by merging neighbours within each rayon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from geodata.demonstration.cells import GRID_DEG, join
from geodata.demonstration.geography import RayonSketch
from geodata.records.area import AIMAK, AreaRecord, AreaSuccession
from geodata.records.marks import N_
from geodata.reference.names import in_english, in_russian

OLD_COUNT, NEW_COUNT = 452, 230
REFORM = date(2025, 1, 1)
"""The merger of 2024-2026 is set on one day here."""

SOURCE = N_("synthetic demonstration data")


@dataclass(frozen=True, slots=True)
class Aimaks:
    """``old_of`` and ``new_of`` give the area code of (rayon code, number of the old aimak)."""

    areas: list[AreaRecord]
    successions: list[AreaSuccession]
    old_of: dict[tuple[str, int], str]
    new_of: dict[tuple[str, int], str]


def merge_aimaks(rayons: list[RayonSketch]) -> Aimaks:
    """Return both maps: a unit that was not merged keeps its row, merged ones end on ``REFORM``."""
    made = Aimaks([], [], {}, {})
    for rayon, count in zip(rayons, _shares(rayons), strict=True):
        groups = _groups(rayon.cells, count)
        for number, group in enumerate(groups, start=1):
            _add_group(made, rayon, group, number)
    return made


def _shares(rayons: list[RayonSketch]) -> list[int]:
    """Return how many new aimaks each rayon has: in proportion to the old ones, by largest remainder."""
    exact = [len(rayon.cells) * NEW_COUNT / OLD_COUNT for rayon in rayons]
    shares = [max(1, int(value)) for value in exact]
    order = sorted(range(len(rayons)), key=lambda index: (int(exact[index]) - exact[index], rayons[index].code))
    for index in order[: NEW_COUNT - sum(shares)]:
        shares[index] += 1
    return shares


def _groups(cells: list[Any], count: int) -> list[list[int]]:
    """Join the smallest group with the neighbour of the longest common border until ``count`` groups are left."""
    groups = [[index] for index in range(len(cells))]
    border = {
        (i, j): cells[i].intersection(cells[j], grid_size=GRID_DEG).length
        for i in range(len(cells))
        for j in range(i + 1, len(cells))
        if cells[i].intersects(cells[j])
    }

    def common(one: list[int], other: list[int]) -> float:
        return sum(border.get((min(i, j), max(i, j)), 0.0) for i in one for j in other)

    while len(groups) > count:
        smallest = min(groups, key=lambda group: (len(group), sum(cells[i].area for i in group), group[0]))
        others = [group for group in groups if group is not smallest]
        best = max(others, key=lambda group: (common(smallest, group), -len(group), -group[0]))
        groups.remove(smallest)
        best.extend(smallest)
        best.sort()
    return sorted(groups)


def _add_group(made: Aimaks, rayon: RayonSketch, group: list[int], number: int) -> None:
    new_code = f"DEMO-{rayon.code[3:8]}-{number:02d}"
    is_merged = len(group) > 1
    for index in group:
        old_code = f"DEMO-{rayon.code[3:8]}-{index + 1:02d}-2024" if is_merged else new_code
        made.old_of[rayon.code, index] = old_code
        made.new_of[rayon.code, index] = new_code
        if is_merged:
            made.areas.append(_record(old_code, rayon, rayon.names[index], rayon.cells[index], valid_to=REFORM))
            made.successions.append(AreaSuccession(old_code, new_code, "merge", REFORM, SOURCE))
    shape = join([rayon.cells[index] for index in group])
    made.areas.append(_record(new_code, rayon, rayon.names[group[0]], shape, valid_from=REFORM if is_merged else None))


def _record(
    code: str, rayon: RayonSketch, name: str, shape: Any, valid_from: date | None = None, valid_to: date | None = None
) -> AreaRecord:
    return AreaRecord(
        code=code,
        level=AIMAK,
        kind="aiyl_aimak",
        parent_code=rayon.code,
        name_ky=f"{name} айыл аймагы",
        name_ru=f"айылный аймак {in_russian(name)}",
        name_en=f"{in_english(name)} aiyl aimak",
        valid_from=valid_from,
        valid_to=valid_to,
        geometry=shape,
        boundary_quality="sketch",
        is_synthetic=True,
    )
