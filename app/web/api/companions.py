"""What the CSV files of the interface hold, beside each at an address of its own (CSVW): same filter, same run."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from app.exports.csvw import list_metadata
from app.web.api.pages import read_wish, run_of
from app.web.api.plans import read_plan_wish
from app.web.api.routes import blueprint
from app.web.csv_companion import companion_answer, own_table
from app.web.filters import write_filter
from app.web.guard import requires
from app.web.language import current_language
from app.web.past_day import ranked_run
from app.web.request import current_session
from app.workflows.export_list import describe_list
from app.workflows.export_plan import describe_plan, find_plan


@blueprint.get("/priorities.csv-metadata.json")
@requires("export")
def priorities_companion() -> Response:
    """Answer title, filter in words, run, day, licence and columns of the list as a CSV file."""
    wanted = read_wish("limit", "offset")
    run = ranked_run(run_of(wanted), wanted)
    values: dict[str, Any] = {**write_filter(wanted)}
    address = url_for("priorities.index", **values, lang=current_language(), _external=True)
    document = describe_list(current_session(), run, wanted, current_language(), address=address)
    return companion_answer(list_metadata(document, own_table()))


@blueprint.get("/plans/<plan_hash>.csv-metadata.json")
@requires("export")
def plan_companion(plan_hash: str) -> Response:
    """Answer what the CSV file of a plan holds."""
    wanted, session = read_plan_wish("limit", "offset"), current_session()
    found = find_plan(session, plan_hash)
    language = current_language()
    address = url_for("money.plan", plan_hash=found.hash[:16], area=wanted.area, lang=language, _external=True)
    return companion_answer(
        list_metadata(describe_plan(session, found, wanted.area, language, address=address), own_table())
    )
