"""Sources of hazards that disagree: how often, what was decided and by whom, and the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.exports.words import HAZARD_LABELS
from app.i18n.marks import N_
from app.web.conflicts.values import compared_shaking, told_text
from app.web.guard import declare_action, requires
from app.web.language import PREFIX
from app.web.request import current_session
from app.workflows.settle_hazard import Settlement, SettlementIncompleteError, settle_hazard
from geodata.queries import hazard_conflicts, hazards, record_facts

if TYPE_CHECKING:
    from geodata.records.revision import StoredRecord

UNPROCESSABLE = 422
SHOWN = 50
"""Schools that the page names; their pages tell the rest."""

blueprint = Blueprint("conflicts", __name__, url_prefix=f"{PREFIX}/data")
declare_action(blueprint, "read")

WRONG = {
    "hazard": N_("Choose a hazard that has several layers."),
    "layer_code": N_("Choose one of the layers of this hazard."),
    "reason": N_("State the reason."),
    "document": N_("Name the act: its title, number and date."),
}


def _school() -> StoredRecord | None:
    code = request.args.get("school", "").strip()
    found = record_facts.stored_school(current_session(), code) if code else None
    if code and found is None:
        abort(404)
    return found


@blueprint.get("/conflicts")
def index() -> str:
    """Show the hazards that several layers tell of, and the resolutions; of one school with ``school``."""
    return render_template("conflicts/index.html", page=_page(_school()))


def _page(school: StoredRecord | None, sent: Settlement | None = None, wrong: tuple[str, ...] = ()) -> dict[str, Any]:
    session = current_session()
    layers = [layer for layer in hazards.current_layers(session) if layer.hazard not in ("altitude", "fault")]
    conflicts = hazard_conflicts.count_conflicts(session, compared_shaking())
    return {
        "school": school,
        "conflicts": conflicts,
        "resolutions": hazard_conflicts.list_resolutions(session, school.school_id if school else None),
        "titles": {layer.code: str(layer.manifest.get("title") or layer.code) for layer in layers},
        "words": HAZARD_LABELS,
        "choices": {one.hazard: [layer.code for layer in layers if layer.hazard == one.hazard] for one in conflicts},
        "differing": [] if school else hazard_conflicts.list_differing(session, compared_shaking(), SHOWN),
        "manifests": {layer.code: layer.manifest for layer in layers},
        "told": told_text,
        "apart": compared_shaking().apart_ratio,
        "differing_all": sum(one.differing for one in conflicts),
        "may_settle": hazard_conflicts.may_settle(session),
        "sent": sent,
        "wrong": [(name, _(WRONG[name])) for name in wrong],
    }


@blueprint.post("/conflicts")
@requires("rank")
def settle() -> AnyResponse:
    """Decide which source counts from the next ranking on."""
    session, school = current_session(), _school()
    texts = {name: request.form.get(name, "").replace("\0", "") for name in ("reason", "document")}
    hazard, _sign, layer = request.form.get("source", "").partition(":")
    sent = Settlement(hazard, layer, **texts)
    try:
        settle_hazard(session, sent, school.school_id if school else None)
    except SettlementIncompleteError as error:
        session.rollback()
        page = _page(school, sent, error.fields)
        return Response(render_template("conflicts/index.html", page=page), status=UNPROCESSABLE)
    session.commit()
    flash(_("Decided. The next ranking follows it."), "good")
    return redirect(url_for("conflicts.index", school=school.school_code if school else None), code=303)
