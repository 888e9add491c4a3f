"""The page of a background job, its progress as JSON, and its file. Who may not see a job finds none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, g, jsonify, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.web.guard import declare_action, requires
from app.web.jobs.presenters import present
from app.web.language import PREFIX
from app.web.request import current_session
from app.workflows.jobs import result_file
from geodata.queries import jobs
from geodata.queries.jobs import find_job

if TYPE_CHECKING:
    from geodata.records.job import JobRecord

LONGEST_TOKEN = 64
SECONDS_BETWEEN_LOOKS = 2

blueprint = Blueprint("jobs", __name__)
declare_action(blueprint, "jobs")


@blueprint.get(f"{PREFIX}/jobs/<token>")
def job(token: str) -> Response:
    """Show how far the job is; without JavaScript the page loads itself again."""
    record = _find(token)
    page = present(record, current_app.extensions["settings"])
    may_cancel = not page.is_over and g.get("account_id") is not None and record.account_id == g.account_id
    response = Response(render_template("jobs/job.html", page=page, may_cancel=may_cancel))
    response.headers["Cache-Control"] = "private, no-store"
    if not page.is_over:
        response.headers["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return response


@blueprint.get("/api/v1/jobs/<token>")
def progress(token: str) -> Response:
    """Answer the state of the job as JSON; poll it every two seconds."""
    page = present(_find(token), current_app.extensions["settings"])
    response = jsonify(page.as_json())
    response.headers["Cache-Control"] = "private, no-store"
    if not page.is_over:
        response.headers["Retry-After"] = str(SECONDS_BETWEEN_LOOKS)
    return response


@blueprint.get("/api/v1/jobs/<token>/file")
def download(token: str) -> Response:
    """Send the file of a finished job, checked against the reader's rights of this moment."""
    path = result_file(current_app.extensions["settings"], _find(token))
    if path is None:
        abort(404)
    response = send_file(path, as_attachment=True, download_name=path.name, conditional=True)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@blueprint.post(f"{PREFIX}/jobs/<token>/cancel")
@requires("work")
def cancel(token: str) -> AnyResponse:
    """Ask the worker to stop one's own job; it looks at its next report."""
    _find(token)
    session = current_session()
    if jobs.cancel(session, token):
        session.commit()
    return redirect(url_for("jobs.job", token=token), code=303)


def _find(token: str) -> JobRecord:
    record = find_job(current_session(), token) if len(token) <= LONGEST_TOKEN else None
    if record is None:
        abort(404)
    return record
