"""The catalogue for its pages: each measure with its costs in force, its criteria, and who owes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from flask_babel import gettext as _

from app.funding.catalogue import default_catalogue
from app.funding.prices import STATUSES
from app.web.filters import InvalidFilterError
from app.web.language import current_language
from app.web.measures.words import GROUPS, QUANTITIES, RULES, SHOWN
from app.web.measures.words import STATUSES as STATUS_WORDS
from app.web.standard import words as standard_words
from app.workflows.ranking_prices import current_catalogue, price_of, version_of
from geodata.queries import areas, measure_prices, standard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.funding.catalogue import Catalogue, Intervention
    from geodata.database import Session
    from geodata.models import Criterion, StandardEdition
    from geodata.records.measure_price import StatedPrice


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of the list; costs in som of today, None = unknown."""

    code: str
    name: str
    group: str
    unit: str
    low: int | None
    usual: int | None
    high: int | None
    status: str
    price_date: Any
    elsewhere: int
    """Places with a cost of their own."""
    criteria: int
    budgets: str
    is_quick: bool


def list_page(session: Session, wanted: Mapping[str, str]) -> dict[str, Any]:
    """Return the catalogue under ``wanted`` (group, shown, q); raises InvalidFilterError for an unknown choice."""
    catalogue, stated = current_catalogue(session), measure_prices.in_force(session)
    edition = standard.find_edition(session)
    criteria = standard.criteria(session, edition.id) if edition else []
    rows = [_row(one, stated, criteria) for one in catalogue.interventions.values()]
    group, shown, query = wanted.get("group", ""), wanted.get("shown", ""), wanted.get("q", "").strip()[:100]
    for name, value, known in (("group", group, GROUPS), ("shown", shown, SHOWN)):
        if value and value not in known:
            raise InvalidFilterError(name, value, known)
    found = [
        row
        for row, one in zip(rows, catalogue.interventions.values(), strict=True)
        if (not group or one.group == group) and _is_found(one, query, catalogue) and _is_shown(row, shown, stated)
    ]
    return {
        "rows": found,
        "count": len(rows),
        "unknown": sum(row.usual is None for row in rows),
        "groups": GROUPS,
        "shown": SHOWN,
        "chosen": {"group": group, "shown": shown, "q": query},
        "version": version_of(stated),
        "stated": len(stated),
        "may_state": measure_prices.may_state(session),
    }


def _is_found(one: Intervention, query: str, catalogue: Catalogue) -> bool:
    """Return whether a word is in a name or the code, or is the code of a measure of the Standard that it serves."""
    served = (measure for measure, codes in catalogue.of_measure.items() if one.code in codes)
    return query.casefold() in " ".join([one.code, *served, *one.names.values()]).casefold()


def _is_shown(row: Row, shown: str, stated: list[StatedPrice]) -> bool:
    match shown:
        case "quick":
            return row.is_quick
        case "unknown":
            return row.usual is None
        case "stated":
            return any(one.measure == row.code for one in stated)
    return True


def _row(one: Intervention, stated: list[StatedPrice], criteria: list[Criterion]) -> Row:
    own = [price for price in stated if price.measure == one.code]
    general = next((price for price in own if price.area_code is None and price.altitude_from_m is None), None)
    passing = _passing(one, criteria)
    return Row(
        code=one.code,
        name=one.names[current_language()],
        group=_(GROUPS.get(one.group, one.group)),
        unit=_(QUANTITIES[one.quantity]),
        low=_som(one.low_som),
        usual=_som(one.unit_som),
        high=_som(one.high_som),
        status=status_words(general.status if general else one.status),
        price_date=general.price_date if general else None,
        elsewhere=len(own) - (general is not None),
        criteria=len(passing),
        budgets=", ".join(budget_words(passing)),
        is_quick=one.is_quick,
    )


def _som(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _passing(one: Intervention, criteria: list[Criterion]) -> list[Criterion]:
    """Return the criteria that pass after a measure, or else those that name it."""
    passes = one.passes([criterion.code for criterion in criteria])
    return [criterion for criterion, is_met in zip(criteria, passes, strict=True) if is_met]


def status_words(status: str) -> str:
    """Return a status in the reader's words; the tables add remarks after a comma or a semicolon."""
    return _(STATUS_WORDS[status]) if status in STATUS_WORDS else _(STATUS_WORDS["proposal"])


def budget_words(criteria: list[Criterion]) -> list[str]:
    """Return the budgets that owe some criteria, in words."""
    owing = {criterion.owing_budget for criterion in criteria if criterion.owing_budget}
    return [_(word) for code, word in standard_words.BUDGETS.items() if code in owing]


def measure_page(session: Session, code: str) -> dict[str, Any] | None:
    """Return one measure with costs by place, criteria and history; None where the catalogue has none of the code."""
    one = default_catalogue().interventions.get(code)
    if one is None:
        return None
    told = measure_prices.history(session, code)
    stated = [price for price in measure_prices.in_force(session) if price.measure == code]
    edition: StandardEdition | None = standard.find_edition(session)
    criteria = standard.criteria(session, edition.id) if edition else []
    served = {measure for measure, codes in default_catalogue().of_measure.items() if code in codes}
    naming = [found for found in criteria if found.measure_code in served]
    return {
        "code": code,
        "name": one.names[current_language()],
        "group": _(GROUPS.get(one.group, one.group)),
        "rule": _(RULES[one.quantity]),
        "unit": _(QUANTITIES[one.quantity]),
        "quantity": one.quantity,
        "shipped": {
            "costs": [_som(value) for value in (one.low_som, one.unit_som, one.high_som)],
            "status": status_words(one.status),
            "source": one.basis,
        },
        "is_replaced": any(price.area_code is None and price.altitude_from_m is None for price in stated),
        "in_force": [(price, [_som(value) for value in price_of(price).costs]) for price in stated],
        "history": told,
        "seen": told[0].id if told else 0,
        "edition": edition,
        "passing": _passing(one, criteria),
        "naming": naming,
        "budgets": budget_words(_passing(one, criteria) or naming),
        "budget_words": standard_words.BUDGETS,
        "status_words": STATUS_WORDS,
        "statuses": STATUSES,
        "may_state": measure_prices.may_state(session),
        "areas": list(areas.names(session, (1, 2)).values()),
    }
