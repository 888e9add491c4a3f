"""The list's filter in an address: read and written in one place, for pages, tiles, API, OGC and files."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

from app.exports.columns import COUNTED_HAZARDS
from app.exports.words import QUEUES
from geodata.records.priority import SORTS, Grade, ListFilter
from geodata.records.school import Ownership

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from werkzeug.datastructures import MultiDict

PARAMETERS = (
    "run",
    "area",
    "q",
    "grade",
    "confidence",
    "ownership",
    "hazard",
    "level",
    "domain",
    "plan",
    "funded",
    "queue",
    "date",
    "sort",
    "desc",
)
"""Names in an address, in the order in which ``write_filter`` gives them."""

GRADES: tuple[str, ...] = (*get_args(Grade), "unknown")
CONFIDENCE: tuple[str, ...] = ("1", "2", "3", "4")
OWNERSHIP: tuple[str, ...] = get_args(Ownership)
LEVELS: tuple[str, ...] = ("1", "2", "3", "4")
YES, NO = ("1", "true", "on", "yes"), ("", "0", "false", "off", "no")

LONGEST_TEXT = 200
LONGEST_CODE = 100
RUN_LENGTH = (8, 64)
DEFAULT_LIMIT = 50
LARGEST_LIMIT = 500
LARGEST_OFFSET = 10_000_000


class InvalidFilterError(Exception):
    """A parameter of the address has a value that it cannot have.

    ``field`` is its name, ``value`` what stood there (shortened). ``choices`` are the values that are possible, or
    some that were probably meant, each with its name in the reader's language or "" where the code has words of its
    own; empty: there are too many to name. ``reason``: why a value that can be elsewhere cannot be here, and what to
    do (a msgid); "" where the value can be nowhere.
    """

    def __init__(
        self, field: str, value: str, choices: Mapping[str, str] | Iterable[str] = (), reason: str = ""
    ) -> None:
        super().__init__(f"{field}={value[:LONGEST_TEXT]!r}")
        self.field = field
        self.value = value[:LONGEST_TEXT]
        self.choices = dict(choices) if isinstance(choices, Mapping) else dict.fromkeys(choices, "")
        self.reason = reason


class UnknownParameterError(InvalidFilterError):
    """The address has a parameter that nobody knows; ``choices`` are the names that it takes."""


def read_filter(args: MultiDict[str, str], hazards: Sequence[str] = COUNTED_HAZARDS) -> ListFilter:
    """Return the filter that an address asks for; parameters of other names are left alone.

    ``grade``, ``confidence`` and ``ownership`` may be repeated or separated by commas; an empty value is
    no restriction. The order of chosen values is the fixed one, so equal choices make equal filters.
    ``hazards`` are the kinds that may be asked for. Whether an area, a domain or a plan is there only the data
    know: see ``app.web.checked_filter``.

    Raises:
        InvalidFilterError: A value is outside its list, too long, no date, no hash, or holds control characters.
    """
    return ListFilter(
        run=_read_hash(args, "run"),
        area=_read_text(args, "area", LONGEST_CODE),
        q=_read_text(args, "q", LONGEST_TEXT),
        grades=_read_choices(args, "grade", GRADES),
        confidence=tuple(int(value) for value in _read_choices(args, "confidence", CONFIDENCE)),
        ownership=_read_choices(args, "ownership", OWNERSHIP),
        hazard=_read_choice(args, "hazard", hazards),
        hazard_level=_read_level(args),
        domain=_read_text(args, "domain", LONGEST_CODE),
        plan=_read_hash(args, "plan"),
        funded=_read_flag(args, "funded") if args.get("funded", "").strip() else None,
        queue=_read_choice(args, "queue", tuple(QUEUES)),
        date=_read_date(args),
        sort=_read_choice(args, "sort", SORTS) or "rank",
        descending=_read_flag(args, "desc"),
    )


def write_filter(wanted: ListFilter, **changes: Any) -> dict[str, str | list[str]]:
    """Return the parameters of an address for ``wanted`` with ``changes`` (names of its fields) applied.

    Defaults are left out, and the schools of a queue, which its code stands for; ``read_filter`` of the result gives
    the same filter again.
    """
    chosen = replace(wanted, **changes)
    values: dict[str, Any] = {
        "run": chosen.run,
        "area": chosen.area,
        "q": chosen.q,
        "grade": list(chosen.grades),
        "confidence": [str(value) for value in chosen.confidence],
        "ownership": list(chosen.ownership),
        "hazard": chosen.hazard,
        "level": None if chosen.hazard_level is None else str(chosen.hazard_level),
        "domain": chosen.domain,
        "plan": chosen.plan,
        "funded": None if chosen.funded is None else "1" if chosen.funded else "0",
        "queue": chosen.queue,
        "date": None if chosen.date is None else chosen.date.isoformat(),
        "sort": None if chosen.sort == "rank" else chosen.sort,
        "desc": "1" if chosen.descending else None,
    }
    return {name: values[name] for name in PARAMETERS if values[name]}


def read_page(args: MultiDict[str, str], default: int = DEFAULT_LIMIT, largest: int = LARGEST_LIMIT) -> tuple[int, int]:
    """Return ``(limit, offset)``: limit 1..``largest`` (more is cut to it), offset from 0.

    Raises:
        InvalidFilterError: Not a whole number, a limit below 1 or an offset below 0.
    """
    limit = _read_number(args, "limit", default, 1)
    offset = _read_number(args, "offset", 0, 0)
    if offset > LARGEST_OFFSET:
        raise InvalidFilterError("offset", str(offset))
    return min(limit, largest), offset


def is_filtered(wanted: ListFilter) -> bool:
    """Tell whether anything but the run, the plan, the area map's date and the order restricts the list."""
    return replace(wanted, run=None, plan=None, date=None, sort="rank", descending=False) != ListFilter()


def _read_text(args: MultiDict[str, str], field: str, longest: int) -> str | None:
    text = unicodedata.normalize("NFC", args.get(field, "")).strip()
    if len(text) > longest or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text):
        raise InvalidFilterError(field, text)
    return text or None


def _read_choices(args: MultiDict[str, str], field: str, choices: Sequence[str]) -> tuple[str, ...]:
    given = [part.strip() for value in args.getlist(field) for part in value.split(",")]
    for part in given:
        if part and part not in choices:
            raise InvalidFilterError(field, part, choices)
    return tuple(choice for choice in choices if choice in given)


def _read_choice(args: MultiDict[str, str], field: str, choices: Sequence[str]) -> str | None:
    value = args.get(field, "").strip()
    if value and value not in choices:
        raise InvalidFilterError(field, value, choices)
    return value or None


def _read_hash(args: MultiDict[str, str], field: str) -> str | None:
    value = args.get(field, "").strip().lower()
    if not value:
        return None
    shortest, longest = RUN_LENGTH
    if not shortest <= len(value) <= longest or any(letter not in "0123456789abcdef" for letter in value):
        raise InvalidFilterError(field, value)
    return value


def _read_level(args: MultiDict[str, str]) -> int | None:
    value = _read_choice(args, "level", LEVELS)
    return None if value is None else int(value)


def _read_date(args: MultiDict[str, str]) -> date | None:
    return _read_with(args, "date", date.fromisoformat)


def _read_with(args: MultiDict[str, str], field: str, read: Callable[[str], Any]) -> Any:
    value = args.get(field, "").strip()
    if not value:
        return None
    try:
        return read(value)
    except ValueError as error:
        raise InvalidFilterError(field, value) from error


def _read_flag(args: MultiDict[str, str], field: str) -> bool:
    value = args.get(field, "").strip().lower()
    if value not in (*YES, *NO):
        raise InvalidFilterError(field, value, (YES[0], NO[1]))
    return value in YES


def _read_number(args: MultiDict[str, str], field: str, default: int, least: int) -> int:
    value = args.get(field, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdigit()) or len(value) > 9 or int(value) < least:
        raise InvalidFilterError(field, value)
    return int(value)
