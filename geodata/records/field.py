"""Forms for collecting in the field: what a form asks, of which schools, and how its questions are called.

The names of questions are the contract between a form that was handed out and the submissions that come back.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

Texts = tuple[str, str, str]
"""The same in Kyrgyz, Russian and English."""

Part = Literal["state", "value", "rooms", "passed", "seen", "last", "last_on", "note", "photo"]
"""What a question of a criterion asks. ``rooms`` were looked at, ``passed`` of them keep the norm; ``seen`` says that
an answer of earlier still holds; ``last`` and ``last_on`` are that answer and its day."""

BLOCK, BLOCK_CODE = "block", "block_code"
"""The repeat of buildings, and the question in it that says which building."""
HEAD = ("edition", "protection", "kind", "assessed_on", "assessor", "area", "school", "remarks")
"""Questions about the visit as a whole."""
_QUESTION = re.compile(r"^([A-Z]{2,4}_\d{2,3})(?:_(value|rooms|passed|seen|last_on|last|note|photo))?$")


@dataclass(frozen=True, slots=True)
class FormCriterion:
    """A criterion as a form asks it. ``requirement`` is the norm as the edition writes it, ``unit`` its unit."""

    code: str
    domain_code: str
    texts: Texts
    scope: str
    value_type: str
    operator: str | None
    threshold_min: float | None
    threshold_max: float | None
    unit: str
    requirement: str
    evidence_type: str
    is_protected: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A domain, an area, a school or a building to choose from. ``parent_code`` is what the list is narrowed by."""

    code: str
    names: Texts
    parent_code: str | None = None


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """The last published answer at a place, and the day of its evidence."""

    place_code: str
    criterion_code: str
    state: str
    on: date


@dataclass(frozen=True, slots=True)
class FormContents:
    """All that a form is made of. ``mark``: see ``edition_mark``. ``is_protected``: of the protection group alone."""

    edition_code: str
    mark: str
    titles: Texts
    domains: tuple[Named, ...]
    criteria: tuple[FormCriterion, ...]
    areas: tuple[Named, ...] = ()
    schools: tuple[Named, ...] = ()
    buildings: tuple[Named, ...] = ()
    is_protected: bool = False
    is_prefilled: bool = False


def edition_mark(code: str, criteria: Iterable[FormCriterion]) -> str:
    """Return code and a hash of what answers are judged by: texts and legal matters may change without a new form."""
    judged = [
        (one.code, one.scope, one.value_type, one.operator, one.threshold_min, one.threshold_max, one.unit)
        for one in sorted(criteria, key=lambda one: one.code)
    ]
    return f"{code}/{hashlib.sha256(repr(judged).encode()).hexdigest()[:12]}"


LARGEST_VALUE = 1_000_000.0
COLDEST = -100.0


def value_bounds(criterion: FormCriterion) -> tuple[float, float]:
    """Return between which numbers a measured value can lie at all; only differences and degrees go below zero."""
    if "minus" in criterion.unit:
        return -LARGEST_VALUE, LARGEST_VALUE
    return (COLDEST if "°C" in criterion.unit else 0.0), LARGEST_VALUE


def question_name(code: str, part: Part = "state") -> str:
    """Return what the question is called: ``STR-01`` and ``value`` give ``STR_01_value``."""
    name = code.replace("-", "_")
    return name if part == "state" else f"{name}_{part}"


def question_of(name: str) -> tuple[str, Part] | None:
    """Return criterion and part of a question's name; None for a name of another shape. Never raises."""
    found = _QUESTION.match(name)
    if found is None:
        return None
    return found[1].replace("_", "-"), found[2] or "state"  # type: ignore[return-value]
