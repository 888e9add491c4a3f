"""The workbench of weights, the schemes kept from it, and schemes side by side."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.web.guard import declare_action, requires
from app.web.language import PREFIX
from app.web.method.scheme import factors
from app.web.request import current_scope, current_session
from app.web.shown_run import run_or_none
from app.web.workbench.bench_page import bench_page, bounds_of, start_units
from app.web.workbench.compare_page import compare_page
from app.web.workbench.forms import read_weights
from app.web.workbench.table import bench_json, load_bench
from app.workflows.jobs import JobRunningError
from app.workflows.named_schemes import SchemeChoice, choose_official
from app.workflows.rank_job import start_ranking
from app.workflows.save_scheme import NewScheme, SchemeFieldsError, save_scheme
from geodata.queries import schemes
from geodata.queries.workbench import remove_draft

blueprint = Blueprint("workbench", __name__, url_prefix=f"{PREFIX}/priorities/workbench")
declare_action(blueprint, "read")


@blueprint.get("")
def index() -> str:
    """Show the list under the weights of the address; everything is in the address."""
    session, run = current_session(), run_or_none()
    if run is None:
        return render_template("priorities/none.html")
    page = bench_page(session, run, load_bench(session, run), request.args)
    return render_template("workbench/index.html", page=page)


@blueprint.get("/values.json")
def values() -> Response:
    """Give the browser the values that the list is weighed from: those of the shown run, and no others."""
    session, run = current_session(), run_or_none()
    if run is None:
        abort(404)
    bounds = bounds_of(factors(run))
    response = Response(bench_json(load_bench(session, run), bounds.low, bounds.high), mimetype="application/json")
    is_public = current_scope() == "public"
    response.headers["Cache-Control"] = "public, max-age=60" if is_public else "private, no-store"
    return response


@blueprint.get("/compare")
def compare() -> str:
    """Show two to four rankings side by side."""
    session, run = current_session(), run_or_none()
    if run is None:
        return render_template("priorities/none.html")
    page = compare_page(session, run, load_bench(session, run), request.args.getlist("s"))
    return render_template("workbench/compare.html", page=page)


@blueprint.post("/schemes")
@requires("work")
def save() -> AnyResponse:
    """Keep the weights under a name, and open them."""
    session, used, form = current_session(), factors(run_or_none()), request.form
    asked = read_weights(form, bounds_of(used), start_units(used))
    if asked.units is None or asked.flaws:
        raise SchemeFieldsError(("weights",))
    title, owner, note = (form.get(name, "") for name in ("title", "owner", "note"))
    wanted = NewScheme(title, owner, note, asked.units, "national" in form)
    code = save_scheme(session, wanted, g.account_id, g.rights)
    session.commit()
    flash(_("The scheme is saved."))
    return redirect(url_for("workbench.index", scheme=code), code=303)


@blueprint.post("/schemes/rank")
@requires("rank")
def rank() -> AnyResponse:
    """Start a ranking by a scheme of the country, in the worker, and show its progress."""
    session, code = current_session(), request.form.get("scheme", "")[:20]
    if not schemes.of_the_country(session, code):
        abort(404)
    try:
        token: str | None = start_ranking(session, account_id=g.account_id, scheme=code)
        session.commit()
    except JobRunningError as running:
        if running.token is None:
            raise
        token = running.token
    return redirect(url_for("jobs.job", token=token), code=303)


@blueprint.post("/schemes/official")
@requires("rank")
def choose() -> AnyResponse:
    """Make a scheme of the country the official one, for a reason and by an act."""
    session, form = current_session(), request.form
    fields = {name: form.get(name, "").replace("\0", "") for name in ("reason", "document")}
    choose_official(session, SchemeChoice(form.get("scheme", "")[:20], **fields))
    session.commit()
    flash(_("Decided: rankings that name no scheme follow it from now on."))
    return redirect(url_for("workbench.index", _anchor="schemes"), code=303)


@blueprint.post("/schemes/<scheme>/remove")
@requires("work")
def remove(scheme: str) -> AnyResponse:
    """Remove one's own draft."""
    session = current_session()
    if not remove_draft(session, scheme):
        abort(404)
    session.commit()
    flash(_("The draft is removed."))
    return redirect(url_for("workbench.index"), code=303)
