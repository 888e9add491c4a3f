"""Two editions side by side: which criteria came, went and changed, field by field, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.i18n.formats import format_number
from app.web.language import current_language
from app.web.standard import words
from app.web.standard.presenters import months
from geodata.queries import standard_editions
from geodata.records.standard import CONTENT, EDITION_FIELDS
from geodata.validation.standard_columns import LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.database import Session
    from geodata.models import StandardEdition

TABLES: dict[str, Mapping[str, str]] = {
    "scope": words.SCOPES,
    "grouping": words.GROUPS,
    "requirement_level": words.LEVELS,
    "responsible_body": words.BODIES,
    "co_owner": words.BODIES,
    "owing_budget": words.BUDGETS,
    "value_status": words.VALUE_STATUS,
    **dict.fromkeys(("requirement_status", "budget_status", "shelf_life_status", "cap_status"), words.STANDINGS),
}
COMPARED = tuple(name for name in CONTENT if name not in {"code", "position", *EDITION_FIELDS})
"""What is told of a criterion; a criterion that only moved in the order has not changed."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a criterion: what it is called, what it said and says."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Criteria that only the later edition has, those that only the earlier has, and the changed ones."""

    added: list[dict[str, Any]]
    removed: list[dict[str, Any]]
    changed: list[tuple[dict[str, Any], list[FieldChange]]]
    same: int


def compare_editions(session: Session, earlier: StandardEdition, later: StandardEdition) -> Difference:
    """Return what differs between two editions, in the order of the later one; criteria are the same by their code."""
    old = {row["code"]: row for row in standard_editions.content_rows(session, earlier.id)}
    new = {row["code"]: row for row in standard_editions.content_rows(session, later.id)}
    both = [(row, field_changes(old[code], row)) for code, row in new.items() if code in old]
    return Difference(
        added=[row for code, row in new.items() if code not in old],
        removed=[row for code, row in old.items() if code not in new],
        changed=[(row, changes) for row, changes in both if changes],
        same=sum(1 for _row, changes in both if not changes),
    )


def field_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[FieldChange]:
    """Return the fields in which two rows differ."""
    return [
        FieldChange(_label(name), _shown(name, old.get(name)), _shown(name, new.get(name)))
        for name in COMPARED
        if old.get(name) != new.get(name)
    ]


def _label(name: str) -> str:
    text = _(LABELS[name])
    return text[:1].upper() + text[1:]


def _shown(name: str, value: Any) -> str:
    """Return a value as people write it; what is not stated is unknown."""
    if value is None or value == "":
        return _("Unknown")
    if name == "shelf_life_months":
        return months(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (int, float)):
        return format_number(value, current_language(), 0 if value == int(value) else 2)
    table = TABLES.get(name, {})
    return _(table[value]) if value in table else str(value)
