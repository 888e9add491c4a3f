"""The filter of the audit in an address: read and written in one place."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.exports.audit_words import ACTIONS, EVENTS, TABLES
from app.web.filters import InvalidFilterError
from geodata.records.audit import AuditFilter

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

SYSTEM = "-"
"""What ``who`` says for the system itself."""

LONGEST = 120
LARGEST_POSITION = 2**62


def read_filter(args: MultiDict[str, str]) -> AuditFilter:
    """Return the filter that an address asks for; an empty value is none.

    Raises:
        InvalidFilterError: A value is not one of those offered, not a day, or too long.
    """
    who = _text(args, "who")
    return AuditFilter(
        who="" if who == SYSTEM else who,
        event=_choice(args, "event", EVENTS),
        action=_choice(args, "action", ACTIONS),  # type: ignore[arg-type]
        table=_choice(args, "table", TABLES),
        record=_text(args, "record"),
        since=_day(args, "since"),
        until=_day(args, "until"),
        request=_text(args, "request"),
    )


def write_filter(wanted: AuditFilter) -> dict[str, str]:
    """Return the arguments of an address that ``read_filter`` reads as ``wanted``."""
    found = {
        name: value.isoformat() if isinstance(value := getattr(wanted, name), date) else value
        for name in AuditFilter.__dataclass_fields__
    }
    if wanted.who == "":
        found["who"] = SYSTEM
    return {name: value for name, value in found.items() if value}


def read_before(args: MultiDict[str, str]) -> int | None:
    """Return the position before which the page begins; None: the newest."""
    return _number(args, "before")


def read_after(args: MultiDict[str, str]) -> tuple[int, int]:
    """Return the place after which the page of one link goes on."""
    return _number(args, "change") or 0, _number(args, "place") or 0


def _text(args: MultiDict[str, str], name: str) -> str | None:
    value = args.get(name, "").replace("\0", "").strip()
    if len(value) > LONGEST:
        raise InvalidFilterError(name, value)
    return value or None


def _choice(args: MultiDict[str, str], name: str, offered: dict[str, str]) -> str | None:
    value = _text(args, name)
    if value is not None and value not in offered:
        raise InvalidFilterError(name, value, offered)
    return value


def _day(args: MultiDict[str, str], name: str) -> date | None:
    value = _text(args, name)
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise InvalidFilterError(name, value) from error
    if not 2000 <= day.year <= 2200:
        raise InvalidFilterError(name, value)
    return day


def _number(args: MultiDict[str, str], name: str) -> int | None:
    value = _text(args, name)
    if value is None:
        return None
    if not value.isascii() or not value.isdecimal() or int(value) > LARGEST_POSITION:
        raise InvalidFilterError(name, value)
    return int(value)
