"""The three queues of an area: build now, pay for design, low-cost this summer; each school with reason and cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from app.exports.words import QUEUES
from app.funding.catalogue import default_catalogue
from app.funding.queues import NO_QUEUE, QueueRule, design_som, load_rule
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.risk.parameters import default_parameters
from app.web.checked_filter import check_area
from app.web.filters import DEFAULT_LIMIT, InvalidFilterError
from app.web.language import current_language
from app.web.money.presenters import bundle_words
from app.web.priorities.list_page import page_of
from app.web.remembered import remembered
from app.workflows.queue_standing import queue_codes, stand
from app.workflows.ranking_offers import overhead_of
from geodata.queries import areas, quick_wins

if TYPE_CHECKING:
    from app.workflows.queue_standing import QueueStanding
    from geodata.database import Session
    from geodata.models import Area, Run
    from geodata.records.queue import QueueRow

LEVELS = {1: "oblast_id", 2: "rayon_id", 3: "aimak_id"}
MEANINGS = {
    "build": N_("Documents are ready: the works can begin with the money of this year."),
    "design": N_("Dangerous and without documents: money for a design comes first."),
    "summer": N_("Small repairs that need no design and no plan."),
}
DOCUMENTS = {
    "expertise": N_("estimate with the state expertise"),
    "contract": N_("contract"),
    "approved": N_("project approved"),
    "procured": N_("works procured"),
}
OUTSIDE = {
    "working": N_("works are going on or done"),
    "designing": N_("a design is being made"),
    "unknown": N_("nothing is known of danger: survey first"),
    "none": N_("no danger, document or small repair is known"),
}


@dataclass(frozen=True)
class QueueLine:
    """One school of a queue. ``cost_som`` None: unknown, and no computation funds it."""

    code: str
    name: str
    rank: int
    grade: str | None
    reason: str
    works: str
    cost_som: int | None
    works_som: int | None


@dataclass(frozen=True)
class QueueSum:
    """One queue in an area: schools, som of known costs, schools of unknown cost."""

    code: str
    name: str
    words: str
    schools: int
    cost_som: int
    unknown: int
    address: str
    is_shown: bool


def queues_page(
    session: Session, run: Run, area_code: str | None, queue: str | None, limit: int, offset: int
) -> dict[str, Any]:
    """Return the page; raises InvalidFilterError for a code that no area has, or an unknown queue."""
    rule = load_rule()
    codes = queue_codes()
    chosen = queue or codes[0]
    if chosen not in codes:
        raise InvalidFilterError("queue", chosen, codes)
    if area_code:
        check_area(area_code)
    area = areas.find_area(session, area_code) if area_code else areas.country(session)
    found = remembered(("queues", run.id), lambda: stand(session, run.id))
    level = area.level if area is not None else 0
    inside = _inside(session, found, area)
    listed = [at for at in inside if found.queue[at] == codes.index(chosen)]

    def address(offset: int | None) -> str:
        return url_for(
            "plans.queues",
            area=area_code or None,
            queue=chosen,
            offset=offset,
            limit=limit if limit != DEFAULT_LIMIT else None,
        )

    return {
        "run": run,
        "area": area if level else None,
        "area_name": local_name(area, current_language()) if area is not None else "",
        "shown": chosen,
        "sums": [_sum(found, inside, place, code, chosen, area_code) for place, code in enumerate(codes)],
        "all": len(inside),
        "outside": _outside(found, inside),
        "rows": [_line(found.rows[at], chosen, rule) for at in listed[offset : offset + limit]],
        "units": _units(session, found, inside, area, len(codes), chosen),
        "pages": page_of(address, len(listed), limit, offset),
    }


def _inside(session: Session, found: QueueStanding, area: Area | None) -> list[int]:
    """Return the schools of an area, of a former one those on its territory; all of them in the country."""
    if area is None or not area.level:
        return list(range(len(found.rows)))
    if area.valid_to is None:
        return [at for at, row in enumerate(found.rows) if getattr(row, LEVELS[area.level]) == area.id]
    own = quick_wins.schools_of(session, area.id)
    return [at for at, row in enumerate(found.rows) if row.school_id in own]


def _sum(found: QueueStanding, inside: list[int], place: int, code: str, shown: str, area: str | None) -> QueueSum:
    own = [found.rows[at] for at in inside if found.queue[at] == place]
    costs = [_cost(row, code) for row in own]
    return QueueSum(
        code, _(QUEUES[code]), _(MEANINGS[code]), len(own), sum(cost or 0 for cost in costs),
        sum(cost is None for cost in costs), url_for("plans.queues", area=area or None, queue=code), code == shown,
    )  # fmt: skip


def _cost(row: QueueRow, queue: str) -> int | None:
    """Return what a school asks of its queue: works, a design, or small repairs; None where any part is unknown."""
    if queue == "build":
        return row.project_som if row.project_som is not None else row.figure_som
    if queue == "summer":
        return None if row.small_unknown else row.small_som
    if row.works_som is None:
        return None
    parameters = default_parameters()
    return design_som(row.works_som, parameters["cost.design"], overhead_of(parameters))


def _line(row: QueueRow, queue: str, rule: QueueRule) -> QueueLine:
    if queue == "build":
        has_stage = row.stage in rule.ready_stages
        reason = _(DOCUMENTS[str(row.stage if has_stage else row.figure)])
        works = bundle_words(str(row.project if has_stage else row.figure_works))
    elif queue == "design":
        if row.grade in rule.dangerous_grades:
            reason = _("grade %(grade)s, no documents", grade=row.grade)
        else:
            reason = _("risk of a pupil above the limit, no documents")
        works = bundle_words(str(row.works))
    else:
        reason = _("small repairs are needed")
        found = default_catalogue().interventions
        works = "; ".join(found[code].names[current_language()] for code in row.small if code in found)
    name = local_name(row, current_language()) or row.code
    works_som = row.works_som if queue == "design" else None
    return QueueLine(row.code, name, row.rank, row.grade, reason, works, _cost(row, queue), works_som)


def _outside(found: QueueStanding, inside: list[int]) -> list[tuple[str, int]]:
    counts = {code: sum(found.outside[at] == code for at in inside) for code in OUTSIDE}
    return [(_(OUTSIDE[code]), count) for code, count in counts.items() if count]


def _units(
    session: Session, found: QueueStanding, inside: list[int], area: Area | None, queues: int, shown: str
) -> list[dict[str, Any]]:
    """Return the areas directly below with the schools of each queue; none below an aimak."""
    below = (area.level if area is not None else 0) + 1
    if below not in LEVELS:
        return []
    counts: dict[int, list[int]] = {}
    for at in inside:
        number = getattr(found.rows[at], LEVELS[below])
        if number is not None and found.queue[at] != NO_QUEUE:
            counts.setdefault(number, [0] * queues)[int(found.queue[at])] += 1
    named = areas.names(session, (below,))
    rows = [
        {"name": local_name(one, current_language()), "counts": counts[one.id],
         "address": url_for("plans.queues", area=code, queue=shown)}
        for code, one in named.items()
        if one.id in counts
    ]  # fmt: skip
    return sorted(rows, key=lambda row: str(row["name"]))
