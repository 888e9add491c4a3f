"""Pages of the audit: the list with its filter, one link with all of its changes, and files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.web.audit import presenters
from app.web.audit.forms import read_after, read_before, read_filter, write_filter
from app.web.guard import declare_action
from app.web.language import PREFIX, current_language
from app.web.request import current_scope, current_session
from app.workflows.export_audit import is_long, start_export, write_audit

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

blueprint = Blueprint("audit", __name__, url_prefix=f"{PREFIX}/audit")
declare_action(blueprint, "audit")


@blueprint.get("")
def index() -> str:
    """Show what was changed, newest first."""
    page = presenters.list_page(current_session(), read_filter(request.args), read_before(request.args))
    return render_template("audit/index.html", page=page, choices=presenters.choices())


@blueprint.get("/<int:position>")
def entry(position: int) -> str:
    """Show one link of the chain with everything that it covers."""
    page = presenters.entry_page(current_session(), min(position, 2**62), read_after(request.args))
    if page is None:
        abort(404)
    return render_template("audit/entry.html", page=page, entry=page.entries[0])


@blueprint.get("/changes.<any(csv, xlsx):extension>")
def download(extension: str) -> AnyResponse:
    """Send what the filter lets through; a long file is offered as a job."""
    session, wanted = current_session(), read_filter(request.args)
    if is_long(session, wanted):
        address = url_for("audit.index", **write_filter(wanted), long=extension)  # type: ignore[arg-type]
        return redirect(f"{address}#file", code=303)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"mektep-audit.{extension}"
        write_audit(session, wanted, extension, current_language(), path)
        response = Response(path.read_bytes(), content_type=TYPES[extension])
    response.headers.set("Content-Disposition", "attachment", filename=f"mektep-audit.{extension}")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@blueprint.post("/changes.<any(csv, xlsx):extension>")
def start(extension: str) -> AnyResponse:
    """Let the worker write a long file, and show how far it is."""
    session = current_session()
    wanted = read_filter(request.form)
    account_id: int | None = getattr(g, "account_id", None)
    token = start_export(session, wanted, extension, current_language(), scope=current_scope(), account_id=account_id)
    session.commit()
    return redirect(url_for("jobs.job", token=token), code=303)
