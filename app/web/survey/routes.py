"""Survey first: the schools that the method sends somebody to before any other, with the reason of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import gettext as _

from app.exports.csvw import EXTENSION
from app.exports.plain_table import TYPES, table_file
from app.i18n.catalogue import translator
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.risk.parameters import default_parameters
from app.web.checked_filter import checked_filter
from app.web.csv_companion import about_table
from app.web.filters import InvalidFilterError, read_page
from app.web.guard import declare_action, requires
from app.web.language import PREFIX, current_language
from app.web.money.presenters import bundle_words
from app.web.official.routes import file_answer
from app.web.priorities.list_page import page_of
from app.web.remembered import remembered
from app.web.request import current_session
from app.web.shown_run import run_or_none
from app.web.survey.words import COLUMNS, PARTS, WORDS, WORTH
from geodata.queries import areas, survey_first, survey_values
from geodata.queries.survey_first import REASONS, SurveyRule

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.exports.plain_table import Cell
    from geodata.models import Run
    from geodata.queries.survey_first import SurveyRow
    from geodata.queries.survey_values import SurveyWorth

blueprint = Blueprint("survey", __name__, url_prefix=f"{PREFIX}/priorities")
declare_action(blueprint, "read")

SHEET = N_("Survey first")
NEXT_SHOWN = 25


def _rule() -> SurveyRule:
    parameters = default_parameters()
    msk = parameters["survey.msk"]
    return SurveyRule(msk, parameters.msk_pga[int(msk)], parameters["survey.pupils"], parameters.types)


def _reason() -> str | None:
    wish = request.args.get("reason", "").strip()
    if wish and wish not in REASONS:
        raise InvalidFilterError("reason", wish, WORDS)
    return wish or None


def _found(run: Run, area: str | None) -> list[SurveyRow]:
    def ask() -> list[SurveyRow]:
        return survey_first.list_schools(current_session(), run.id, run.edition_id, _rule(), area)

    return remembered(f"survey {run.id} {area}", ask)


def _worth(run: Run, area: str | None) -> list[SurveyWorth]:
    """Return all schools by what a survey of them is worth for its cost."""
    return remembered(
        f"survey worth {run.id} {area}", lambda: survey_values.list_values(current_session(), run.id, area)
    )


def by_worth(found: list[SurveyRow], worth: dict[str, SurveyWorth]) -> list[SurveyRow]:
    """Return those first where a visit is worth more than it costs, the most for a som first; then as they were."""

    def ratio(row: SurveyRow) -> float:
        value = worth.get(row.code)
        return (value.net_som or 0.0) / value.survey_som if value and value.survey_som else 0.0

    return sorted(found, key=lambda row: -max(ratio(row), 0.0))


def why(row: SurveyWorth, say: Callable[..., str] = _) -> str:
    """Return in sentences why a survey of a school is worth what it is."""
    told = say(WORTH[row.reason]) % {"measure": bundle_words(row.bundle) if row.bundle else ""}
    return f"{told} {say(PARTS[row.unknown_part])}" if row.unknown_part and row.reason.startswith("may_") else told


@blueprint.get("/survey")
def index() -> str:
    """Show the schools to survey first, by area and by reason."""
    run = run_or_none()
    if run is None:
        return render_template("priorities/none.html")
    return render_template("survey/index.html", page=_page(run, checked_filter().area, _reason()))


def _page(run: Run, area: str | None, reason: str | None) -> dict[str, Any]:
    limit, offset = read_page(request.args)
    worth = {row.code: row for row in _worth(run, area)}
    found = by_worth(_found(run, area), worth)
    chosen = [row for row in found if reason is None or getattr(row, reason)]
    first = {row.code for row in found}
    rest = [row for code, row in worth.items() if code not in first]

    def address(offset: int | None) -> str:
        wanted: dict[str, Any] = {"area": area, "reason": reason, "offset": offset, "run": request.args.get("run")}
        return url_for("survey.index", **{key: value for key, value in wanted.items() if value})

    return {
        "run": run,
        "rule": _rule(),
        "found": len(found),
        "reasons": [(name, WORDS[name], sum(getattr(row, name) for row in found)) for name in REASONS],
        "words": WORDS,
        "rows": [(row, _told(worth.get(row.code))) for row in chosen[offset : offset + limit]],
        "areas": list(areas.names(current_session(), (1, 2), area).values()),
        "chosen": {"area": area, "reason": reason},
        "pages": page_of(address, len(chosen), limit, offset),
        "is_computed": bool(worth),
        "worthwhile": sum((row.net_som or 0) > 0 for row in worth.values()),
        "next": [(row, why(row)) for row in rest[:NEXT_SHOWN]],
        "next_all": len(rest),
        "budget_som": default_parameters()["survey.budget_som"],
    }


def _told(value: SurveyWorth | None) -> tuple[str, int] | None:
    """Return why a visit is worth its cost, and by how many som; None where it is not, or nobody knows."""
    if value is None or value.net_som is None or value.net_som <= 0:
        return None
    return why(value), round(value.net_som)


@blueprint.get("/survey.csv-metadata.json", defaults={"extension": EXTENSION})
@blueprint.get("/survey.<any(csv, xlsx):extension>")
@requires("export")
def download(extension: str) -> Response:
    """Send the schools to survey first as a table."""
    run, reason, language = run_or_none(), _reason(), current_language()
    if run is None:
        abort(404)
    say = translator(language)
    area = checked_filter().area
    worth = {row.code: row for row in _worth(run, area)}
    found = by_worth(_found(run, area), worth)
    first, rows = {row.code for row in found}, [row for row in found if reason is None or getattr(row, reason)]
    rest = [] if reason else [row for code, row in worth.items() if code not in first]
    labels = [say(label) for label in COLUMNS.values()]
    cells = [_cells(row, language, say) + _figures(worth.get(row.code)) for row in rows]
    cells += [_cells(row, language, say) + _figures(row) for row in rest]
    content = table_file(extension, list(COLUMNS), labels, cells, say(SHEET), about_table())
    return file_answer(content, f"mektep-survey-first-{run.hash[:12]}.{extension}", TYPES[extension])


def _cells(row: SurveyRow | SurveyWorth, language: str, say: Callable[..., str]) -> list[Cell]:
    if isinstance(row, survey_first.SurveyRow):
        flags, reasons = row.open_flags, "; ".join(say(WORDS[name]) for name in row.reasons)
    else:
        flags, reasons = None, why(row, say)
    return [
        row.code,
        local_name(row, language),
        local_name(row, language, "area_name") if row.area_code else None,
        row.national_rank,
        row.grade,
        row.pupils,
        flags,
        reasons,
    ]


def _figures(row: SurveyWorth | None) -> list[Cell]:
    if row is None:
        return [None, None, None]
    net = None if row.net_som is None else round(row.net_som)
    return [net, row.survey_som, None if row.switches is None else round(100 * row.switches, 1)]
