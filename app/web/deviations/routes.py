"""The deviation log: money out of the order of the list, with its reason, by oblast and year; and its entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.exports.csvw import EXTENSION
from app.exports.plain_table import TYPES, table_file
from app.i18n.catalogue import translator
from app.i18n.names import local_name
from app.web.csv_companion import about_table
from app.web.deviations import words
from app.web.filters import read_page
from app.web.guard import declare_action, requires
from app.web.language import PREFIX, current_language
from app.web.official.routes import file_answer
from app.web.priorities.list_page import page_of
from app.web.request import current_session
from app.workflows.record_project import OutOfOrderError, ProjectIncompleteError, SentProject, record_project
from app.workflows.revise_errors import OutsideTerritoryError
from geodata.queries import funded_projects, record_facts, revisions

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.exports.plain_table import Cell
    from geodata.queries.funded_projects import Passed, Project
    from geodata.records.revision import StoredRecord

UNPROCESSABLE = 422

blueprint = Blueprint("deviations", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")


@blueprint.get("/priorities/deviations")
def index() -> str:
    """Show the rates by oblast and year, and what was funded out of order, the newest first."""
    session, shows_all = current_session(), request.args.get("all") == "1"
    limit, offset = read_page(request.args)
    rates = funded_projects.rates(session)
    total = sum(rate.projects if shows_all else rate.deviations for rate in rates)

    def address(offset: int | None) -> str:
        return url_for("deviations.index", offset=offset or None, all="1" if shows_all else None)

    page = {
        "rates": rates,
        "rows": funded_projects.list_projects(session, only_deviations=not shows_all, limit=limit, offset=offset),
        "shows_all": shows_all,
        "projects": sum(rate.projects for rate in rates),
        "deviations": sum(rate.deviations for rate in rates),
        "money": words.MONEY,
        "reasons": words.REASONS,
        "pages": page_of(address, total, limit, offset),
    }
    return render_template("deviations/index.html", page=page)


@blueprint.get("/priorities/deviations.csv-metadata.json", defaults={"extension": EXTENSION})
@blueprint.get("/priorities/deviations.<any(csv, xlsx):extension>")
@requires("export")
def download(extension: str) -> Response:
    """Send all funded projects as a table, those in order too."""
    say, language = translator(current_language()), current_language()
    rows = funded_projects.list_projects(current_session(), only_deviations=False)
    labels = [say(label) for label in words.COLUMNS.values()]
    cells = (_cells(row, language, say) for row in rows)
    content = table_file(extension, list(words.COLUMNS), labels, cells, say(words.SHEET), about_table(of_run=False))
    return file_answer(content, f"mektep-funded-projects.{extension}", TYPES[extension])


def _cells(row: Project, language: str, say: Callable[..., str]) -> list[Cell]:
    return [
        row.code,
        local_name(row, language),
        row.national_rank,
        local_name(row, language, "oblast_name") if row.oblast_code else None,
        row.amount_som,
        say(words.MONEY[row.money]),
        row.funded_on.isoformat(),
        row.passed_count,
        row.passed_code,
        row.passed_rank,
        say(words.REASONS[row.reason_code]) if row.reason_code else None,
        row.reason_ky,
        row.reason_ru,
        row.document,
        row.document_url,
        row.document_sha256,
        row.run_hash,
    ]


def _school(code: str) -> StoredRecord:
    found = record_facts.stored_school(current_session(), code)
    if found is None:
        abort(404)
    if "publish" not in revisions.rights_at(current_session(), found.school_id):
        raise OutsideTerritoryError
    return found


@blueprint.get("/schools/<code>/funded")
@requires("publish")
def form(code: str) -> str:
    """Show the form for money of a school; ``replaces`` names the record that is corrected."""
    return render_template("deviations/form.html", page=_page(_school(code), SentProject()))


@blueprint.post("/schools/<code>/funded")
@requires("publish")
def record(code: str) -> AnyResponse:
    """Record money for a school; out of order it is refused until reason and document are there."""
    session, school = current_session(), _school(code)
    names = SentProject.__dataclass_fields__
    sent = SentProject(**{name: request.form.get(name, "").replace("\0", "") for name in names})
    passed: Passed | None = None
    try:
        project = request.args.get("project", type=int)
        record_project(session, school.school_id, sent, request.args.get("replaces", type=int), project)
    except (ProjectIncompleteError, OutOfOrderError) as error:
        session.rollback()
        passed = getattr(error, "passed", None)
        page = _page(school, sent, error.fields, passed)
        return Response(render_template("deviations/form.html", page=page), status=UNPROCESSABLE)
    session.commit()
    flash(_("The project is recorded and public."), "good")
    return redirect(url_for("deviations.index", all="1"), code=303)


def _page(
    school: StoredRecord, sent: SentProject, wrong: tuple[str, ...] = (), passed: Passed | None = None
) -> dict[str, Any]:
    return {
        "name": local_name(school, current_language()) or school.school_code,
        "code": school.school_code,
        "sent": sent,
        "wrong": [(name, _(words.LABELS[name]), _(words.WRONG[name])) for name in wrong],
        "passed": passed,
        "labels": words.LABELS,
        "money": words.MONEY,
        "reasons": words.REASONS,
        "replaces": request.args.get("replaces", type=int),
        "project": request.args.get("project", type=int),
    }
