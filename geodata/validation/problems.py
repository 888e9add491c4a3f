"""What a problem says to people: one message and one remedy per code, in the language of the caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from geodata.records.marks import N_
from geodata.records.table import RowProblem
from geodata.validation import (
    file_messages,
    geo_messages,
    phone_messages,
    road_messages,
    row_messages,
    standard_messages,
    submission_messages,
)
from geodata.validation.columns import FIELDS

REASONS = {
    "Self-intersection": N_("the outline crosses itself"),
    "Ring Self-intersection": N_("the outline touches itself"),
    "Hole lies outside shell": N_("a hole lies outside the outline"),
    "Holes are nested": N_("a hole lies within another one"),
    "Nested shells": N_("one part lies within another one"),
    "Interior is disconnected": N_("the inside falls into parts"),
    "Duplicate Rings": N_("a ring is there twice"),
    "Too few points in geometry component": N_("too few points"),
}
"""What GEOS calls invalid, in words; what is not listed stays as GEOS says it."""

Translate = Callable[..., str]

MESSAGES: dict[str, tuple[str, str]] = {
    **file_messages.MESSAGES,
    **geo_messages.MESSAGES,
    **phone_messages.MESSAGES,
    **road_messages.MESSAGES,
    **row_messages.MESSAGES,
    **standard_messages.MESSAGES,
    **submission_messages.MESSAGES,
}
LABELS = {one.name: one.label for fields in FIELDS.values() for one in fields}
ROW, COLUMN, VALUE = N_("Row %(row)s"), N_('Column "%(column)s"'), N_('value "%(value)s"')
LONGEST_VALUE = 80


class _Params(dict[str, Any]):
    """Named values of a message; one that a problem does not carry is a dash, never an error."""

    def __missing__(self, key: str) -> str:
        return "–"


def describe(problem: RowProblem, translate: Translate) -> tuple[str, str]:
    """Return what is wrong and what to do, in the language of ``translate`` (called with a msgid only).

    Raises:
        KeyError: The code has no message; a test keeps that from happening.
    """
    what, remedy = MESSAGES[problem.code]
    params = _params(problem, translate)
    return translate(what) % params, translate(remedy) % params


def locate(problem: RowProblem, translate: Translate) -> str:
    """Return where it is: ``Row 4, Column "lat", value "55.75"``; empty for the whole file."""
    params = _params(problem, translate)
    parts = [
        translate(text) % params
        for text, known in ((ROW, problem.row), (COLUMN, problem.column), (VALUE, problem.value))
        if known is not None
    ]
    return ", ".join(parts)


def sentence(problem: RowProblem, translate: Translate) -> str:
    """Return place, message and remedy as one text, for plain outputs and the API."""
    what, remedy = describe(problem, translate)
    place = locate(problem, translate)
    return f"{place}: {what} {remedy}" if place else f"{what} {remedy}"


def _params(problem: RowProblem, translate: Translate) -> Mapping[str, Any]:
    value = problem.value
    if value is not None and len(value) > LONGEST_VALUE:
        value = value[:LONGEST_VALUE] + "…"
    found = {"row": problem.row, "column": problem.column, "value": value}
    params = _Params({name: known for name, known in found.items() if known is not None})
    params.update(problem.params)
    reason = params.get("reason")
    if isinstance(reason, str) and reason in REASONS:
        params["reason"] = translate(REASONS[reason])
    field = params.get("field")
    if isinstance(field, str) and field in LABELS:
        params["field"] = translate(LABELS[field])
    return params
