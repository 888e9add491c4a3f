"""The method in the open: formulas, constants from the code's own tables, a worked example, limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template

from app.i18n.catalogue import catalogue_of
from app.i18n.names import local_name
from app.risk.parameters import Parameter, default_parameters, parameters
from app.web.guard import declare_action
from app.web.language import PREFIX, current_language
from app.web.method.benefit import benefit_rule, objective_weights
from app.web.method.scheme import factors
from app.web.method.weight_words import weights_note, weights_rest, weights_sentence
from app.web.request import current_session
from app.web.schools.school_page import parts_of
from app.web.shown_run import run_or_none
from app.workflows.ranking_methods import life_som
from app.workflows.ranking_weights import STEP
from geodata.queries import priorities
from geodata.records.priority import ListFilter

blueprint = Blueprint("method", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")
for found in (benefit_rule, weights_note, weights_rest, weights_sentence):
    blueprint.add_app_template_global(found)


@blueprint.get("/method")
def index() -> str:
    """Show how a grade and a rank come about, with the first school of the run as the example."""
    session, run = current_session(), run_or_none()
    rows = priorities.select_rows(session, run.id, ListFilter(), 1) if run else []
    used = factors(run)
    page: dict[str, Any] = {"run": run, "factors": used, "constants": _constants(), "example": None}
    page |= {"objective": objective_weights(), "life_som": life_som()}
    page["weight_step"] = default_parameters()[STEP]
    page["trust"] = 100 * default_parameters()["conformity.unverified_trust"]
    if rows:
        page["example"] = {
            "row": rows[0],
            "name": local_name(rows[0], current_language()),
            "parts": sorted(parts_of(rows[0], used), key=lambda part: part.code),
        }
    return render_template("method/index.html", page=page)


def _constants() -> list[Parameter]:
    """Return the constants in the language of the page. Their texts hold "%", so nothing is put into them."""
    gettext = catalogue_of(current_language()).gettext

    def said(text: str) -> str:
        return gettext(text) if text else ""  # the empty msgid is the head of the catalogue

    return [replace(one, unit=said(one.unit), status=said(one.status), source=said(one.source)) for one in parameters()]
