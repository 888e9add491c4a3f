"""The wizard: choose a file, say what its columns hold, read the report, take it in, take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.exports.problem_list import problems_csv, problems_xlsx
from app.i18n.catalogue import translator
from app.web.filters import read_page
from app.web.guard import declare_action, requires
from app.web.imports import presenters, steps
from app.web.imports.forms import is_yes, read_file, read_options
from app.web.language import PREFIX, current_language
from app.web.request import current_session
from app.workflows.import_file import cancel_batch, prepare_mapping
from app.workflows.import_options import (
    FileTooLargeError,
    ImportOptions,
    InvalidFieldError,
    UndoRefusedError,
)
from geodata.queries import imports

if TYPE_CHECKING:
    from app.web.imports.steps import Step

blueprint = Blueprint("imports", __name__, url_prefix=f"{PREFIX}/imports")
declare_action(blueprint, "import")
LONGEST_COLUMN = 10


@blueprint.get("")
def index() -> str:
    """Show the form for a new file and the list of batches."""
    limit, offset = read_page(request.args, default=25)
    page = presenters.index_page(current_session(), limit, offset, request.args)
    return render_template("imports/index.html", page=page)


@blueprint.post("")
def send() -> AnyResponse:
    """Keep the file and go on to its columns; a raster and a refused file go straight to their report."""
    try:
        options = read_options(request.form)
        kept = read_file()
    except (InvalidFieldError, FileTooLargeError) as error:
        page = presenters.index_page(current_session(), 25, 0, request.form, error)
        status = 413 if isinstance(error, FileTooLargeError) else 422
        return Response(render_template("imports/index.html", page=page), status=status)
    opened = steps.read(kept, options)
    summary = prepare_mapping(current_session(), opened, options)
    if summary.status == "mapping":
        return redirect(url_for("imports.mapping", batch_id=summary.id), code=303)
    return redirect(url_for("imports.batch", batch_id=summary.id), code=303)


@blueprint.get("/<int:batch_id>/mapping")
def mapping(batch_id: int) -> str | AnyResponse:
    """Show each column with sample values and what it is taken for."""
    summary = steps.find(batch_id)
    if summary.status not in ("mapping", "checked", "refused") or "preview" not in summary.options:
        return redirect(url_for("imports.batch", batch_id=batch_id), code=303)
    return render_template("imports/mapping.html", page=presenters.mapping_page(summary))


@blueprint.post("/<int:batch_id>/mapping")
def check(batch_id: int) -> AnyResponse:
    """Check the file with the columns as chosen."""
    summary = steps.find(batch_id)
    if summary.status not in ("mapping", "checked", "refused"):
        return redirect(url_for("imports.batch", batch_id=batch_id), code=303)
    options = ImportOptions.from_json(summary.options | {"overrides": presenters.chosen_columns(summary, request.form)})
    return _go_on(steps.check_again(summary, options))


@blueprint.post("/<int:batch_id>/again")
def again(batch_id: int) -> AnyResponse:
    """Go on with a check that was interrupted, or show the job that does it."""
    summary = steps.find(batch_id)
    return _go_on(steps.go_on(summary) if summary.status == "checking" else steps.Step(summary))


@blueprint.get("/<int:batch_id>")
def batch(batch_id: int) -> str:
    """Show what the check found, what was done, and what can be done next."""
    limit, offset = read_page(request.args, default=25)
    page = presenters.batch_page(current_session(), steps.find(batch_id), request.args.get("show"), limit, offset)
    return render_template("imports/batch.html", page=page)


@blueprint.post("/<int:batch_id>/commit")
def commit(batch_id: int) -> AnyResponse:
    """Take the good rows in; the form says whether refused rows are left behind knowingly."""
    accept = is_yes(request.form.get("accept_good_rows"))
    return _go_on(steps.commit(steps.find(batch_id), accept_good_rows=accept))


@blueprint.post("/<int:batch_id>/cancel")
def cancel(batch_id: int) -> AnyResponse:
    """Set a checked file aside; nothing had been changed."""
    cancel_batch(current_session(), batch_id)
    return redirect(url_for("imports.index"), code=303)


@blueprint.post("/<int:batch_id>/undo")
@requires("undo")
def undo(batch_id: int) -> AnyResponse:
    """Take a committed batch back, or say what rests on it."""
    session = current_session()
    try:
        steps.take_back(batch_id)
    except UndoRefusedError as error:
        session.rollback()
        page = presenters.batch_page(session, steps.find(batch_id), None, 25, 0, error.obstacles)
        return Response(render_template("imports/batch.html", page=page), status=409)
    return redirect(url_for("imports.batch", batch_id=batch_id), code=303)


@blueprint.post("/<int:batch_id>/ways")
def ways(batch_id: int) -> AnyResponse:
    """Work the ways by road out once more, where that failed after this import."""
    return _go_on(steps.ways_again(steps.find(batch_id)))


@blueprint.get("/<int:batch_id>/problems.<any(csv, xlsx):extension>")
def problems(batch_id: int, extension: str) -> Response:
    """Send all problems as a file."""
    summary = steps.find(batch_id)
    translate = translator(current_language())
    found = imports.iterate_problems(current_session(), summary.id)
    if extension == "csv":
        response = Response(b"".join(problems_csv(found, translate)), mimetype="text/csv")
    else:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        response = Response(problems_xlsx(found, translate), mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="import-{batch_id}-problems.{extension}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _go_on(step: Step) -> AnyResponse:
    if step.job is not None:
        return redirect(url_for("jobs.job", token=step.job), code=303)
    return redirect(url_for("imports.batch", batch_id=step.summary.id), code=303)
