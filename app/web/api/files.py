"""The ranked list as a file: written while the reader waits when short, by a job when long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, abort, g, jsonify, redirect, request, url_for

from app.exports.exporter import UnknownFormatError, file_name, find_exporter
from app.web.api.file_answer import send_document
from app.web.api.pages import read_wish, run_of
from app.web.api.routes import blueprint
from app.web.filters import write_filter
from app.web.guard import requires
from app.web.language import current_language
from app.web.past_day import day_shown, ranked_run
from app.web.request import current_scope, current_session
from app.workflows.export_list import describe_list, is_long, start_export
from geodata.queries.priorities import count_rows

if TYPE_CHECKING:
    from app.exports.exporter import Exporter
    from geodata.models import Run
    from geodata.records.priority import ListFilter


@blueprint.get("/priorities.<ext>")
@requires("export")
def priorities_file(ext: str) -> Response:
    """Send the filtered list as a file; a long list becomes a job and its page."""
    try:
        exporter = find_exporter(ext)
    except UnknownFormatError:
        abort(404)
    wanted = read_wish("limit", "offset")  # taken and ignored: a file holds the whole list
    run = ranked_run(run_of(wanted), wanted)
    if is_long(exporter.key, count_rows(current_session(), run.id, wanted)):
        return _as_job(exporter, run, wanted)
    return _now(exporter, run, wanted)


def _page_address(run: Run, wanted: ListFilter) -> str:
    values: dict[str, Any] = {**write_filter(wanted, run=None if day_shown() else run.hash)}
    return url_for("priorities.index", **values, lang=current_language(), _external=True)


def _now(exporter: Exporter, run: Run, wanted: ListFilter) -> Response:
    document = describe_list(current_session(), run, wanted, current_language(), address=_page_address(run, wanted))
    return send_document(exporter, document, file_name(document, exporter.key))


def _as_job(exporter: Exporter, run: Run, wanted: ListFilter) -> Response:
    session = current_session()
    token = start_export(
        session,
        exporter.key,
        current_language(),
        run.hash,
        wanted,
        address=_page_address(run, wanted),
        scope=current_scope(),
        account_id=getattr(g, "account_id", None),
    )
    session.commit()
    page = url_for("jobs.job", token=token, lang=current_language())
    if request.accept_mimetypes.best_match(("text/html", "application/json")) == "text/html":
        return redirect(page, code=303)  # type: ignore[return-value]
    response = jsonify(job=token, page=page, progress=url_for("jobs.progress", token=token))
    response.status_code = 202
    response.headers["Location"] = url_for("jobs.progress", token=token)
    response.headers["Cache-Control"] = "private, no-store"
    return response
