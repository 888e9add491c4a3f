"""Dates as people write them in three languages; one that could mean two days is refused."""

from __future__ import annotations

import re
from datetime import date

ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?", re.ASCII
)
YEAR_FIRST = re.compile(r"(\d{4})[./](\d{1,2})[./](\d{1,2})\.?", re.ASCII)
DOTTED = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:\s*(?:г|ж|года|жыл)\.?)?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?", re.ASCII
)
SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", re.ASCII)
NAMED = re.compile(r"(\d{1,2})[\s\-.]*([^\W\d_]+)\.?,?[\s\-]*(\d{4})\D{0,8}", re.UNICODE)
NAMED_US = re.compile(r"([A-Za-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.ASCII)
NAMED_KY = re.compile(r"(\d{4})[\s\-.]*(?:ж|жыл|жылы|жылдын|ж\.)\.?,?\s*(\d{1,2})[\s\-.]*([^\W\d_]+)", re.UNICODE)
SERIAL = re.compile(r"[345]\d{4}(?:\.\d+)?", re.ASCII)
YEAR = re.compile(r"(?:19|20)\d{2}", re.ASCII)
SHORT = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2}", re.ASCII)

MONTHS = {
    prefix: number
    for number, prefixes in enumerate(
        (
            ("янв", "jan", "үчтүн"), ("фев", "feb", "бирдин"), ("мар", "mar", "жалган"), ("апр", "apr", "чын"),
            ("май", "мая", "may", "бугу"), ("июн", "jun", "кулжа"), ("июл", "jul", "теке"), ("авг", "aug", "баш"),
            ("сен", "sep", "аяк"), ("окт", "oct", "тогуз"), ("ноя", "nov", "жети"), ("дек", "dec", "беш"),
        ),
        start=1,
    )
    for prefix in prefixes
}  # fmt: skip


def read_date(text: str) -> tuple[date | None, str | None]:
    """Return the day, or None with the code of what is wrong (``date_invalid``, ``date_ambiguous``,
    ``date_incomplete``, ``date_serial``)."""
    if found := ISO.fullmatch(text) or YEAR_FIRST.fullmatch(text):
        return _day(*found.group(1, 2, 3))
    if found := DOTTED.fullmatch(text):
        return _day(*found.group(3, 2, 1))
    if found := SLASHED.fullmatch(text):
        first, second, year = found.group(1, 2, 3)
        if first == second:
            return _day(year, second, first)
        if int(first) <= 12 and int(second) <= 12:
            return None, "date_ambiguous"
        return _day(year, second, first) if int(first) > 12 else _day(year, first, second)
    if found := NAMED_KY.fullmatch(text):
        return _named(found.group(1), found.group(3), found.group(2))
    if found := NAMED.fullmatch(text):
        return _named(found.group(3), found.group(2), found.group(1))
    if found := NAMED_US.fullmatch(text):
        return _named(found.group(3), found.group(1), found.group(2))
    if YEAR.fullmatch(text) or SHORT.fullmatch(text):
        return None, "date_incomplete"
    return None, "date_serial" if SERIAL.fullmatch(text) else "date_invalid"


def _day(year: str, month: str, day: str) -> tuple[date | None, str | None]:
    try:
        return date(int(year), int(month), int(day)), None
    except ValueError:
        return None, "date_invalid"


def _named(year: str, name: str, day: str) -> tuple[date | None, str | None]:
    low = name.casefold()
    month = next((number for prefix, number in MONTHS.items() if low.startswith(prefix)), None)
    return _day(year, str(month), day) if month else (None, "date_invalid")
