"""POST a file, commit a checked one, ask how one stands: as on the page, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request, url_for

from app.i18n.catalogue import translator
from app.web.errors import BY_ERROR, problem_answer
from app.web.filters import read_page
from app.web.guard import declare_action
from app.web.imports import steps
from app.web.imports.forms import is_yes, read_file, read_key, read_mapping, read_mode, read_options
from app.web.language import current_language
from app.web.request import current_session
from app.workflows.import_options import ProblemsRemainError
from geodata.errors import FileRefusedError
from geodata.queries import imports
from geodata.validation.problems import describe

if TYPE_CHECKING:
    from geodata.records.imports import ImportSummary
    from geodata.records.table import RowProblem

blueprint = Blueprint("imports_api", __name__, url_prefix="/api/v1/imports")
declare_action(blueprint, "import")
MOST_PROBLEMS = 1_000


@blueprint.post("")
def send() -> Response:
    """Check a file (mode=check) or check it and take it in (mode=commit)."""
    options = read_options(request.form, read_mapping(request.form.get("mapping")))
    is_commit, key = read_mode(request.form) == "commit", read_key()
    kept = read_file()
    accept = is_yes(request.form.get("accept_good_rows"))
    try:
        step = steps.take(kept, options, commit=is_commit, accept_good_rows=accept, key=key)
    except ProblemsRemainError as error:
        return _refused(error.summary)
    return _answer(step)


@blueprint.post("/<int:batch_id>/commit")
def commit(batch_id: int) -> Response:
    """Take a checked file in; a committed one is answered as it stands."""
    accept = is_yes(request.values.get("accept_good_rows"))
    try:
        step = steps.commit(steps.find(batch_id), accept_good_rows=accept)
    except ProblemsRemainError as error:
        return _refused(error.summary)
    return _answer(step)


@blueprint.get("/<int:batch_id>")
def batch(batch_id: int) -> Response:
    """Answer counts and problems of a batch, paged by limit and offset."""
    limit, offset = read_page(request.args, largest=MOST_PROBLEMS)
    return jsonify(as_json(steps.find(batch_id), limit, offset))


def _answer(step: steps.Step) -> Response:
    summary = step.summary
    if summary.status == "refused":
        return _refused(summary)
    body = as_json(summary)
    if step.job is not None:
        body["job"] = url_for("jobs.progress", token=step.job)
    response = jsonify(body)
    is_waiting = step.job is not None or summary.status == "checking"
    response.status_code = 202 if is_waiting else 201 if summary.status == "committed" else 200
    response.headers["Location"] = url_for("imports_api.batch", batch_id=summary.id)
    return response


def _refused(summary: ImportSummary) -> Response:
    return problem_answer(BY_ERROR[FileRefusedError], **as_json(summary) | {"status": 422, "state": summary.status})


def as_json(summary: ImportSummary, limit: int = MOST_PROBLEMS, offset: int = 0) -> dict[str, Any]:
    """Return a batch as the API shows it, with one page of its problems in the reader's language."""
    session = current_session()
    translate = translator(current_language())
    total = sum(imports.count_problems(session, summary.id).values())
    found = imports.problems(session, summary.id, limit, offset)
    body: dict[str, Any] = {
        "id": summary.id,
        "kind": summary.kind,
        "hazard": summary.hazard_code,
        "status": summary.status,
        "file": {"name": summary.file_name, "sha256": summary.file_sha256, "bytes": summary.file_bytes},
        "mapping": summary.mapping,
        "rows": summary.rows,
        "added": summary.added,
        "changed": summary.changed,
        "unchanged": summary.unchanged,
        "refused": summary.refused,
        "left_out": summary.left_out,
        "problems_total": total,
        "problems": [_problem(one, translate) for one in found],
    }
    if offset + len(found) < total:
        body["next"] = url_for("imports_api.batch", batch_id=summary.id, limit=limit, offset=offset + limit)
    return body


def _problem(problem: RowProblem, translate: Any) -> dict[str, Any]:
    what, remedy = describe(problem, translate)
    return {
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "code": problem.code,
        "severity": problem.severity,
        "message": what,
        "remedy": remedy,
    }
