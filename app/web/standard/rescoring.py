"""All schools by the answers of another day or by another edition: what moved, and what did it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Response, abort, render_template, request, url_for

from app.exports.csvw import EXTENSION
from app.exports.plain_table import TYPES
from app.i18n.marks import N_
from app.web.csv_companion import about_table
from app.web.filters import InvalidFilterError, read_page
from app.web.guard import requires
from app.web.language import current_language
from app.web.priorities.list_page import page_of
from app.web.request import current_session
from app.web.standard.blueprint import blueprint
from app.workflows.rescore import CAUSES, Moment, NoSchoolsError, UnknownEditionError, compare
from app.workflows.rescore_file import rescored_file
from app.workflows.rescore_table import rows_moved, school_moves, summarise
from geodata.queries import past, standard

if TYPE_CHECKING:
    from app.workflows.rescore import Comparison, Rescorer
    from geodata.database import Session

CAUSE_WORDS = {
    "rule": N_("The rule: the edition asks otherwise"),
    "data": N_("Our knowledge: known only now, or corrected"),
    "reality": N_("Reality: another answer by later evidence"),
    "undivided": N_("Cannot be told apart: the first who verified it found otherwise"),
}
CAUSE_SHORT = {"rule": N_("Rule"), "data": N_("Data"), "reality": N_("Reality"), "undivided": N_("Not divided")}
GRADE_ORDER = ("A", "B", "C", "D", "E", "unknown")
EARLIEST = 1991


@blueprint.get("/standard/rescore")
def rescore() -> str:
    """Compare two moments (``against_date=``, ``against_edition=`` with ``date=``, ``edition=``); else ask for them."""
    session = current_session()
    page: dict[str, Any] = {
        "editions": standard.list_editions(session),
        "today": past.today_in_country(session),
        "cause_words": CAUSE_WORDS,
        "cause_short": CAUSE_SHORT,
        "grades": GRADE_ORDER,
        "asked": None,
        "told": None,
    }
    if request.args.get("edition"):
        page |= _compared(session, page["today"])
    else:
        _asked(session, page["today"])  # a day that is none is refused, also where no edition is chosen yet
    return render_template("standard/rescore.html", page=page)


@blueprint.get("/standard/rescore.csv-metadata.json", defaults={"extension": EXTENSION})
@blueprint.get("/standard/rescore.<any(csv, xlsx):extension>")
@requires("export")
def rescore_file(extension: str) -> Response:
    """Send every school at both moments."""
    session = current_session()
    old, new = _asked(session, past.today_in_country(session))
    loaded, found = _compare(session, old, new)
    response = Response(
        rescored_file(session, loaded, found, extension, current_language(), about_table(of_run=False)),
        content_type=TYPES[extension],
    )
    name = f"rescore-{old.day.isoformat()}-{new.day.isoformat()}.{extension}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _compared(session: Session, today: date) -> dict[str, Any]:
    old, new = _asked(session, today)
    cause = request.args.get("cause") or None
    if cause is not None and cause not in CAUSES:
        raise InvalidFilterError("cause", cause, CAUSES)
    limit, offset = read_page(request.args)
    asked: dict[str, Any] = {
        "edition": new.edition,
        "date": new.day.isoformat(),
        "against_edition": old.edition,
        "against_date": old.day.isoformat(),
    }
    loaded, found = _compare(session, old, new)
    rows = rows_moved(found, cause).tolist()

    def address(cause: str | None = cause, offset: int | None = None) -> str:
        return url_for("standard.rescore", **asked, cause=cause, offset=offset)

    return {
        "asked": asked,
        "old": old,
        "new": new,
        "cause": cause,
        "told": summarise(session, loaded, found),
        "moves": school_moves(session, loaded, found, rows[offset : offset + limit]),
        "pages": page_of(lambda offset: address(offset=offset), len(rows), limit, offset),
        "address": address,
        "file": lambda extension: url_for("standard.rescore_file", extension=extension, **asked),
    }


def _compare(session: Session, old: Moment, new: Moment) -> tuple[Rescorer, Comparison]:
    try:
        return compare(session, old, new)
    except (UnknownEditionError, NoSchoolsError):
        abort(404)


def _asked(session: Session, today: date) -> tuple[Moment, Moment]:
    """Return the moment to compare with, and the one asked about; each part that is left out is the present one."""
    current = standard.find_edition(session)
    code = current.code if current else ""
    new = Moment(_day("date", today, today), request.args.get("edition") or code)
    old = Moment(_day("against_date", new.day, today), request.args.get("against_edition") or code)
    return old, new


def _day(name: str, default: date, today: date) -> date:
    text = request.args.get(name, "").strip()
    if not text:
        return default
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidFilterError(name, text) from error
    if day > today or day.year < EARLIEST:
        raise InvalidFilterError(name, text)
    return day
