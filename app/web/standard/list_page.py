"""The list of an edition: its domains, the filters with what they leave, and the criteria that fit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.i18n.names import local_name
from app.web.filters import InvalidFilterError
from app.web.language import current_language
from app.web.standard import words
from app.web.standard.presenters import evidence, months, norm, word
from app.web.standard.search import Wish, choose
from geodata.queries import standard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geodata.database import Session
    from geodata.models import Criterion, StandardDomain, StandardEdition

CHOICES: dict[str, tuple[str, Mapping[str, str]]] = {
    "level": ("requirement_level", words.LEVELS),
    "scope": ("scope", words.SCOPES),
    "body": ("responsible_body", words.BODIES),
    "budget": ("owing_budget", words.BUDGETS),
    "group": ("grouping", words.GROUPS),
}
"""Filters: the column that each asks, and the words of its codes."""


def list_page(session: Session, edition: StandardEdition, wish: Wish, *, is_named: bool) -> dict[str, Any]:
    """Return the page of an edition: one domain, or everything that search and filters find.

    Raises:
        InvalidFilterError: The edition has no such domain, or no criterion with the code that a filter asks for.
    """
    domains = standard.domains(session, edition.id)
    criteria = standard.criteria(session, edition.id)
    known = {domain.code: domain for domain in domains}
    filters = _filters(criteria, wish)
    _refuse_unknown(wish, domains, filters)
    if not wish.is_narrow and not wish.domain and domains:
        wish = replace(wish, domain=domains[0].code)
    names = {code: (one.name_ky, one.name_ru, one.name_en) for code, one in known.items()}
    everywhere = choose(criteria, replace(wish, domain=""), names)
    counts = {code: sum(1 for one in everywhere if one.domain_code == code) for code in known}
    shown = [one for one in everywhere if not wish.domain or one.domain_code == wish.domain]
    named = {"edition": edition.code} if is_named else {}
    return {
        "edition": edition,
        "status": word(words.LEGAL_STATUSES, edition.status),
        "has_others": len(standard.list_editions(session)) > 1,
        "is_named": is_named,
        "domains": [(one, counts[one.code], named | replace(wish, domain=one.code).arguments()) for one in domains],
        "everywhere": named | replace(wish, domain="").arguments(),
        "found_everywhere": len(everywhere),
        "chosen": known.get(wish.domain),
        "wish": wish,
        "filters": filters,
        "groups": _groups(domains, shown),
        "shown": len(shown),
        "total": len(criteria),
        "critical": sum(1 for criterion in criteria if criterion.is_critical),
    }


def _refuse_unknown(wish: Wish, domains: Sequence[StandardDomain], filters: list[dict[str, Any]]) -> None:
    """Raise InvalidFilterError for a code that the edition does not hold; an empty list would say "no requirement"."""
    names = {domain.code: local_name(domain, current_language()) for domain in domains}
    if wish.domain and wish.domain not in names:
        raise InvalidFilterError("domain", wish.domain, names)
    for one in filters:
        if one["chosen"] and one["chosen"] not in dict(one["options"]):
            raise InvalidFilterError(one["name"], one["chosen"], dict(one["options"]))


def _filters(criteria: Sequence[Criterion], wish: Wish) -> list[dict[str, Any]]:
    """Return each filter with the codes that occur in the edition."""
    labels = {
        "level": _("Obligation"),
        "scope": _("Assessed for"),
        "body": _("Who answers for it"),
        "budget": _("Budget that owes it"),
        "group": _("Group"),
    }
    found = []
    for name, (column, table) in CHOICES.items():
        held = {getattr(one, column) for one in criteria} | (
            {one.co_owner for one in criteria} if name == "body" else set()
        )
        options = [(code, _(label)) for code, label in table.items() if code in held and code != "none"]
        if options:
            found.append({"name": name, "label": labels[name], "options": options, "chosen": getattr(wish, name)})
    return found


def _groups(domains: Sequence[StandardDomain], shown: Sequence[Criterion]) -> list[tuple[Any, list[dict[str, Any]]]]:
    """Return the criteria under their domains, each with its words."""
    return [
        (domain, rows) for domain in domains if (rows := [_row(one) for one in shown if one.domain_code == domain.code])
    ]


def _row(criterion: Criterion) -> dict[str, Any]:
    return {
        "criterion": criterion,
        "norm": norm(criterion),
        "scope": word(words.SCOPES, criterion.scope),
        "mark": word(words.VALUE_STATUS, criterion.value_status),
        "level": word(words.LEVELS, criterion.requirement_level),
        "body": word(words.BODIES, criterion.responsible_body),
        "co_owner": word(words.BODIES, criterion.co_owner),
        "budget": word(words.BUDGETS, criterion.owing_budget),
        "months": months(criterion.shelf_life_months),
        "evidence": evidence(criterion),
    }
