"""Stored plans under other assumptions and side by side, and the three queues of schools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from app.web.filters import read_page
from app.web.guard import declare_action, requires
from app.web.language import PREFIX
from app.web.plans.compare_page import compare_page
from app.web.plans.queues_page import queues_page
from app.web.request import current_session
from app.web.shown_run import run_or_none
from app.workflows.jobs import JobRunningError
from app.workflows.plan_draws_job import start_plan_draws
from app.workflows.plan_sensitivity_job import start_sensitivity
from geodata.queries import plans

if TYPE_CHECKING:
    from werkzeug import Response

blueprint = Blueprint("plans", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")


@blueprint.post("/money/plans/<plan_hash>/sensitivity")
@requires("rank")
def vary(plan_hash: str) -> Response:
    """Start the report of sensitivity of a plan, in the worker, and show its progress."""
    session = current_session()
    found = plans.find_plan(session, plan_hash.lower()) if len(plan_hash) >= 8 else None
    if found is None:
        abort(404)
    try:
        token = start_sensitivity(session, found.hash, account_id=getattr(g, "account_id", None))
        session.commit()
    except JobRunningError as running:
        if running.token is None:
            raise
        token = running.token
    return redirect(url_for("jobs.job", token=token), code=303)


@blueprint.post("/money/plans/<plan_hash>/draws")
@requires("rank")
def draw(plan_hash: str) -> Response:
    """Start the draws of a plan, in the worker, and show their progress."""
    session = current_session()
    found = plans.find_plan(session, plan_hash.lower()) if len(plan_hash) >= 8 else None
    if found is None:
        abort(404)
    try:
        token = start_plan_draws(session, found.hash, account_id=getattr(g, "account_id", None))
        session.commit()
    except JobRunningError as running:
        if running.token is None:
            raise
        token = running.token
    return redirect(url_for("jobs.job", token=token), code=303)


@blueprint.get("/money/compare")
def compare() -> str:
    """Show the plans of the address (``plan``, two to four, each the beginning of a hash) side by side."""
    page = compare_page(current_session(), run_or_none(), request.args.getlist("plan"))
    return render_template("plans/compare.html", page=page)


@blueprint.get("/money/queues")
def queues() -> str:
    """Show the three queues of the country or an area (``area``), one of them (``queue``) school by school."""
    run = run_or_none()
    if run is None:
        return render_template("money/none.html")
    limit, offset = read_page(request.args)
    area, queue = (request.args.get(name, "").strip() or None for name in ("area", "queue"))
    page = queues_page(current_session(), run, area, queue, limit, offset)
    return render_template("plans/queues.html", page=page)
