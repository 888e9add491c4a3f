"""Read the parameters of OGC API - Features: bbox, datetime, limit, offset."""

from __future__ import annotations

from datetime import date, datetime
from math import isfinite
from typing import TYPE_CHECKING

from app.web.filters import InvalidFilterError, read_page

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    Box = tuple[float, float, float, float]
    Period = tuple[date | None, date | None]

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 10_000
KNOWN = ("bbox", "datetime", "limit", "offset", "f", "crs", "bbox-crs", "lang", "run")
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
OPEN_END = ("", "..")


def read_window(args: MultiDict[str, str]) -> tuple[int, int]:
    """Return limit and offset; raises InvalidFilterError."""
    return read_page(args, DEFAULT_LIMIT, LARGEST_LIMIT)


def refuse_unknown(args: MultiDict[str, str]) -> None:
    """Raise InvalidFilterError for a parameter that is not there, or another CRS than CRS84."""
    for name in args:
        if name not in KNOWN:
            raise InvalidFilterError(name[:60], args[name])
    for name in ("crs", "bbox-crs"):
        if args.get(name, CRS84) != CRS84:
            raise InvalidFilterError(name, args[name])


def read_box(args: MultiDict[str, str]) -> Box | None:
    """Return west, south, east, north of ``bbox`` (four numbers, or six with heights, which are left out)."""
    value = args.get("bbox", "").strip()
    if not value:
        return None
    try:
        numbers = [float(part) for part in value.split(",")]
    except ValueError as error:
        raise InvalidFilterError("bbox", value) from error
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(isfinite(number) for number in numbers):
        raise InvalidFilterError("bbox", value)
    west, south, east, north = numbers
    if south > north or west > east or max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        raise InvalidFilterError("bbox", value)
    return west, south, east, north


def read_period(args: MultiDict[str, str]) -> Period:
    """Return the first and last day of ``datetime``: an instant, or an interval with ``..`` for an open end."""
    value = args.get("datetime", "").strip()
    if not value:
        return None, None
    parts = value.split("/")
    if len(parts) > 2:
        raise InvalidFilterError("datetime", value)
    try:
        days = [None if part in OPEN_END and len(parts) == 2 else _day(part) for part in parts]
    except ValueError as error:
        raise InvalidFilterError("datetime", value) from error
    first, last = days[0], days[-1]
    if first and last and first > last:
        raise InvalidFilterError("datetime", value)
    return first, last


def _day(text: str) -> date:
    return datetime.fromisoformat(text).date() if "T" in text else date.fromisoformat(text)
