"""Numbers and dates in the language's form; one table for pages, files and reports, no Flask.

CLDR gives Kyrgyz no usable form in browsers, so the forms are written here: groups of three with a
no-break space, a decimal comma (ky, ru), "2026-жылдын 23-ноябры" for a date, as the acts of the republic write it.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

BISHKEK = ZoneInfo("Asia/Bishkek")
NBSP = "\u00a0"
MONTHS = {
    "ky": (
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ),
    "ru": (
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
DAY_OF_MONTH = (
    "январы", "февралы", "марты", "апрели", "майы", "июну", "июлу", "августу", "сентябры", "октябры", "ноябры",
    "декабры",
)  # fmt: skip
"""Kyrgyz months beside a day: "2008-жылдын 25-апрели"."""
UNKNOWN = {"ky": "Белгисиз", "ru": "Неизвестно", "en": "Unknown"}


def format_number(value: float | None, language: str, decimals: int = 0) -> str:
    """Return ``1 234,5`` (ky, ru) or ``1,234.5`` (en); None is the word for unknown, never a dash."""
    if value is None or value != value:
        return UNKNOWN[language]
    text = f"{value:z,.{decimals}f}"  # z: what rounds to nothing has no sign
    if text.startswith("-"):
        text = "\u2212" + text[1:]
    if language == "en":
        return text
    return text.replace(",", NBSP).replace(".", ",")


def format_percent(value: float | None, language: str, decimals: int = 0) -> str:
    """Return ``84 %`` (ky, ru) or ``84%`` (en); ``value`` is 0..100."""
    if value is None or value != value:
        return UNKNOWN[language]
    return format_number(value, language, decimals) + ("%" if language == "en" else f"{NBSP}%")


def format_date(value: date | datetime | None, language: str) -> str:
    """Return "2026-жылдын 23-ноябры" (ky), "23 ноября 2026 г." (ru) or "23 November 2026" (en).

    A moment that knows its time zone is told by its day in Bishkek.
    """
    if value is None:
        return UNKNOWN[language]
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(BISHKEK)
    if language == "ky":
        return f"{value.year}-жылдын {value.day}-{DAY_OF_MONTH[value.month - 1]}"
    month = MONTHS[language][value.month - 1]
    if language == "ru":
        return f"{value.day}{NBSP}{month} {value.year}{NBSP}г."
    return f"{value.day} {month} {value.year}"


NOMINATIVE = {
    "ru": (
        "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь",
        "декабрь",
    )
}  # fmt: skip
"""Months that stand alone, where that is another form than beside a day."""


def format_month(year: int, month: int, language: str) -> str:
    """Return "2019-жылдын ноябрь айы" (ky), "ноябрь 2019 г." (ru) or "November 2019" (en)."""
    name = NOMINATIVE.get(language, MONTHS[language])[month - 1]
    if language == "ky":
        return f"{year}-жылдын {name} айы"
    return f"{name} {year}{NBSP}г." if language == "ru" else f"{name} {year}"


def format_moment(value: datetime | None, language: str) -> str:
    """Return the day and the time in Bishkek, "2026-жылдын 23-ноябры, 14:05" (ky); ``value`` knows its time zone."""
    if value is None:
        return UNKNOWN[language]
    here = value.astimezone(BISHKEK)
    return f"{format_date(here, language)}, {here:%H:%M}"
