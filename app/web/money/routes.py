"""Money: what a budget buys under rules of fairness, and the plans that were made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.web.filters import read_page
from app.web.guard import declare_action, requires
from app.web.language import PREFIX
from app.web.money.forms import FLOORS, MILLION, read_wish
from app.web.money.plan_page import plan_page
from app.web.money.presenters import budget_page
from app.web.remembered import remembered
from app.web.request import current_session
from app.web.shown_run import run_or_none
from app.workflows.allocate_job import start_allocation
from app.workflows.jobs import JobRunningError
from geodata.queries import plans
from geodata.queries.audit import record

if TYPE_CHECKING:
    from werkzeug import Response

    from geodata.models import Run
    from geodata.records.plan import OfferTable

blueprint = Blueprint("money", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")


def _table(run: Run) -> OfferTable | None:
    return remembered(("offers", run.id), lambda: plans.load_offers(current_session(), run.id))


@blueprint.get("/money")
def index() -> str:
    """Show what the budget of the address (``budget`` in million som, ``floors`` in percent) buys."""
    run = run_or_none()
    table = _table(run) if run else None
    if run is None or table is None:
        return render_template("money/none.html")
    wish, wrong = read_wish(request.args)
    session = current_session()
    page: dict[str, Any] = budget_page(session, run, table, wish)
    page |= {"run": run, "millions": wish.budget_som // MILLION, "floor": round(100 * wish.floor_share)}
    page |= {"wrong": _(wrong) if wrong else None, "floors": [round(100 * share) for share in FLOORS]}
    return render_template("money/index.html", page=page | {"plans": plans.list_plans(session, run.id)})


@blueprint.post("/money/plans")
@requires("rank")
def make() -> Response:
    """Start the proven plan of the wish, in the worker, and show its progress."""
    run, session = run_or_none(), current_session()
    wish, wrong = read_wish(request.form)
    if run is None or wrong:
        abort(400)
    try:
        token = start_allocation(session, run.hash, wish, account_id=getattr(g, "account_id", None))
        session.commit()
    except JobRunningError as running:
        if running.token is None:
            raise
        token = running.token
    return redirect(url_for("jobs.job", token=token), code=303)


@blueprint.get("/money/plans/<plan_hash>")
def plan(plan_hash: str) -> str:
    """Show one stored plan with its schools; one that is not published answers as if it were not there."""
    session = current_session()
    found = plans.find_plan(session, plan_hash.lower()) if len(plan_hash) >= 8 else None
    if found is None:
        abort(404)
    limit, offset = read_page(request.args)
    return render_template("money/plan.html", page=plan_page(session, found, request.args.get("area"), limit, offset))


@blueprint.post("/money/plans/<plan_hash>/publish")
@requires("rank")
def publish(plan_hash: str) -> Response:
    """Let everybody see a plan."""
    session = current_session()
    found = plans.find_plan(session, plan_hash.lower())
    if found is None:
        abort(404)
    plans.publish_plan(session, found.id)
    record(session, "plan:published", subject=found.hash)
    session.commit()
    flash(_("Everybody can see this plan now."))
    return redirect(url_for("money.plan", plan_hash=found.hash[:16]), code=303)
