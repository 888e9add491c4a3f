"""Survey first: the schools that the method sends somebody to before any other, with the reason of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, render_template, request, url_for

from app.exports.plain_table import TYPES, table_file
from app.i18n.catalogue import translator
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.risk.parameters import default_parameters
from app.web.filters import InvalidFilterError, read_filter, read_page
from app.web.guard import declare_action, requires
from app.web.language import PREFIX, current_language
from app.web.official.routes import file_answer
from app.web.priorities.list_page import page_of
from app.web.remembered import remembered
from app.web.request import current_session
from app.web.shown_run import run_or_none
from geodata.queries import areas, survey_first
from geodata.queries.survey_first import REASONS, SurveyRule

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.exports.plain_table import Cell
    from geodata.models import Run
    from geodata.queries.survey_first import SurveyRow

blueprint = Blueprint("survey", __name__, url_prefix=f"{PREFIX}/priorities")
declare_action(blueprint, "read")

WORDS = {
    "unknown_type": N_("Unknown type of a building where strong shaking is expected"),
    "red_flag_open": N_("A critical requirement that nobody has looked at"),
    "insufficient_data": N_("Too little is known, and many pupils"),
}
COLUMNS = {
    "code": N_("Code"),
    "name": N_("School"),
    "area": N_("Area"),
    "national_rank": N_("Rank"),
    "grade": N_("Grade"),
    "pupils": N_("Pupils"),
    "open_flags": N_("Critical requirements without an answer"),
    "reasons": N_("Reasons"),
}
SHEET = N_("Survey first")


def _rule() -> SurveyRule:
    parameters = default_parameters()
    msk = parameters["survey.msk"]
    return SurveyRule(msk, parameters.msk_pga[int(msk)], parameters["survey.pupils"], parameters.types)


def _reason() -> str | None:
    wish = request.args.get("reason", "").strip()
    if wish and wish not in REASONS:
        raise InvalidFilterError("reason", wish)
    return wish or None


def _found(run: Run, area: str | None) -> list[SurveyRow]:
    def ask() -> list[SurveyRow]:
        return survey_first.list_schools(current_session(), run.id, run.edition_id, _rule(), area)

    return remembered(f"survey {run.id} {area}", ask)


@blueprint.get("/survey")
def index() -> str:
    """Show the schools to survey first, by area and by reason."""
    run = run_or_none()
    if run is None:
        return render_template("priorities/none.html")
    return render_template("survey/index.html", page=_page(run, read_filter(request.args).area, _reason()))


def _page(run: Run, area: str | None, reason: str | None) -> dict[str, Any]:
    limit, offset = read_page(request.args)
    found = _found(run, area)
    chosen = [row for row in found if reason is None or getattr(row, reason)]

    def address(offset: int | None) -> str:
        wanted: dict[str, Any] = {"area": area, "reason": reason, "offset": offset, "run": request.args.get("run")}
        return url_for("survey.index", **{key: value for key, value in wanted.items() if value})

    return {
        "run": run,
        "rule": _rule(),
        "found": len(found),
        "reasons": [(name, WORDS[name], sum(getattr(row, name) for row in found)) for name in REASONS],
        "words": WORDS,
        "rows": chosen[offset : offset + limit],
        "areas": list(areas.names(current_session(), (1, 2), area).values()),
        "chosen": {"area": area, "reason": reason},
        "pages": page_of(address, len(chosen), limit, offset),
    }


@blueprint.get("/survey.<any(csv, xlsx):extension>")
@requires("export")
def download(extension: str) -> Response:
    """Send the schools to survey first as a table."""
    run, reason, language = run_or_none(), _reason(), current_language()
    if run is None:
        abort(404)
    say = translator(language)
    rows = [row for row in _found(run, read_filter(request.args).area) if reason is None or getattr(row, reason)]
    labels = [say(label) for label in COLUMNS.values()]
    cells = (_cells(row, language, say) for row in rows)
    content = table_file(extension, list(COLUMNS), labels, cells, say(SHEET))
    return file_answer(content, f"mektep-survey-first-{run.hash[:12]}.{extension}", TYPES[extension])


def _cells(row: SurveyRow, language: str, say: Callable[..., str]) -> list[Cell]:
    return [
        row.code,
        local_name(row, language),
        local_name(row, language, "area_name") if row.area_code else None,
        row.national_rank,
        row.grade,
        row.pupils,
        row.open_flags,
        "; ".join(say(WORDS[name]) for name in row.reasons),
    ]
