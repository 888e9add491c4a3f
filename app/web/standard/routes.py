"""The standard: domains, criteria, norms and legal sources of an edition."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request

from app.web.guard import declare_action
from app.web.language import PREFIX
from app.web.request import current_session
from geodata.queries import standard

blueprint = Blueprint("standard", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")


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
        "critical": sum(1 for criterion in criteria if criterion.is_critical),
    }
    return render_template("standard/index.html", page=page)
