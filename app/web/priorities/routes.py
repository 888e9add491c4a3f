"""The list, its runs, and the short address of a run."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.web.checked_filter import checked_filter
from app.web.filters import read_page
from app.web.guard import declare_action, requires
from app.web.language import PREFIX
from app.web.past_day import day_shown
from app.web.priorities.firmness import is_drawn
from app.web.priorities.list_page import list_page
from app.web.priorities.run_page import run_page, runs_page
from app.web.request import current_session
from app.web.shown_run import run_or_none, show_run
from app.workflows.jobs import JobRunningError
from app.workflows.rank_job import start_ranking, start_robustness
from geodata.queries.runs import published_run

blueprint = Blueprint("priorities", __name__)
declare_action(blueprint, "read")
blueprint.add_app_template_global(is_drawn)


@blueprint.get(f"{PREFIX}/priorities")
def index() -> str:
    """Show the ranked list under the filter of the address."""
    wanted = checked_filter()
    limit, offset = read_page(request.args)
    run = run_or_none()
    if run is None:
        return render_template("priorities/none.html", day=day_shown())
    return render_template("priorities/list.html", page=list_page(current_session(), run, wanted, limit, offset))


@blueprint.get(f"{PREFIX}/priorities/runs")
def runs() -> str:
    """Show every ranking that was published, newest first."""
    limit, offset = read_page(request.args)
    return render_template("priorities/runs.html", page=runs_page(current_session(), limit, offset))


@blueprint.post(f"{PREFIX}/priorities/runs")
@requires("rank")
def rank() -> Response:
    """Start a ranking of the data as they are now, in the worker, and show its progress."""
    session = current_session()
    try:
        start = start_robustness if request.form.get("draws") == "official" else start_ranking
        token = start(session, account_id=getattr(g, "account_id", None))
        session.commit()
    except JobRunningError as running:
        if running.token is None:
            raise
        token = running.token
    return redirect(url_for("jobs.job", token=token), code=303)


@blueprint.get(f"{PREFIX}/priorities/runs/<run_hash>")
def run(run_hash: str) -> str:
    """Show one frozen ranking: what went in, how to cite it."""
    found = published_run(current_session(), run_hash.lower())
    if found is None:
        abort(404)
    show_run(found)
    return render_template("priorities/run.html", page=run_page(current_session(), found))


@blueprint.get("/r/<run_hash>")
def short(run_hash: str) -> Response:
    """Lead the short address of a citation to the page of its run, in the reader's language."""
    return redirect(url_for("priorities.run", run_hash=run_hash), code=302)
