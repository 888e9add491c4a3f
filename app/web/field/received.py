"""Forms that came back: send a file of them, read a server, look at one, set it right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.web.field import presenters
from app.web.field.blueprint import blueprint
from app.web.filters import read_page
from app.web.guard import requires
from app.web.imports.forms import read_file
from app.web.request import current_session
from app.workflows.field_connections import start_reading
from app.workflows.field_files import form_labels, read_delivery
from app.workflows.field_job import LARGE_BYTES, start_taking
from app.workflows.import_options import FileTooLargeError, InvalidFieldError
from app.workflows.repair_submissions import choose_version, repair, set_aside, try_again
from app.workflows.take_submissions import take_submissions
from geodata.errors import FileRefusedError
from geodata.records.submission import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.workflows.import_options import KeptFile
    from geodata.database import Session


STEPS: dict[str, Callable[[Session, int], object]] = {
    "again": try_again,
    "aside": set_aside,
    "repair": lambda session, number: repair(session, number, request.form),
    "choose": lambda session, number: choose_version(session, number, request.form.get("number", default=0, type=int)),
}


@blueprint.post("/submissions")
@requires("import")
def send() -> AnyResponse:
    """Take a file of forms in; a large one is the worker's."""
    try:
        kept = read_file()
    except (InvalidFieldError, FileTooLargeError) as error:
        page = presenters.index_page(current_session(), error)
        return Response(render_template("field/index.html", page=page), status=presenters.status_of(error))
    return _hand_over(kept) if kept.size > LARGE_BYTES else _take(kept)


def _hand_over(kept: KeptFile) -> AnyResponse:
    token = start_taking(current_session(), kept, account_id=g.account_id)
    current_session().commit()
    return redirect(url_for("jobs.job", token=token), code=303)


def _take(kept: KeptFile) -> AnyResponse:
    session = current_session()
    labels = form_labels(session)
    session.commit()
    try:
        outcome = take_submissions(session, read_delivery(kept.path, labels), kept.name)
    except FileRefusedError as error:
        page = presenters.taken_page(Outcome(problems=[error.problem]), kept.name)
        return Response(render_template("field/taken.html", page=page), status=422)
    session.commit()
    return Response(render_template("field/taken.html", page=presenters.taken_page(outcome, kept.name)))


@blueprint.post("/connections/<int:connection_id>/read")
@requires("import")
def read(connection_id: int) -> AnyResponse:
    """Let the worker read a server."""
    session = current_session()
    token = start_reading(session, connection_id, account_id=g.account_id)
    session.commit()
    return redirect(url_for("jobs.job", token=token), code=303)


@blueprint.get("/submissions")
@requires("see")
def submissions() -> str:
    """List what came back, the newest first."""
    limit, offset = read_page(request.args, default=25)
    page = presenters.list_page(current_session(), request.args.get("status"), limit, offset)
    return render_template("field/submissions.html", page=page)


@blueprint.get("/submissions/<int:submission_id>")
@requires("see")
def submission(submission_id: int) -> str:
    """Show one form with all its versions."""
    return render_template("field/submission.html", page=presenters.one_page(current_session(), submission_id))


@blueprint.post("/submissions/<int:submission_id>/<step>")
@requires("import")
def change(submission_id: int, step: str) -> AnyResponse:
    """Set a form right, try it again, choose another version, or set it aside."""
    if step not in STEPS:
        abort(404)
    session = current_session()
    STEPS[step](session, submission_id)
    session.commit()
    return redirect(url_for("field.submission", submission_id=submission_id), code=303)
