"""Plans as JSON and as files: the same rows and sums as their pages; visitors see what is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, request, url_for

from app.exports.document import LICENCE_ADDRESS
from app.exports.measure_words import bundle_text
from app.exports.plan_columns import plan_values
from app.exports.plan_print import find_plan_exporter
from app.web.api.file_answer import send_document
from app.web.api.pages import answer_json, answer_page, read_wish, run_of
from app.web.api.plan_models import PlanAreaItem, PlanDetail, PlanPage, PlanProvenanceItem
from app.web.api.routes import AREA_LEVELS, blueprint
from app.web.filters import PARAMETERS, InvalidFilterError, UnknownParameterError, read_page
from app.web.guard import requires
from app.web.language import current_language
from app.web.request import current_session
from app.workflows.export_plan import describe_plan, find_plan, plan_file_name
from geodata.queries import plan_items, plans, provenance
from geodata.queries.list_file import place_names

if TYPE_CHECKING:
    from geodata.records.plan import PlanFacts
    from geodata.records.priority import ListFilter

TAKEN = ("run", "area")
"""Filters of the list that a plan takes; the others would be answered with what they do not ask."""


def read_plan_wish(*more: str, paged: bool = True) -> ListFilter:
    """Return the filter of a plan: run and area; raises UnknownParameterError for any other filter."""
    for name in PARAMETERS:
        if name in request.args and name not in TAKEN:
            raise UnknownParameterError(name, request.args[name], TAKEN)
    return read_wish(*more, paged=paged)


def _facts(plan: PlanFacts) -> dict[str, Any]:
    facts = {name: getattr(plan, name) for name in PlanPage.model_fields if hasattr(plan, name)}
    return facts | {"run": plan.run_hash}


@blueprint.get("/plans")
def plans_page() -> Response:
    """Answer the plans of a ranking, the newest first."""
    wanted = read_plan_wish()
    limit, offset = read_page(request.args)
    run, session = run_of(wanted), current_session()
    if run is None:
        return answer_page([], 0, None, wanted)
    found = plans.list_plans(session, run.id, offset + limit)[offset:]
    items = [PlanPage(**_facts(plan)).model_dump(mode="json") for plan in found]
    return answer_page(items, plan_items.count_plans(session, run.id), run, wanted)


@blueprint.get("/plans/<plan_hash>")
def plan(plan_hash: str) -> Response:
    """Answer one plan with the text whose SHA-256 is its hash."""
    read_plan_wish(paged=False)
    session = current_session()
    found = find_plan(session, plan_hash)
    rests = [PlanProvenanceItem(**row._asdict()) for row in provenance.provenance_of(session, found.id)]
    body = PlanDetail(**_facts(found), licence=LICENCE_ADDRESS, canonical=found.canonical, provenance=rests)
    return answer_json(body.model_dump(mode="json"))


@blueprint.get("/plans/<plan_hash>/items")
def plan_items_page(plan_hash: str) -> Response:
    """Answer the funded schools of a plan by rank, whole or of an area."""
    wanted, session = read_plan_wish(), current_session()
    limit, offset = read_page(request.args)
    found = find_plan(session, plan_hash)
    run = plan_items.run_of_plan(session, found.id)
    language = current_language()
    rows = plan_items.item_rows(session, found.id, wanted.area, limit, offset)
    names = place_names(session, language)
    names |= {bundle: bundle_text(bundle, language) for bundle in {row.bundle for row in rows}}
    total = plan_items.item_sums(session, found.id, wanted.area).schools
    items = [plan_values(row, names) for row in rows]
    return answer_page(items, total, run, wanted, plan_hash=plan_hash)


@blueprint.get("/plans/<plan_hash>/areas")
def plan_areas(plan_hash: str) -> Response:
    """Answer what a plan holds for each area of a level (``unit_level``, 1 without it), inside ``area`` if given."""
    wanted, session = read_plan_wish("unit_level"), current_session()
    limit, offset = read_page(request.args)
    level = request.args.get("unit_level") or "1"
    if level not in AREA_LEVELS:
        raise InvalidFilterError("unit_level", level, AREA_LEVELS)
    found = find_plan(session, plan_hash)
    run = plan_items.run_of_plan(session, found.id)
    every = plan_items.sums_by_area(session, found.id, int(level), wanted.area)
    items = [PlanAreaItem.model_validate(row).model_dump(mode="json") for row in every[offset : offset + limit]]
    return answer_page(items, len(every), run, wanted, plan_hash=plan_hash, unit_level=level)


@blueprint.get("/plans/<plan_hash>.<ext>")
@requires("export")
def plan_file(plan_hash: str, ext: str) -> Response:
    """Send a plan as a file, whole or of an area."""
    exporter, session = find_plan_exporter(ext), current_session()
    wanted = read_plan_wish("limit", "offset")  # taken and ignored: a file holds the whole plan
    found = find_plan(session, plan_hash)
    language = current_language()
    address = url_for("money.plan", plan_hash=found.hash[:16], area=wanted.area, lang=language, _external=True)
    document = describe_plan(session, found, wanted.area, language, address=address)
    return send_document(exporter, document, plan_file_name(document, exporter.key))
