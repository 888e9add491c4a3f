"""The pipeline of projects by area, one project, and the forms that begin, move and pay it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.exports.csvw import EXTENSION
from app.exports.measure_words import bundle_text
from app.exports.plain_table import TYPES, table_file
from app.i18n.catalogue import translator
from app.i18n.names import local_name
from app.web.checked_filter import check_area
from app.web.csv_companion import about_table
from app.web.filters import InvalidFilterError, read_page
from app.web.guard import declare_action, requires
from app.web.language import PREFIX, current_language
from app.web.official.routes import file_answer
from app.web.pipeline import words
from app.web.pipeline.presenters import begin_page, index_page, project_page
from app.web.request import current_session
from app.workflows.pipeline import SentMoney, SentMove, begin_project, move_project, record_money
from app.workflows.record_project import ProjectIncompleteError
from geodata.queries import areas, pipeline, schools

if TYPE_CHECKING:
    from geodata.models import Area
    from geodata.records.pipeline import PipelineRow
    from geodata.records.school import SchoolFacts

UNPROCESSABLE = 422
LEAST_HASH = 8
Sent = TypeVar("Sent", SentMove, SentMoney)

blueprint = Blueprint("pipeline", __name__, url_prefix=PREFIX)
declare_action(blueprint, "read")


def _wanted() -> tuple[dict[str, Any], Area | None, SchoolFacts | None]:
    """Return the filter of the address; raises InvalidFilterError for what is not there."""
    session = current_session()
    wanted: dict[str, Any] = {name: request.args.get(name) or None for name in ("area", "stage", "school", "plan")}
    if wanted["area"] is not None:
        check_area(wanted["area"])
    area = areas.find_area(session, wanted["area"]) if wanted["area"] else None
    school = schools.find_school(session, wanted["school"]) if wanted["school"] else None
    plan = wanted["plan"]
    is_hash = plan is None or (len(plan) >= LEAST_HASH and all(sign in "0123456789abcdef" for sign in plan))
    found = {
        "school": school is not None,
        "stage": wanted["stage"] in words.STAGES,
        "plan": is_hash,
    }
    for name, is_right in found.items():
        if wanted[name] is not None and not is_right:
            raise InvalidFilterError(name, wanted[name][:60], words.STAGES if name == "stage" else ())
    if area is not None and not area.level:
        wanted["area"] = None
    return wanted, area, school


@blueprint.get("/money/projects")
def index() -> str:
    """Show the pipeline of the country, an area, a school or a plan: sums by stage, source and unit, and projects."""
    session = current_session()
    wanted, area, school = _wanted()
    limit, offset = read_page(request.args)
    page = index_page(session, wanted, area, school, limit, offset)
    is_known = g.get("account_id") is not None
    page["begin"] = begin_page(session, school, wanted["plan"]) if school is not None and is_known else None
    return render_template("pipeline/index.html", page=page)


@blueprint.get("/money/projects.csv-metadata.json", defaults={"extension": EXTENSION})
@blueprint.get("/money/projects.<any(csv, xlsx):extension>")
@requires("export")
def download(extension: str) -> Response:
    """Send the projects of the same filter as a table."""
    say, language = translator(current_language()), current_language()
    rows = pipeline.list_projects(current_session(), _wanted()[0])
    cells = (
        [
            row.id,
            row.code,
            local_name(row, language),
            local_name(row, language, "area") if row.area_code else None,
            row.bundle,
            bundle_text(row.bundle, language),
            say(words.STAGES[row.stage]),
            row.moved_on.isoformat(),
            row.cost_som,
            row.planned_som,
            row.decided_som,
            row.spent_som,
            row.plan_hash,
            "true" if row.is_synthetic else "false",
        ]
        for row in rows
    )
    labels = [say(label) for label in words.COLUMNS.values()]
    content = table_file(extension, list(words.COLUMNS), labels, cells, say(words.SHEET), about_table(of_run=False))
    return file_answer(content, f"mektep-projects.{extension}", TYPES[extension])


def _find(number: int) -> PipelineRow:
    found = pipeline.find_project(current_session(), number)
    if found is None:
        abort(404)
    return found


@blueprint.get("/money/projects/<int:number>")
def project(number: int) -> str:
    """Show one project: where it stands, who moved it when and why, and its money by source."""
    return render_template("pipeline/project.html", page=project_page(current_session(), _find(number)))


def _sent(kind: type[Sent]) -> Sent:
    return kind(**{name: request.form.get(name, "").replace("\0", "") for name in kind.__dataclass_fields__})


@blueprint.post("/schools/<code>/projects")
@requires("see")
def begin(code: str) -> AnyResponse:
    """Begin a project of a school."""
    session = current_session()
    school = schools.find_school(session, code)
    if school is None:
        abort(404)
    form = {name: request.form.get(name, "").replace("\0", "") for name in ("bundle", "reason", "plan", "moved_on")}
    number = begin_project(session, school.id, form["bundle"], form["reason"], form["plan"], form["moved_on"])
    session.commit()
    flash(_("The project is in the pipeline and public."), "good")
    return redirect(url_for("pipeline.project", number=number), code=303)


def _incomplete(number: int, error: ProjectIncompleteError, **sent: Any) -> Response:
    """Show the form again as it was sent, with what is wrong; nothing was stored."""
    session = current_session()
    session.rollback()
    page = project_page(session, _find(number), **sent, wrong=error.fields)
    return Response(render_template("pipeline/project.html", page=page), status=UNPROCESSABLE)


@blueprint.post("/money/projects/<int:number>/move")
@requires("see")
def move(number: int) -> AnyResponse:
    """Move a project to another stage."""
    session, sent = current_session(), _sent(SentMove)
    _find(number)
    try:
        move_project(session, number, sent)
    except ProjectIncompleteError as error:
        return _incomplete(number, error, move=sent)
    session.commit()
    flash(_("The project has moved."), "good")
    return redirect(url_for("pipeline.project", number=number), code=303)


@blueprint.post("/money/projects/<int:number>/money")
@requires("publish")
def pay(number: int) -> AnyResponse:
    """Record planned or spent money of a project."""
    session, sent = current_session(), _sent(SentMoney)
    _find(number)
    try:
        record_money(session, number, sent)
    except ProjectIncompleteError as error:
        return _incomplete(number, error, money=sent)
    session.commit()
    flash(_("The money is recorded and public."), "good")
    return redirect(url_for("pipeline.project", number=number), code=303)
