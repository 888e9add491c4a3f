"""What the pages of the pipeline show: sums by stage, source and area, projects, and one project with its history."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import url_for

from app.exports.measure_words import bundle_text
from app.i18n.names import local_name
from app.web.language import current_language
from app.web.pipeline import words
from app.web.priorities.list_page import page_of
from app.workflows.pipeline import SentMoney, SentMove, stages_open
from app.workflows.record_project import list_of_money
from geodata.queries import areas, pipeline, plan_items, plans, revisions
from geodata.records.pipeline import DROPPED, StageSums

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geodata.database import Session
    from geodata.models import Area
    from geodata.records.pipeline import PipelineRow
    from geodata.records.school import SchoolFacts

DEEPEST = 3


def index_page(
    session: Session, wanted: Mapping[str, Any], area: Area | None, school: SchoolFacts | None, limit: int, offset: int
) -> dict[str, Any]:
    """Return the pipeline of an area (None: the country), a school or a plan, with a page of its projects."""
    stages = pipeline.sums_by_stage(session, wanted)
    total = sum(one.projects for one in stages if wanted["stage"] in (None, one.stage))
    language = current_language()

    def address(**more: Any) -> str:
        values = {"area": wanted["area"], "stage": wanted["stage"], "school": wanted["school"], "plan": wanted["plan"]}
        return url_for("pipeline.index", **(values | {"limit": limit if limit != 50 else None} | more))

    return {
        "stages": stages,
        "together": _together(stages),
        "sources": pipeline.sums_by_source(session, wanted),
        "units": _units(session, area) if not (wanted["school"] or wanted["plan"]) else [],
        "rows": [_row(row, language) for row in pipeline.list_projects(session, wanted, limit, offset)],
        "pages": page_of(lambda offset: address(offset=offset), total, limit, offset),
        "tabs": [(None, address(stage=None, offset=None))]
        + [(one.stage, address(stage=one.stage, offset=None)) for one in stages if one.projects],
        "wanted": wanted,
        "area": area if area is not None and area.level else None,
        "path": _path(session, area),
        "school": school,
        "words": words,
    }


def _together(stages: list[StageSums]) -> StageSums:
    counted = [one for one in stages if one.stage != DROPPED]
    names = ("projects", "unpriced", "cost_som", "planned_som", "decided_som", "spent_som")
    return StageSums("", **{name: sum(getattr(one, name) for one in counted) for name in names})


def _path(session: Session, area: Area | None) -> list[tuple[str, str]]:
    if area is None or not area.level:
        return []
    above = areas.breadcrumb(session, area.id)[:-1]
    return [
        (local_name(one, current_language()), url_for("pipeline.index", area=one.code if one.level else None))
        for one in above
    ]


def _units(session: Session, area: Area | None) -> list[dict[str, Any]]:
    level = 1 if area is None else area.level + 1
    if level > DEEPEST:
        return []
    above = area.id if area is not None and area.level else None
    return [
        {
            "name": local_name(one, current_language()),
            "facts": one,
            "address": url_for("pipeline.index", area=one.code),
        }
        for one in pipeline.stages_by_area(session, level, above)
    ]


def _row(row: PipelineRow, language: str) -> dict[str, Any]:
    return {
        "facts": row,
        "name": local_name(row, language),
        "area": local_name(row, language, "area") if row.area_code else None,
        "measures": bundle_text(row.bundle, language),
    }


def begin_page(session: Session, school: SchoolFacts, plan_hash: str | None) -> dict[str, Any] | None:
    """Return what a project of a school can begin with; None for who may not begin one there."""
    if not revisions.rights_at(session, school.id) & {"edit", "publish"}:
        return None
    run = list_of_money(session)
    plan = plans.find_plan(session, plan_hash) if plan_hash else None
    item = plan_items.item_of_school(session, plan.id, school.id) if plan else None
    language = current_language()
    offers: list[tuple[str, str, int | None]]
    newest = None
    if plan and item:
        offers = [(item[0], bundle_text(item[0], language), item[1])]
    else:
        plan = None
        found = plans.offers_of_school(session, run.id, school.id) if run else []
        known = plans.newest_item(session, run.id, school.id) if run else None
        newest = known[0].hash if known and known[1] else None
        offers = [(one.bundle, bundle_text(one.bundle, language), one.cost_som) for one in found]
    return {"offers": offers, "plan": plan, "newest": newest}


def project_page(
    session: Session,
    project: PipelineRow,
    move: SentMove | None = None,
    money: SentMoney | None = None,
    wrong: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return one project with its moves and money; ``move`` and ``money`` are what was sent and refused."""
    rights = revisions.rights_at(session, project.school_id)
    return {
        **_row(project, current_language()),
        "project": project,
        "moves": pipeline.moves(session, project.id),
        "money": pipeline.money_rows(session, project.id),
        "open": stages_open(project, rights),
        "may_pay": "publish" in rights,
        "move": replace(move or SentMove(), at=project.stage),
        "sent": money or SentMoney(),
        "wrong": [(name, words.LABELS[name], words.WRONG[name]) for name in wrong],
        "wrong_names": wrong,
        "wrong_form": "money" if money else "move",
        "words": words,
    }
