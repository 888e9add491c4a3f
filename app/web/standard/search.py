"""Find criteria by words in any of the three languages and any spelling, and by what filters say. No database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from geodata.validation.names import fold_name

if TYPE_CHECKING:
    from geodata.models import Criterion

LONGEST_QUERY = 200
STEM = 5
"""A word of so many letters or more is found by its beginning too: endings differ by case."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the reader asks for; an empty text does not narrow."""

    q: str = ""
    domain: str = ""
    level: str = ""
    critical: str = ""
    scope: str = ""
    body: str = ""
    budget: str = ""
    group: str = ""

    @property
    def is_narrow(self) -> bool:
        """Tell whether anything but the domain is asked."""
        return any(getattr(self, field.name) for field in fields(self) if field.name != "domain")

    def arguments(self) -> dict[str, str]:
        """Return the parameters of the address, the empty ones left out."""
        return {field.name: getattr(self, field.name) for field in fields(self) if getattr(self, field.name)}


def read_wish(arguments: Mapping[str, str]) -> Wish:
    """Return what an address asks; longer texts are cut, unknown parameters left."""
    found = {field.name: arguments.get(field.name, "").strip()[:LONGEST_QUERY] for field in fields(Wish)}
    return Wish(**found)


def choose(criteria: Sequence[Criterion], wish: Wish, domains: Mapping[str, Iterable[str]]) -> list[Criterion]:
    """Return the criteria that fit, in their order; ``domains`` gives the names of a domain, which are searched too."""
    words = [word for word in fold_name(wish.q).split() if word]
    return [
        one
        for one in criteria
        if _fits(one, wish) and (not words or _holds(_text(one, domains.get(one.domain_code, ())), words))
    ]


def _fits(criterion: Criterion, wish: Wish) -> bool:
    pairs: tuple[tuple[str, Any], ...] = (
        (wish.domain, criterion.domain_code),
        (wish.level, criterion.requirement_level),
        (wish.scope, criterion.scope),
        (wish.budget, criterion.owing_budget),
        (wish.group, criterion.grouping),
    )
    if any(wanted and wanted != held for wanted, held in pairs):
        return False
    if wish.body and wish.body not in (criterion.responsible_body, criterion.co_owner):
        return False
    return not wish.critical or criterion.is_critical


def _text(criterion: Criterion, names: Iterable[str]) -> str:
    details = criterion.details
    parts = [criterion.code, criterion.text_ky, criterion.text_ru, criterion.text_en, *names]
    parts += [str(details.get(name) or "") for name in ("requirement", "unit", "legal_source")]
    return " " + " ".join(fold_name(part) for part in parts if part)


def _holds(text: str, words: Iterable[str]) -> bool:
    return all(word in text or (len(word) > STEM and f" {word[: max(STEM, len(word) - 3)]}" in text) for word in words)
