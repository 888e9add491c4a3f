"""What is said of a value in an address that cannot be: which filter, which value, what is possible, and the ways on.

One wording for the page and for programs. No database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_babel import gettext as _

from app.exports import words
from app.exports.filter_words import SORT_WORDS
from app.i18n.marks import N_
from app.web.filters import LARGEST_OFFSET, LONGEST_TEXT, UnknownParameterError

if TYPE_CHECKING:
    from app.web.filters import InvalidFilterError

PARAMETERS = {
    "run": N_("Ranking"),
    "area": N_("Area"),
    "q": N_("Search"),
    "grade": N_("Grade"),
    "confidence": N_("Confidence"),
    "ownership": N_("Ownership"),
    "hazard": N_("Hazard"),
    "level": N_("Level"),
    "domain": N_("Domain"),
    "plan": N_("Plan"),
    "funded": N_("Money in the plan"),
    "queue": N_("Queue"),
    "date": N_("Day"),
    "sort": N_("Order"),
    "order": N_("Order"),
    "state": N_("State"),
    "status": N_("Status"),
    "reason": N_("Reason"),
    "stage": N_("Stage"),
}
"""Names that people know a parameter by; the others are named as they stand in the address."""

CHOICES = {
    "grade": words.GRADES,
    "confidence": words.CONFIDENCE,
    "ownership": words.OWNERSHIP,
    "hazard": words.HAZARD_LABELS,
    "sort": SORT_WORDS,
    "queue": words.QUEUES,
    "funded": {"1": N_("Funded"), "0": N_("Not funded")},
}
"""Words of the codes that mean the same everywhere."""

EXPECTED = {
    "run": N_("The beginning of the hash of a ranking: at least 8 characters, digits and the letters a to f."),
    "plan": N_("The beginning of the hash of a plan: at least 8 characters, digits and the letters a to f."),
    "area": N_("The code of an area: 14 digits, as the address of the area's page holds it."),
    "q": N_("At most %(most)s characters, none of them invisible."),
    "date": N_("A day like 2026-09-01."),
    "funded": N_("There is no plan of money yet that everybody sees, so nobody is funded or left out."),
    "limit": N_("A whole number from 1."),
    "offset": N_("A whole number up to %(largest)s."),
}
"""What is possible where the values are too many to name."""


@dataclass(frozen=True, slots=True)
class Way:
    """One possible value: code, words (equal to the code where it has none), and the address that has it."""

    code: str
    words: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """``sentence``: which filter and which value. ``expected``: what is possible; "" where ``ways`` name it all."""

    sentence: str
    expected: str
    ways: list[Way]
    without: str | None
    """The same address without the parameter; None for what is no page."""
    is_of_area: bool
    """Whether the code of an area was asked for: the page of areas has the codes."""
    today: str | None = None
    """The same address without its day, where it is the day that forbids the value."""


def refusal_of(error: InvalidFilterError) -> Refusal:
    """Return what is said of ``error`` in the reader's language."""
    is_page = request.method == "GET" and request.endpoint is not None and error.field in request.args
    is_name = isinstance(error, UnknownParameterError)
    label = parameter_words(error.field)
    if is_name:
        sentence = _("Nobody knows a parameter “%(name)s” here.", name=error.field)
    elif error.reason:
        sentence = _(
            "The filter “%(label)s” (in the address: %(name)s) cannot be “%(value)s” here.",
            label=label,
            name=error.field,
            value=error.value,
        )
    else:
        sentence = _(
            "The filter “%(label)s” (in the address: %(name)s) has no value “%(value)s”.",
            label=label,
            name=error.field,
            value=error.value,
        )
    ways = []
    for code, name in error.choices.items():
        address = _address(error.field, code) if is_page and not is_name else None
        ways.append(Way(code, _(name) if name else choice_words(error.field, code), address))
    expected = _(error.reason) if error.reason else "" if ways else _expected(error.field)
    without = _address(error.field, None) if is_page else None
    is_by_day = is_page and bool(error.reason) and error.field != "date" and "date" in request.args
    return Refusal(
        sentence, expected, ways, without, error.field == "area", _address("date", None) if is_by_day else None
    )


def parameter_words(name: str) -> str:
    """Return what people call a parameter."""
    return _(PARAMETERS[name]) if name in PARAMETERS else name


def choice_words(name: str, value: str) -> str:
    """Return the words of a code where it means the same everywhere, else the code."""
    known = CHOICES.get(name, {})
    return _(known[value]) if value in known else value


def _expected(field: str) -> str:
    if field not in EXPECTED:
        return ""
    return _(EXPECTED[field]) % {"most": LONGEST_TEXT, "largest": LARGEST_OFFSET}


def _address(field: str, value: str | None) -> str:
    """Return the address of this request with another value of a parameter, or without it."""
    values: dict[str, Any] = {**request.args.to_dict(flat=False), **(request.view_args or {})}
    values.pop(field, None)
    values.pop("offset", None)
    if value is not None:
        values[field] = value
    return url_for(str(request.endpoint), **values)


def told(refusal: Refusal) -> str:
    """Return all of it in one text, for programs: which parameter, which value, what is possible."""
    parts = [refusal.sentence]
    if refusal.ways:
        parts.append(_("Possible: %(codes)s.", codes=", ".join(way.code for way in refusal.ways)))
    elif refusal.expected:
        parts.append(refusal.expected)
    return " ".join(parts)


def members(error: InvalidFilterError) -> dict[str, Any]:
    """Return the members of a problem for programs; ``pointer`` counts the parameters of the request under /query."""
    text = told(refusal_of(error))
    pointer = "#/query/" + error.field.replace("~", "~0").replace("/", "~1")
    return {
        "detail": text,
        "field": error.field,
        "value": error.value,
        "choices": list(error.choices) or None,
        "errors": [{"detail": text, "pointer": pointer, "parameter": error.field}],
    }
