"""Money: what a budget buys under rules of fairness, and the plans that were made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.funding.errors import FundingError
from app.web.areas.names import todays_units
from app.web.filters import read_page
from app.web.guard import declare_action, requires
from app.web.language import PREFIX
from app.web.money.envelope_page import conflict_words, form_view, plan_money, run_is_old, wrong_words
from app.web.money.forms import DEFAULT_MILLIONS, FLOORS, read_wish, typed_millions
from app.web.money.plan_page import plan_page
from app.web.money.presenters import budget_page
from app.web.remembered import remembered
from app.web.request import current_session
from app.web.shown_run import run_or_none
from app.workflows.allocate_budget import load_table
from app.workflows.allocate_job import start_allocation
from app.workflows.assess import today
from app.workflows.jobs import JobRunningError
from app.workflows.plan_address import MILLION
from app.workflows.plan_draws_job import start_plan_draws
from app.workflows.plan_problem import problem_of
from app.workflows.plan_wish import AllocationError, Wish, WishError
from geodata.queries import plan_draws, plans
from geodata.queries.audit import record

if TYPE_CHECKING:
    from werkzeug import Response

    from geodata.database import Session
    from geodata.models import Run
    from geodata.records.plan import OfferTable, PlanFacts

blueprint = Blueprint("money", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")


def _table(run: Run) -> OfferTable | None:
    return remembered(("offers", run.id), lambda: load_table(current_session(), run.id))


@blueprint.get("/money")
def index() -> str:
    """Show what the money of the address buys (``app.web.money.forms``); what is wrong with it is told."""
    run = run_or_none()
    table = _table(run) if run else None
    if run is None or table is None:
        return render_template("money/none.html")
    session, year = current_session(), today().year + 1
    read = read_wish(request.args, year)
    named = todays_units(session)
    wish, wrong = read.wish, _(read.wrong) if read.wrong else None
    try:
        page: dict[str, Any] = budget_page(session, run, table, wish, named)
    except (FundingError, AllocationError) as error:
        wrong, wish = wrong_words(error), Wish(DEFAULT_MILLIONS * MILLION)
        page = budget_page(session, run, table, wish, named)
    page |= {"run": run, "millions": typed_millions(read), "floor": round(100 * wish.floor_share)}
    page |= {"budget_som": wish.budget_som}
    page |= {"wrong": wrong, "floors": [round(100 * share) for share in FLOORS]}
    page |= {"form": form_view(read, table, named, year), "is_old": run_is_old(session, run.hash)}
    page |= {"conflict": conflict_words(request.args.get("conflict", ""), named)}
    return render_template("money/index.html", page=page | {"plans": plans.list_plans(session, run.id)})


@blueprint.post("/money/plans")
@requires("rank")
def make() -> Response:
    """Start the proven plan of the wish, in the worker, and show its progress; a wrong wish goes back to its form."""
    run, session = run_or_none(), current_session()
    read = read_wish(request.form, today().year + 1)
    table = _table(run) if run else None
    if run is None or table is None:
        abort(400)
    try:
        if read.wrong:
            raise WishError("form", read.wrong)
        problem_of(table, read.wish)
    except (FundingError, AllocationError):
        fields = {name: value for name, value in request.form.items() if name != "csrf_token"}
        return redirect(f"{url_for('money.index')}?{urlencode(fields)}", code=303)
    try:
        token = start_allocation(session, run.hash, read.wish, account_id=getattr(g, "account_id", None))
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
    page = plan_page(session, found, request.args.get("area"), limit, offset) | plan_money(session, found)
    return render_template("money/plan.html", page=page)


@blueprint.post("/money/plans/<plan_hash>/publish")
@requires("rank")
def publish(plan_hash: str) -> Response:
    """Let everybody see a plan."""
    return _show(plan_hash, _("Everybody can see this plan now."), is_published=True)


@blueprint.post("/money/plans/<plan_hash>/withdraw")
@requires("rank")
def withdraw(plan_hash: str) -> Response:
    """Take a plan out of sight again; it stays stored as it was made."""
    return _show(plan_hash, _("Only who plans for the country sees this plan now."), is_published=False)


def _show(plan_hash: str, done: str, *, is_published: bool) -> Response:
    """Publish or withdraw a plan in the state that the form saw; who comes second is told and changes nothing."""
    session, seen = current_session(), request.form.get("seen", "")
    found = plans.find_plan(session, plan_hash.lower())
    if found is None:
        abort(404)
    version = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else None
    if plans.show_plan(session, found.id, is_published=is_published, seen=version):
        record(session, "plan:published" if is_published else "plan:withdrawn", subject=found.hash)
        session.commit()
        flash(done)
        if is_published:
            _draw(session, found)
    else:
        flash(_("Somebody else changed this plan meanwhile. Nothing was done: look at its state and decide again."))
    return redirect(url_for("money.plan", plan_hash=found.hash[:16]), code=303)


def _draw(session: Session, plan: PlanFacts) -> None:
    """Let the worker draw a plan that everybody sees now; while another one is drawn, its page has a button."""
    if plan_draws.find_draws(session, plan.id) is not None:
        return
    try:
        start_plan_draws(session, plan.hash, account_id=getattr(g, "account_id", None))
        session.commit()
    except JobRunningError:
        session.rollback()
