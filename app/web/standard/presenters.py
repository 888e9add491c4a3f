"""Criteria as pages show them: every code in words, what is not stated as unknown, nothing assembled from parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, url_for
from flask_babel import gettext as _

from app.exports.field.words import EVIDENCE
from app.i18n.formats import format_number
from app.risk.parameters import default_parameters
from app.web.language import current_language
from app.web.standard import words
from geodata.queries import edition_life, protection, standard
from geodata.records.standard import GUIDANCE_PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.database import Session
    from geodata.models import Criterion, CriterionGuidance, StandardEdition
    from geodata.queries.protection import ProtectionLine

SUMMED = ("level", "body", "budget")


def norm(criterion: Criterion) -> str:
    """Return the norm in the reader's words: its unit is translated, the numbers stay as the edition has them."""
    unit = str(criterion.details.get("unit") or "")
    requirement = str(criterion.details.get("requirement") or "")
    if unit == "yes/no":
        return _(words.MUST_BE_MET)
    if unit in words.UNITS and requirement.endswith(unit):
        return requirement.removesuffix(unit) + _(words.UNITS[unit])
    return requirement


def word(table: Mapping[str, str], code: str | None) -> str:
    """Return the word of a code, "Unknown" for what is not stated."""
    return _(table[code]) if code and code in table else code or _("Unknown")


def months(count: int | None) -> str:
    """Return a shelf life in words."""
    if count is None:
        return _("Unknown")
    return _("1 month") if count == 1 else _("%(count)s months", count=format_number(count, current_language()))


def evidence(criterion: Criterion) -> str:
    """Return the kinds of evidence, parted by commas."""
    kinds = str(criterion.details.get("evidence_type") or "")
    return ", ".join(word(EVIDENCE, one.strip()) for one in kinds.split(";") if one.strip()) or _("Unknown")


def own_text(record: Any, name: str) -> str:
    """Return ``name`` in the reader's language, or that it is unknown."""
    value = record.get(f"{name}_{current_language()}") if isinstance(record, dict) else None
    return str(value or getattr(record, f"{name}_{current_language()}", None) or _("Unknown"))


def responsibility(criterion: Criterion) -> list[dict[str, str]]:
    """Return who owes what: label, value and whether an act says so; of bodies none does, they are proposed."""
    standing = words.STANDINGS
    cap = _("Unknown") if criterion.cap is None and criterion.is_critical else _("does not apply")
    if criterion.cap is not None:
        cap = format_number(criterion.cap, current_language())
    rows: tuple[tuple[str, str, str | None], ...] = (
        (_("Obligation"), word(words.LEVELS, criterion.requirement_level), criterion.requirement_status),
        (_("Responsible body"), word(words.BODIES, criterion.responsible_body), "proposal"),
        (_("Co-owner"), word(words.BODIES, criterion.co_owner), "proposal"),
        (_("Budget that owes it"), word(words.BUDGETS, criterion.owing_budget), criterion.budget_status),
        (_("An answer stays good for"), months(criterion.shelf_life_months), criterion.shelf_life_status),
        (_("Greatest index while it fails"), cap, criterion.cap_status if criterion.is_critical else None),
    )
    return [
        {
            "label": label,
            "value": value,
            "standing": _(standing[status]) if status in standing else "",
            "code": status or "",
        }
        for label, value, status in rows
    ]


def guidance_parts(guidance: CriterionGuidance | None) -> list[dict[str, str]]:
    """Return the five parts of the guidance in the reader's language; empty when there is none."""
    if guidance is None:
        return []
    return [
        {"key": part, "title": _(words.GUIDANCE_TITLES[part]), "text": own_text(guidance, part)}
        for part in GUIDANCE_PARTS
    ]


def criterion_page(session: Session, edition: StandardEdition, criterion: Criterion, run: Any) -> dict[str, Any]:
    """Return everything that the page of one criterion shows."""
    domain = next((one for one in standard.domains(session, edition.id) if one.code == criterion.domain_code), None)
    codes = [one.code for one in standard.criteria(session, edition.id)]
    at = codes.index(criterion.code)
    guidance = edition_life.guidance(session, [criterion.id]).get(criterion.id)
    is_public = criterion.field_class == "public"
    is_counted = is_public and run is not None and run.edition_id == edition.id
    return {
        "edition": edition,
        "criterion": criterion,
        "domain": domain,
        "norm": norm(criterion),
        "scope": word(words.SCOPES, criterion.scope),
        "evidence": evidence(criterion),
        "group": word(words.GROUPS, criterion.grouping),
        "mark": word(words.VALUE_STATUS, criterion.value_status),
        "responsibility": responsibility(criterion),
        "reason": own_text(criterion, "reason"),
        "guidance": guidance_parts(guidance),
        "guidance_standing": word(words.STANDINGS, guidance.status) if guidance else "",
        "measure": criterion.details.get(f"measure_{current_language()}"),
        "sources": _sources(criterion),
        "is_public": is_public,
        "share": _share(session, criterion, run) if is_counted else None,
        "until": run.data_date if is_counted else None,
        "protected": _protected(session, criterion, run) if not is_public and run is not None else [],
        "earlier": codes[at - 1] if at else None,
        "later": codes[at + 1] if at + 1 < len(codes) else None,
        "list_address": url_for("standard.index", edition=edition.code, domain=criterion.domain_code),
    }


def _share(session: Session, criterion: Criterion, run: Any) -> edition_life.PassShare:
    return edition_life.pass_share(
        session, criterion.id, default_parameters()["conformity.room_share_partly"], run.data_date
    )


def _protected(session: Session, criterion: Criterion, run: Any) -> list[ProtectionLine]:
    """Return the counts by area of a restricted criterion, for who is signed in: visitors are told nothing of it."""
    if g.get("account_id") is None or run.edition_id != criterion.edition_id:
        return []
    return protection.counts_by_area(session, run.id, criterion.id)


def _sources(criterion: Criterion) -> list[dict[str, Any]]:
    """Return the legal sources with what was seen of each and where; the edition keeps the three lists side by side."""
    texts, seen, places = (
        [part.strip() for part in str(criterion.details.get(name) or "").split("|")]
        for name in ("legal_source", "source_status", "source_url")
    )
    return [
        {
            "text": one,
            "seen": seen[at] if at < len(seen) else "",
            "addresses": [
                place.strip()
                for place in (places[at].split(" ; ") if at < len(places) else ())
                if place.strip().startswith(("https://", "http://"))
            ],
        }
        for at, one in enumerate(texts)
        if one
    ]
