"""The read API, version 1: the same filters, the same rows and the same numbers as the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, request

from app.exports.columns import values_of
from app.web.api.catalogue_models import (
    AgreementItem,
    CriterionItem,
    EditionDetail,
    EditionItem,
    GuidanceItem,
    HazardItem,
    RunDetail,
    RunItem,
    StandardDomainItem,
)
from app.web.api.models import (
    AreaDetail,
    AreaItem,
    ChangeItem,
    DomainShareItem,
    SchoolDetail,
    SchoolItem,
)
from app.web.api.pages import answer_json, answer_page, as_of, read_wish, run_of
from app.web.api.past_school import as_on_day
from app.web.filters import InvalidFilterError, read_page
from app.web.guard import declare_action
from app.web.language import current_language
from app.web.past_day import OF_TODAY, day_shown
from app.web.request import current_session
from geodata.queries import areas, edition_life, hazards, priorities, runs, school_lists, schools, standard
from geodata.queries.list_file import place_names
from geodata.records.area import DomainShare
from geodata.records.priority import ListFilter
from layers.manifest import HAZARDS

if TYPE_CHECKING:
    from geodata.database import Session

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
declare_action(blueprint, "read")

AREA_LEVELS = ("0", "1", "2", "3")
AREA_FACTS_OF_TODAY = ("population", "poverty_index")
"""Names and outlines of areas have periods of their own."""


@blueprint.get("/priorities")
def priorities_page() -> Response:
    """Answer one page of the ranked list."""
    wanted = read_wish()
    limit, offset = read_page(request.args)
    run, session = run_of(wanted), current_session()
    if run is None:
        return answer_page([], 0, None, wanted, OF_TODAY)
    places = place_names(session, current_language())
    rows = priorities.select_rows(session, run.id, wanted, limit, offset)
    total = priorities.count_rows(session, run.id, wanted)
    return answer_page([values_of(row, places) for row in rows], total, run, wanted, OF_TODAY)


@blueprint.get("/areas")
def areas_page() -> Response:
    """Answer areas on the map of a date, by level and code; ``area`` asks for the units below it."""
    wanted = read_wish("unit_level")
    level_text = request.args.get("unit_level") or None
    if level_text is not None and level_text not in AREA_LEVELS:
        raise InvalidFilterError("unit_level", level_text, AREA_LEVELS)
    level = None if level_text is None else int(level_text)
    limit, offset = read_page(request.args)
    run, session = run_of(wanted), current_session()
    found = school_lists.list_areas(session, run.id if run else None, wanted, level, limit, offset)
    total = school_lists.count_areas(session, wanted, level)
    items = [_dump(AreaItem, row) for row in found]
    return answer_page(items, total, run, wanted, AREA_FACTS_OF_TODAY, unit_level=level_text)


@blueprint.get("/areas/<code>")
def area(code: str) -> Response:
    """Answer one area of any level and period."""
    wanted = read_wish(paged=False)
    run, session = run_of(wanted), current_session()
    found = areas.find_area(session, code)
    if found is None:
        abort(404)
    run_id = run.id if run else None
    facts = AreaItem.model_validate(areas.area_row(session, run_id, found.id)).model_dump()
    return answer_json(
        AreaDetail(
            **facts,
            run=run.hash if run else None,
            as_of=as_of(AREA_FACTS_OF_TODAY),  # type: ignore[arg-type]
            above=[above.code for above in areas.breadcrumb(session, found.id)[:-1]],
            below=[below.code for below in areas.children(session, found.id, wanted.date)],
            domains=[DomainShareItem.model_validate(row) for row in _shares(run_id, found.id)],
            history=[ChangeItem.model_validate(row) for row in areas.history(session, found.id)],
        ).model_dump(mode="json")
    )


def _shares(run_id: int | None, area_id: int) -> list[DomainShare]:
    return [] if run_id is None else areas.domain_shares(current_session(), run_id, area_id)


@blueprint.get("/schools")
def schools_page() -> Response:
    """Answer schools by code, whether ranked or not."""
    wanted = read_wish()
    limit, offset = read_page(request.args)
    run, session = run_of(wanted), current_session()
    run_id = run.id if run else None
    found = school_lists.list_schools(session, run_id, wanted, limit, offset)
    total = school_lists.count_schools(session, run_id, wanted)
    return answer_page([_dump(SchoolItem, row) for row in found], total, run, wanted)


@blueprint.get("/schools/<code>")
def school(code: str) -> Response:
    """Answer one school: passport, buildings, hazards, domains and its row of the list."""
    run, session = run_of(read_wish(paged=False)), current_session()
    found = schools.find_school(session, code)
    if found is None:
        abort(404)
    facts: dict[str, Any] = {name: getattr(found, name) for name in SchoolDetail.model_fields if hasattr(found, name)}
    row = None
    if run is not None:
        ranked = priorities.row_of(session, run.id, found.id)
        row = values_of(ranked, place_names(session, current_language())) if ranked else None
    run_id = run.id if run else None
    facts |= {
        "run": run.hash if run else None,
        "priority": row,
        "buildings": schools.buildings(session, found.id, run_id),
        "hazards": schools.exposures(session, found.id),
        "domains": schools.domain_results(session, run_id, found.id) if run_id is not None else [],
    }
    day = day_shown()
    if day is not None:
        facts = as_on_day(session, day, facts) or abort(404)
    return answer_json(SchoolDetail.model_validate(facts).model_dump(mode="json", by_alias=True))


@blueprint.get("/hazards")
def hazards_page() -> Response:
    """Answer the current version of every hazard layer that the reader may see."""
    wanted = read_wish(hazards=HAZARDS)
    limit, offset = read_page(request.args)
    found = [layer for layer in hazards.current_layers(current_session()) if wanted.hazard in (None, layer.hazard)]
    items = [_hazard(layer) for layer in found[offset : offset + limit]]
    return answer_page(items, len(found), run_of(wanted), wanted)


def _hazard(layer: hazards.LayerVersion) -> dict[str, Any]:
    manifest = layer.manifest
    source = manifest.get("source") or {}
    facts = {name: getattr(layer, name) for name in HazardItem.model_fields if hasattr(layer, name)}
    facts |= {name: manifest.get(name) for name in ("title", "unit", "fitness")}
    facts |= {name: source.get(name) for name in ("publisher", "licence", "attribution")}
    facts |= {"is_context": bool(manifest.get("is_context")), "classes": manifest.get("classes") or []}
    for name in ("title", "publisher", "licence"):
        facts[name] = facts[name] or ""
    return HazardItem(**facts).model_dump(mode="json")


@blueprint.get("/standard/editions")
def editions_page() -> Response:
    """Answer the editions of the Standard."""
    wanted = read_wish()
    limit, offset = read_page(request.args)
    found = standard.list_editions(current_session())
    items = [_dump(EditionItem, edition) for edition in found[offset : offset + limit]]
    return answer_page(items, len(found), run_of(wanted), wanted)


@blueprint.get("/standard/editions/<code>")
def edition(code: str) -> Response:
    """Answer one edition with its domains and requirements."""
    read_wish(paged=False)
    session = current_session()
    found = standard.find_edition(session, code)
    if found is None:
        abort(404)
    body = EditionDetail(
        **EditionItem.model_validate(found).model_dump(),
        agreements=[AgreementItem.model_validate(row) for row in edition_life.agreements(session, found.id)],
        domains=[StandardDomainItem.model_validate(row) for row in standard.domains(session, found.id)],
        criteria=_criteria(session, found.id),
    )
    return answer_json(body.model_dump(mode="json"))


def _criteria(session: Session, edition_id: int) -> list[CriterionItem]:
    rows = standard.criteria(session, edition_id)
    told = edition_life.guidance(session, [row.id for row in rows])
    items = [CriterionItem.model_validate(row) for row in rows]
    for row, item in zip(rows, items, strict=True):
        item.guidance = GuidanceItem.model_validate(told[row.id]) if row.id in told else None
    return items


@blueprint.get("/runs")
def runs_page() -> Response:
    """Answer rankings, newest first."""
    wanted = read_wish()
    limit, offset = read_page(request.args)
    session = current_session()
    found = runs.list_runs(session, limit, offset)
    return answer_page([_dump(RunItem, run) for run in found], runs.count_runs(session), run_of(wanted), wanted)


@blueprint.get("/runs/<run_hash>")
def run(run_hash: str) -> Response:
    """Answer one ranking with the text whose SHA-256 is its hash."""
    read_wish(paged=False)
    found = run_of(ListFilter(run=run_hash))
    if found is None:
        abort(404)
    edition_of_run = standard.edition_by_id(current_session(), found.edition_id)
    body = RunDetail(
        **RunItem.model_validate(found).model_dump(),
        edition=edition_of_run.code if edition_of_run else "",
        canonical=found.canonical,
    )
    return answer_json(body.model_dump(mode="json"))


def _dump(model: Any, record: Any) -> dict[str, Any]:
    found: dict[str, Any] = model.model_validate(record).model_dump(mode="json")
    return found


from app.web.api import companions, description, files, plans  # noqa: E402,F401  their views belong to this blueprint
