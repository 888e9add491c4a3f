"""Numbers as people write them: separators told, units only where they are the field's, all else refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)
GROUPED = re.compile(r"[+-]?\d{1,3}(?:([ \u00a0\u202f\u2009'’`´])\d{3})(?:\1\d{3})*(?:[.,]\d+)?", re.ASCII)
MANY_COMMAS = re.compile(r"[+-]?\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|[+-]?\d{1,3}(?:,\d{3})+\.\d+", re.ASCII)
MANY_DOTS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|[+-]?\d{1,3}(?:\.\d{3})+,\d+", re.ASCII)
ONE_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eEеЕ][+-]?\d{1,3}", re.ASCII)
GROUP_SIGNS = re.compile(r"[ \u00a0\u202f\u2009'’`´]")
UNITS = {
    "som": ("сом", "сомов", "сома", "с.", "kgs", "som", "soms"),
    "people": ("чел", "чел.", "человек", "адам", "окуучу", "уч", "уч.", "учащихся", "pupils", "people", "орун", "мест"),
    "m2": ("м2", "м²", "кв.м", "кв. м", "кв.м.", "кв м", "m2", "m²", "sq m", "sqm", "ч.м", "чарчы метр"),
    "storeys": ("эт", "эт.", "этаж", "этажа", "этажей", "кабат", "storeys", "floors"),
    "year": ("г", "г.", "год", "года", "ж.", "-ж.", "жыл", "жылы"),
    "percent": ("%",),
    "m": ("м", "м.", "m"),
}
MINUS = str.maketrans("−–", "--")
FINITE_DIGITS = 25
PLAIN_COLUMN = re.compile(r"(?:[+-]?\d{1,12}(?:\.\d{1,12})?\n)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Number:
    """``value`` None: refused with ``code``. A value with a ``code`` was read with that normalisation."""

    value: float | None
    code: str | None = None
    unit: str | None = None


def read_number(text: str, unit: str | None = None, is_whole: bool = False) -> Number:
    """Return the number that a cell means.

    Args:
        text: Cleaned text, neither empty nor a placeholder.
        unit: Key of ``UNITS`` whose words may follow the number.
        is_whole: The field holds whole numbers, so "12,000" cannot mean twelve.
    """
    if PLAIN.fullmatch(text):
        return Number(float(text)) if len(text) <= FINITE_DIGITS else Number(None, "number_too_long")
    exotic = any((letter.isdigit() or letter.isnumeric()) and not letter.isascii() for letter in text)
    if exotic and not ("²" in text and unit == "m2"):
        return Number(None, "number_exotic")
    body = text.translate(MINUS)
    found = _stripped_unit(body, unit)
    used = None
    if found is not None:
        body, used = found
    number = _read(body, is_whole)
    if number.value is None and number.code == "number_invalid" and re.match(r"[+-]?\d", text):
        return Number(None, "number_with_unit" if re.search(r"[^\W\d_]|%", text) else "number_invalid")
    if number.value is not None and used is not None:
        return Number(number.value, "number_unit_removed", used)
    return number


def _read(text: str, is_whole: bool) -> Number:
    if len(text) > 2 * FINITE_DIGITS:
        return Number(None, "number_too_long")
    if PLAIN.fullmatch(text):
        return Number(float(text))
    if GROUPED.fullmatch(text):
        return Number(float(GROUP_SIGNS.sub("", text).replace(",", ".")), "number_grouped")
    if MANY_COMMAS.fullmatch(text):
        return Number(float(text.replace(",", "")), "number_grouped")
    if MANY_DOTS.fullmatch(text):
        return Number(float(text.replace(".", "").replace(",", ".")), "number_grouped")
    if AMBIGUOUS.fullmatch(text):
        return Number(None, "number_ambiguous")
    if ONE_COMMA.fullmatch(text):
        return Number(float(text.replace(",", ".")), "number_comma")
    if SCIENTIFIC.fullmatch(text):
        return Number(None, "number_scientific")
    if text.casefold() in ("nan", "inf", "+inf", "-inf", "infinity", "-infinity", "+infinity", "бесконечность", "∞"):
        return Number(None, "number_not_finite")
    return Number(None, "number_invalid")


def _stripped_unit(text: str, unit: str | None) -> tuple[str, str] | None:
    if unit is None:
        return None
    low = text.casefold()
    for word in sorted(UNITS[unit], key=len, reverse=True):
        if low.endswith(word) and re.match(r"[+-]?\d", low):
            body = text[: -len(word)].rstrip(" \u00a0\u202f.")
            if body and body[-1:].isdigit():
                return body, word
    return None


def plain_floats(cells: Sequence[str | None]) -> list[float] | None:
    """Return a whole column at once when every cell is a plain number; None sends it cell by cell."""
    if not cells or None in cells:
        return None
    if PLAIN_COLUMN.fullmatch("\n".join(cells) + "\n") is None:  # type: ignore[arg-type]
        return None
    return list(map(float, cells))  # type: ignore[arg-type]
