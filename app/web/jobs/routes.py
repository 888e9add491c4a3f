"""The page of a background job, its progress as JSON, and its file. Who may not see a job finds none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, send_file

from app.web.guard import declare_action
from app.web.jobs.presenters import present
from app.web.language import PREFIX
from app.web.request import current_session
from app.workflows.jobs import result_file
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
    page = present(_find(token), current_app.extensions["settings"])
    response = Response(render_template("jobs/job.html", page=page))
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


def _find(token: str) -> JobRecord:
    record = find_job(current_session(), token) if len(token) <= LONGEST_TOKEN else None
    if record is None:
        abort(404)
    return record
