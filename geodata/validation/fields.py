"""How numbers, days, choices and codes of a sheet are read, with their limits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from geodata.validation.choices import fold_choice
from geodata.validation.codes import skeleton, usual_width, wrong_with_code
from geodata.validation.dates import read_date
from geodata.validation.numbers import plain_floats, read_number
from geodata.validation.sheet import Fault, Reading, Sheet

FIRST_SURVEY = date(1991, 1, 1)
FIRST_YEAR = 1800


def read_numbers(
    sheet: Sheet, name: str, low: float, high: float, unit: str | None = None, is_whole: bool = False
) -> list[Any]:
    """Return numbers within ``low`` and ``high``; whole ones as int. ``unit`` is a key of ``numbers.UNITS``."""

    def read(text: str) -> Reading:
        number = read_number(text, unit, is_whole)
        if number.value is None:
            return None, Fault(number.code or "number_invalid")
        value = number.value
        if is_whole and value != int(value):
            return None, Fault("number_not_whole")
        if value < 0 <= low:
            return None, Fault("number_negative")
        if not low <= value <= high:
            return None, Fault("number_out_of_range", params={"low": low, "high": high})
        fault = Fault(number.code, "warning", {"read": _shown(value)}) if number.code else None
        return int(value) if is_whole else value, fault

    values = plain_floats(sheet.cells(name)) if name in sheet else None
    if values is not None and low <= min(values) and max(values) <= high:
        if not is_whole:
            return values
        whole = list(map(int, values))
        if whole == values:
            return whole
    return sheet.read(name, read)


def _shown(value: float) -> str:
    return str(int(value)) if value == int(value) else format(value, ".12g")


def read_shares(sheet: Sheet, name: str) -> list[float | None]:
    """Return shares 0..1; "45 %" is 0.45, and a number over 1 without the sign is refused."""

    def read(text: str) -> Reading:
        number = read_number(text, "percent")
        if number.value is None:
            return None, Fault(number.code or "number_invalid")
        value = number.value / 100 if number.unit else number.value
        if not 0 <= value <= 1:
            return None, Fault("share_out_of_range")
        return value, Fault("share_percent", "warning", {"read": _shown(value)}) if number.unit else None

    return sheet.read(name, read)


def read_days(sheet: Sheet, name: str, first: date = FIRST_SURVEY) -> list[date | None]:
    """Return days from ``first`` to today; the future is refused."""
    today = sheet.context.today

    def read(text: str) -> Reading:
        day, code = read_date(text)
        if day is None:
            return None, Fault(code or "date_invalid")
        if day > today:
            return None, Fault("date_future", params={"today": today.isoformat()})
        if day < first:
            return None, Fault("date_too_early", params={"first": first.isoformat()})
        return day, None

    return sheet.read(name, read)


def read_years(sheet: Sheet, name: str) -> list[int | None]:
    """Return years of construction up to this year; a day gives its year."""
    this_year = sheet.context.today.year

    def read(text: str) -> Reading:
        number = read_number(text, "year", is_whole=True)
        value = number.value
        if value is None:
            day, _ = read_date(text)
            if day is None:
                return None, Fault("year_invalid")
            value = float(day.year)
        if value != int(value) or not FIRST_YEAR <= value <= this_year:
            return None, Fault("year_out_of_range", params={"first": FIRST_YEAR, "last": this_year})
        return int(value), Fault(
            number.code, "warning", {"read": str(int(value))}
        ) if number.code and number.value else None

    return sheet.read(name, read)


def read_choices(sheet: Sheet, name: str, choices: Mapping[str, str], gap: str | None = None) -> list[str | None]:
    """Return values of an enumeration; ``choices`` gives the value of each folded word, ``gap`` that of a gap.

    What is not among them is refused with the list of what is.
    """
    allowed = ", ".join(dict.fromkeys(choices.values()))

    def read(text: str) -> Reading:
        value = choices.get(fold_choice(text)) or choices.get(text.casefold())
        if value is None:
            return None, Fault("choice_unknown", params={"allowed": allowed})
        return value, None

    return [gap if value is None else value for value in sheet.read(name, read)]


def read_codes(sheet: Sheet, name: str, prefix: str = "") -> list[str | None]:
    """Return codes as text without looking at other rows; a missing one refuses the row."""

    def read(text: str) -> Reading:
        fault = wrong_with_code(text)
        return (None, Fault(fault)) if fault else (prefix + text, None)

    codes = sheet.read(name, read, is_key=True)
    cells = sheet.cells(name)
    for at, code in enumerate(codes):
        if code is None and at not in sheet.bad and (cells[at] is None or not _told(sheet, at, name)):
            sheet.tell(at, name, cells[at], "key_missing")
    return codes


def _told(sheet: Sheet, at: int, name: str) -> bool:
    number, column = sheet.numbers[at], sheet.columns.get(name)
    return any(one.row == number and one.column == column for one in sheet.problems[-3:] if one.severity == "error")


def check_code_set(sheet: Sheet, name: str, codes: list[str | None], known: Any = ()) -> None:
    """Refuse codes that lost zeros, twins that look alike, and codes that stand in several rows.

    Of rows that are the same in every cell the first stays; of rows that differ none does.
    """
    _check_zeros(sheet, name, codes, known)
    rows_of: dict[str, list[int]] = {}
    for at, code in enumerate(codes):
        if code is not None and at not in sheet.silent:
            rows_of.setdefault(code, []).append(at)
    for code, rows in rows_of.items():
        if len(rows) == 1:
            continue
        first = sheet.table.rows[rows[0]]
        for at in rows:
            row = sheet.table.rows[at]
            if row.cells == first.cells and row.geometry == first.geometry:
                if at != rows[0]:
                    sheet.tell(at, name, code, "row_repeated", first=first.number)
                continue
            for one in rows:
                sheet.tell(one, name, code, "code_duplicate", rows=_rows(sheet, rows))
            break
    _check_twins(sheet, name, rows_of, known)


def _rows(sheet: Sheet, positions: list[int]) -> str:
    numbers = [str(sheet.numbers[at]) for at in positions[:12]]
    return ", ".join(numbers) + (", …" if len(positions) > 12 else "")


def _check_zeros(sheet: Sheet, name: str, codes: list[str | None], known: Any) -> None:
    width = usual_width(code for code in codes if code)
    for at, code in enumerate(codes):
        if code is None or not (code.isascii() and code.isdigit()):
            continue
        full = code.zfill(width) if width and len(code) < width else None
        if full is None and known and code not in known and len(code) < 14:
            full = next((code.zfill(size) for size in range(len(code) + 1, 15) if code.zfill(size) in known), None)
        if full is not None and code not in known:
            sheet.tell(at, name, code, "code_lost_zeros", expected=full)


def _check_twins(sheet: Sheet, name: str, rows_of: dict[str, list[int]], known: Any) -> None:
    """Refuse codes that look the same as another one (КР-АВС and KP-ABC), in the file or already known."""
    looks: dict[str, list[str]] = {}
    for code in rows_of:
        if not (code.isascii() and code.isdigit()):
            looks.setdefault(skeleton(code), []).append(code)
    for same in looks.values():
        for code in same if len(same) > 1 else ():
            other = next(one for one in same if one != code)
            for at in rows_of[code]:
                sheet.tell(at, name, code, "code_twin", row=sheet.numbers[rows_of[other][0]], other=other)
    if not looks or not known:
        return
    known_looks = {skeleton(code): code for code in known if not (code.isascii() and code.isdigit())}
    for look, same in looks.items():
        twin = known_looks.get(look)
        if twin is not None and len(same) == 1 and twin != same[0] and same[0] not in known:
            for at in rows_of[same[0]]:
                sheet.tell(at, name, same[0], "code_twin_known", other=twin)
