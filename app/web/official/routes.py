"""Official lists: all there were, what moved, is this hash real, and making one official."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.exports.csvw import EXTENSION
from app.exports.plain_table import TYPES, table_file
from app.i18n.catalogue import translator
from app.web.csv_companion import about_table
from app.web.filters import read_page
from app.web.guard import declare_action, requires
from app.web.language import PREFIX, current_language
from app.web.official import forms, presenters, words
from app.web.priorities.run_page import run_page
from app.web.request import current_scope, current_session
from app.web.shown_run import show_run
from app.workflows.jobs import JobRunningError
from app.workflows.kit_job import start_kit
from app.workflows.make_official import ApprovalIncompleteError, make_official
from app.workflows.split_job import start_split
from app.workflows.swing_job import start_swings
from geodata.queries import official_lists, run_kits
from geodata.queries.runs import published_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from geodata.models import Run

UNPROCESSABLE = 422

blueprint = Blueprint("official", __name__, url_prefix=f"{PREFIX}/priorities")
declare_action(blueprint, "read")


def _run(run_hash: str) -> Run:
    found = published_run(current_session(), run_hash.lower())
    if found is None:
        abort(404)
    show_run(found)
    return found


@blueprint.get("/official")
def index() -> str:
    """Show every official list, the newest first, and which one stood on a day."""
    limit, offset = read_page(request.args)
    page = presenters.official_page(current_session(), request.args.get("date", "").strip(), limit, offset)
    return render_template("official/index.html", page=page)


@blueprint.get("/verify")
def verify() -> str:
    """Tell what a hash on a paper is: the official list, a superseded one, another ranking, or none of ours."""
    asked = request.args.get("hash", "").replace("\0", "")[: forms.LONGEST_QUESTION].strip()
    wanted = forms.read_hash(asked)
    verdict = presenters.verdict_of(current_session(), wanted) if wanted else None
    return render_template("official/verify.html", page={"asked": asked, "wanted": wanted, "verdict": verdict})


@blueprint.post("/runs/<run_hash>/official")
@requires("publish")
def decide(run_hash: str) -> AnyResponse:
    """Make a ranking the official list, and let its kit be made."""
    session, run = current_session(), _run(run_hash)
    account_id = getattr(g, "account_id", None)
    approval, wrong = forms.read_approval(request.form)
    try:
        if wrong:
            raise ApprovalIncompleteError(wrong)
        make_official(session, run, approval)
    except ApprovalIncompleteError as error:
        session.rollback()
        page = run_page(session, _run(run_hash), approval, error.fields)
        return Response(render_template("priorities/run.html", page=page), status=UNPROCESSABLE)
    if run_kits.kit_facts(session, run.id) is None:
        with suppress(JobRunningError):  # somebody has begun the kit already
            start_kit(session, run.hash, account_id=account_id)
    session.commit()
    flash(_("This ranking is the official list now."), "good")
    return redirect(url_for("priorities.run", run_hash=run.hash[:16]), code=303)


@blueprint.get("/runs/<run_hash>/changes")
def changes(run_hash: str) -> str:
    """Show what moved against the former official list, and why, school by school."""
    session, run = current_session(), _run(run_hash)
    limit, offset = read_page(request.args)
    decided = _with_former(run)
    page = presenters.changes_page(session, run, decided, forms.read_reason(request.args), limit, offset)
    return render_template("official/changes.html", page=page)


def _with_former(run: Run) -> official_lists.Decided:
    found = official_lists.decisions_of(current_session(), run.id)
    if not found or found[0].decision.former_run_id is None:
        abort(404)
    return found[0]


@blueprint.post("/runs/<run_hash>/changes")
@requires("rank")
def split(run_hash: str) -> AnyResponse:
    """Let the worker split exactly what moved, and show how far it is."""
    session, run = current_session(), _run(run_hash)
    _with_former(run)
    return _to_job(lambda: start_split(session, run.hash, account_id=getattr(g, "account_id", None)))


@blueprint.get("/runs/<run_hash>/changes.csv-metadata.json", defaults={"extension": EXTENSION})
@blueprint.get("/runs/<run_hash>/changes.<any(csv, xlsx):extension>")
@requires("export")
def changes_file(run_hash: str, extension: str) -> Response:
    """Send what moved as a table."""
    session, run = current_session(), _run(run_hash)
    rows = official_lists.list_changes(session, _with_former(run).decision.id, forms.read_reason(request.args))
    say = translator(current_language())
    said = {reason: say(word) for reason, word in words.REASONS.items()}
    labels = [say(label) for label in words.CHANGE_COLUMNS.values()]
    cells = presenters.change_rows(rows, current_language(), said)
    content = table_file(extension, list(words.CHANGE_COLUMNS), labels, cells, say(words.CHANGES_SHEET), about_table())
    return file_answer(content, f"mektep-changes-{run.hash[:12]}.{extension}", TYPES[extension])


def file_answer(content: bytes, name: str, content_type: str) -> Response:
    """Return bytes as a download that no browser runs."""
    response = Response(content, content_type=content_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "public, max-age=60" if current_scope() == "public" else "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@blueprint.get("/runs/<run_hash>/kit.zip")
@requires("export")
def kit(run_hash: str) -> Response:
    """Send the kit from which the ranking can be made again anywhere."""
    run = _run(run_hash)
    content = run_kits.kit_content(current_session(), run.id)
    if content is None:
        abort(404)
    return file_answer(content, f"mektep-kit-{run.hash[:16]}.zip", "application/zip")


@blueprint.post("/runs/<run_hash>/kit")
@requires("rank")
def make_kit(run_hash: str) -> AnyResponse:
    """Let the worker make the kit, and show how far it is."""
    session, run = current_session(), _run(run_hash)
    return _to_job(lambda: start_kit(session, run.hash, account_id=getattr(g, "account_id", None)))


@blueprint.post("/runs/<run_hash>/swings")
@requires("rank")
def make_swings(run_hash: str) -> AnyResponse:
    """Let the worker find out which values of the method matter most for each school."""
    session, run = current_session(), _run(run_hash)
    return _to_job(lambda: start_swings(session, run.hash, account_id=getattr(g, "account_id", None)))


def _to_job(start: Callable[[], str]) -> AnyResponse:
    """Start a job, or find the same one under way, and go to its page."""
    try:
        token = start()
        current_session().commit()
    except JobRunningError as running:
        if running.token is None:
            raise
        token = running.token
    return redirect(url_for("jobs.job", token=token), code=303)
