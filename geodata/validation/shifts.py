"""Pupils and hours of each shift, first shift first: one cell with all of them, or a column a shift."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from geodata.validation.fields import read_numbers
from geodata.validation.numbers import read_number
from geodata.validation.sheet import Fault, Reading, Sheet

MOST_SHIFTS = 3
MOST_PUPILS = 20_000
LONGEST_HOURS = 12
BETWEEN = re.compile(r"\s*(?:[+;|/\n]|,\s+)\s*")
PUPIL_COLUMNS = tuple(f"shift_{number}_pupils" for number in range(1, MOST_SHIFTS + 1))


def read_shift_pupils(sheet: Sheet, pupils: Sequence[Any], shifts: Sequence[Any]) -> list[tuple[int, ...]]:
    """Return pupils by shift of each row, () where the row states none.

    A shift between others must not be missing, and their number must be that of ``shifts`` where both are stated.
    A sum that is not ``pupils`` is told and kept: who is right is for people to find out.
    """
    if not sheet.columns.keys() & {"shift_pupils", *PUPIL_COLUMNS}:
        return [()] * len(sheet)
    found = _lists(sheet, "shift_pupils", MOST_PUPILS, "people", is_whole=True)
    by_column = [read_numbers(sheet, name, 0, MOST_PUPILS, "people", is_whole=True) for name in PUPIL_COLUMNS]
    for at in range(len(sheet)):
        row = [column[at] for column in by_column]
        last = max((place for place, value in enumerate(row) if value), default=-1)
        if last >= 0:
            if None in row[: last + 1]:
                sheet.tell(at, PUPIL_COLUMNS[row.index(None)], None, "shift_missing", shift=row.index(None) + 1)
                continue
            found[at] = tuple(row[: last + 1])
        _compare(sheet, at, found[at], pupils[at], shifts[at])
    return found


def read_shift_hours(sheet: Sheet, counts: Sequence[tuple[int, ...]]) -> list[tuple[float, ...]]:
    """Return hours of lessons a day by shift of each row, () where the row states none; as many as ``counts`` has."""
    found = _lists(sheet, "shift_hours", LONGEST_HOURS, None, is_whole=False)
    for at, hours in enumerate(found):
        if hours and counts[at] and len(hours) != len(counts[at]):
            given = sheet.cells("shift_hours")[at]
            sheet.tell(at, "shift_hours", given, "shift_count_differs", count=len(hours), shifts=len(counts[at]))
    return found


def _compare(sheet: Sheet, at: int, found: tuple[int, ...], pupils: Any, shifts: Any) -> None:
    if not found:
        return
    column = "shift_pupils" if "shift_pupils" in sheet else PUPIL_COLUMNS[0]
    shown = " + ".join(map(str, found))
    if shifts is not None and shifts != len(found):
        sheet.tell(at, column, shown, "shift_count_differs", count=len(found), shifts=shifts)
    elif pupils is not None and sum(found) != pupils:
        sheet.tell(at, column, shown, "shift_sum_differs", "warning", sum=sum(found), pupils=pupils)


def _lists(sheet: Sheet, name: str, most: float, unit: str | None, *, is_whole: bool) -> list[Any]:
    def read(text: str) -> Reading:
        found: list[float] = []
        for part in filter(None, BETWEEN.split(text.strip())):
            number = read_number(part, unit, is_whole)
            if number.value is None:
                return None, Fault(number.code or "number_invalid")
            if is_whole and number.value != int(number.value):
                return None, Fault("number_not_whole")
            if not 0 <= number.value <= most:
                return None, Fault("number_out_of_range", params={"low": 0, "high": most})
            found.append(int(number.value) if is_whole else number.value)
        if len(found) > MOST_SHIFTS:
            return None, Fault("shift_too_many", params={"count": len(found), "limit": MOST_SHIFTS})
        return tuple(found), None

    return [value or () for value in sheet.read(name, read)]
