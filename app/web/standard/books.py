"""Guidance for printing: the criteria of a domain or of a whole edition, each with how it is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.i18n.names import local_name
from app.web.language import current_language
from app.web.standard import words
from app.web.standard.presenters import guidance_parts, norm, own_text, word
from geodata.queries import edition_life, standard

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import StandardEdition


def guidance_book(session: Session, edition: StandardEdition, wanted: str) -> dict[str, Any]:
    """Return the domains with their criteria; ``wanted`` names one domain, anything else is the whole edition."""
    domains = standard.domains(session, edition.id)
    chosen = next((one for one in domains if one.code == wanted), None)
    criteria = standard.criteria(session, edition.id)
    guidance = edition_life.guidance(session, [one.id for one in criteria])
    return {
        "edition": edition,
        "domains": domains,
        "chosen": chosen,
        "parts": [
            {
                "domain": domain,
                "criteria": [
                    {
                        "code": one.code,
                        "text": own_text(one, "text"),
                        "norm": norm(one),
                        "scope": word(words.SCOPES, one.scope),
                        "body": word(words.BODIES, one.responsible_body),
                        "is_critical": one.is_critical,
                        "parts": guidance_parts(guidance.get(one.id)),
                        "standing": word(words.STANDINGS, guidance[one.id].status) if one.id in guidance else "",
                    }
                    for one in criteria
                    if one.domain_code == domain.code
                ],
            }
            for domain in domains
            if chosen is None or domain is chosen
        ],
    }


def printed_book(book: dict[str, Any]) -> dict[str, Any]:
    """Return the book as the PDF's template takes it: texts only."""
    language, edition = current_language(), book["edition"]
    domains = [
        {
            "name": local_name(part["domain"], language),
            "criteria": [one | {"norm": _spelt(one["norm"])} for one in part["criteria"]],
        }
        for part in book["parts"]
    ]
    return {
        "lang": language,
        "title": _("Guidance for the criteria"),
        "subtitle": local_name(edition, language, "title"),
        "edition": _("Edition %(code)s", code=edition.code),
        "hash": edition.sha256[:16],
        "note": _("Guidance marked “proposal” has not been confirmed by an act of the Kyrgyz Republic."),
        "page": _("Page"),
        "norm": _("Norm"),
        "scope": _("Assessed for"),
        "body": _("Responsible body"),
        "critical": _("critical requirement"),
        "none": _("There is no guidance for this criterion yet."),
        "domains": domains,
    }


def _spelt(text: str) -> str:
    """Return a norm without signs that the printed font lacks."""
    if text.startswith("≤ "):
        return _("at most %(norm)s", norm=text[2:])
    return _("at least %(norm)s", norm=text[2:]) if text.startswith("≥ ") else text
