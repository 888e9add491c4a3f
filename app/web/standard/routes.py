"""The standard: domains, criteria, norms and legal sources of an edition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _

from app.web.guard import declare_action
from app.web.language import PREFIX
from app.web.request import current_session
from app.web.standard.words import MUST_BE_MET, SCOPES, UNITS, VALUE_STATUS
from geodata.queries import standard

if TYPE_CHECKING:
    from geodata.models import Criterion

blueprint = Blueprint("standard", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")


def norm(criterion: Criterion) -> str:
    """Return the norm in the reader's words: its unit is translated, the numbers stay as the edition has them."""
    unit = str(criterion.details.get("unit") or "")
    requirement = str(criterion.details.get("requirement") or "")
    if unit == "yes/no":
        return _(MUST_BE_MET)
    if unit in UNITS and requirement.endswith(unit):
        return requirement.removesuffix(unit) + _(UNITS[unit])
    return requirement


@blueprint.get("/standard")
def index() -> str:
    """Show an edition (``edition=``), else the one in force; one domain at a time (``domain=``)."""
    session = current_session()
    wanted = request.args.get("edition") or None
    edition = standard.find_edition(session, wanted)
    if edition is None:
        if wanted:
            abort(404)
        return render_template("standard/none.html")
    domains = standard.domains(session, edition.id)
    criteria = standard.criteria(session, edition.id)
    chosen = request.args.get("domain", "")
    if chosen not in {domain.code for domain in domains}:
        chosen = domains[0].code if domains else ""
    by_domain: dict[str, list[Any]] = {}
    for criterion in criteria:
        by_domain.setdefault(criterion.domain_code, []).append(criterion)
    page = {
        "edition": edition,
        "editions": standard.list_editions(session),
        "domains": domains,
        "chosen": next((domain for domain in domains if domain.code == chosen), None),
        "criteria": by_domain.get(chosen, []),
        "by_domain": by_domain,
        "total": len(criteria),
        "norms": {criterion.code: norm(criterion) for criterion in by_domain.get(chosen, [])},
        "statuses": VALUE_STATUS,
        "scopes": SCOPES,
        "critical": sum(1 for criterion in criteria if criterion.is_critical),
    }
    return render_template("standard/index.html", page=page)
