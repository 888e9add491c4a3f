"""Units that a file would add beside the same one under another code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from geodata.records.area import AreaRecord
from geodata.validation.context import KnownArea
from geodata.validation.names import KIND_GROUPS, core_of, names_of
from geodata.validation.places import AreaFinder
from geodata.validation.sheet import Sheet

NAME_COLUMNS = ("name_ky", "name_ru", "name_en", "name")


def tell_twins(sheet: Sheet, finder: AreaFinder, records: Sequence[AreaRecord]) -> None:
    """Warn where a row adds a unit that is current already, under another code.

    A twin has the same name but for spelling and the word for its kind, is of that kind, and lies in the unit above
    or in one of that unit's: the code of a city changes with the rayon that it is put under. Former names make no
    twin. Where the file itself ends the known unit there is none.

    Args:
        sheet: The rows; a warning stands in the column of a name.
        finder: The known units.
        records: One per row of ``sheet``.
    """
    today = sheet.context.today
    ends = {record.code: record.valid_to for record in records}
    current: dict[tuple[str | None, str], list[KnownArea]] = defaultdict(list)
    for area in finder.areas:
        if _is_current(ends.get(area.code, area.valid_to), today):
            for core in _cores(area):
                current[KIND_GROUPS.get(area.kind or ""), core].append(area)
    for at, record in enumerate(records):
        parent = record.parent_code
        if record.code in finder.by_code or parent is None or not _is_current(record.valid_to, today):
            continue
        alike = [area for core in _cores(record) for area in current[KIND_GROUPS.get(record.kind), core]]
        twin = next((one for one in alike if one.parent_code and finder.are_related(one.parent_code, parent)), None)
        if twin is not None:
            column = next((one for one in NAME_COLUMNS if one in sheet and sheet.cells(one)[at]), None)
            value = sheet.cells(column)[at] if column else record.name_ky
            known = next(iter(names_of(twin)), twin.code)
            sheet.tell(at, column, value, "area_twin", "warning", name=known, code=twin.code)


def _is_current(valid_to: date | None, today: date) -> bool:
    return valid_to is None or valid_to > today


def _cores(area: AreaRecord | KnownArea) -> list[str]:
    """Return the present names without the words for the kind of unit, joined; a name of such words alone is none."""
    names = [name for name in (area.name_ky, area.name_ru, area.name_en) if name]
    return list(dict.fromkeys(core for name in names if (core := core_of(name).replace(" ", ""))))
