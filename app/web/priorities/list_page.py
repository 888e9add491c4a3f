"""What the list page shows: rows, filters with counts, chips that say what each filter removes, pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from app.exports.words import CONFIDENCE, HAZARD_LABELS, OWNERSHIP, QUEUES
from app.i18n.formats import format_number
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.web.areas.names import todays_units
from app.web.charts.bars import contribution_bar
from app.web.domain_names import domain_names
from app.web.filters import is_filtered, write_filter
from app.web.language import current_language
from app.web.past_day import date_in_links, day_shown
from app.web.priorities.plan_marks import marks_of
from app.web.remembered import remembered
from geodata.queries import appeals, priorities
from geodata.records.priority import ListFilter

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup

    from geodata.database import Session
    from geodata.models import Area, Run
    from geodata.records.priority import PriorityRow

GRADES = ("E", "D", "C", "B", "A", "unknown")
COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("rank", N_("Rank"), "r"),
    ("name", N_("School"), ""),
    ("grade", N_("Grade"), ""),
    ("priority", N_("Priority, points"), ""),
    ("pupils", N_("Pupils"), "r"),
    ("completeness", N_("Known"), "r ph"),
    ("safety", N_("Safety first"), "r ph meth"),
    ("gap", N_("Standard gap"), "r ph meth"),
    ("benefit", N_("Benefit for the cost"), "r ph meth"),
)
FALLING_FIRST = ("priority", "pupils", "completeness", "risk", "grade")
"""Columns whose first click shows the largest (or worst) first."""


@dataclass(frozen=True)
class ListRow:
    """One school as the list shows it."""

    row: PriorityRow
    name: str
    area: str
    address: str
    bar: Markup
    known: int


@dataclass(frozen=True)
class Chip:
    """A filter that can be taken off, and how many schools it hides."""

    label: str
    removes: int
    address: str


def column_heads(wanted: ListFilter) -> list[dict[str, Any]]:
    """Return the heads of the columns with the address of the order that a click gives."""
    heads = []
    for key, label, style in COLUMNS:
        is_here = wanted.sort == key
        falling = not wanted.descending if is_here else key in FALLING_FIRST
        heads.append(
            {
                "label": _(label),
                "class": style,
                "address": list_address(wanted, sort=key, descending=falling),
                "order": ("descending" if wanted.descending else "ascending") if is_here else None,
            }
        )
    return heads


def list_address(wanted: ListFilter, **changes: Any) -> str:
    """Return the address of the list under ``wanted`` with ``changes``."""
    values: dict[str, Any] = {**write_filter(wanted, **changes)}
    return url_for("priorities.index", **values)


def list_row(row: PriorityRow, area_names: dict[str, Any]) -> ListRow:
    """Return one row with its bar; the bar's solid part is points of known factors."""
    language = current_language()
    known_points = sum(points for points, is_known in zip(row.contributions, row.known, strict=True) if is_known)
    known = sum(row.known)
    title = _(
        "%(points)s points, between %(low)s and %(high)s; %(known)s of 8 parts known",
        points=format_number(row.priority_central, language, 1),
        low=format_number(row.priority_lower, language, 1),
        high=format_number(row.priority_upper, language, 1),
        known=known,
    )
    place = area_names.get(row.rayon_code or row.oblast_code or "")
    return ListRow(
        row,
        local_name(row, language),
        local_name(place, language) if place else "",
        url_for("schools.school", code=row.code, date=date_in_links()),
        contribution_bar(known_points, row.priority_central - known_points, title),
        known,
    )


def chips(wanted: ListFilter, counts: dict[str, dict[str, int]], context: FilterContext) -> list[Chip]:
    """Return a chip per filter in use, with how many schools it hides."""
    parts: list[tuple[str, str, dict[str, Any]]] = []
    if wanted.q:
        parts.append(("q", _("“%(text)s”", text=wanted.q), {"q": None}))
    if wanted.area:
        label = local_name(context.area, current_language()) if context.area else wanted.area
        parts.append(("area", label, {"area": None}))
    if wanted.grades:
        names = ", ".join(_("Unknown") if grade == "unknown" else grade for grade in wanted.grades)
        parts.append(("grade", _("Grade: %(names)s", names=names), {"grades": ()}))
    if wanted.confidence:
        names = ", ".join(_(CONFIDENCE[str(level)]) for level in wanted.confidence)
        parts.append(("confidence", _("Confidence: %(names)s", names=names), {"confidence": ()}))
    if wanted.ownership:
        label = ", ".join(_(OWNERSHIP[value]) for value in wanted.ownership)
        parts.append(("ownership", label, {"ownership": ()}))
    if wanted.hazard:
        label = _(HAZARD_LABELS.get(wanted.hazard, wanted.hazard))
        level = wanted.hazard_level or priorities.DEFAULT_HAZARD_LEVEL
        label = _("%(hazard)s, level %(level)s or more", hazard=label, level=level)
        parts.append(("hazard", label, {"hazard": None, "hazard_level": None}))
    if wanted.domain:
        label = context.domains.get(wanted.domain, wanted.domain)
        parts.append(("domain", _("Fails: %(domain)s", domain=label), {"domain": None}))
    if wanted.funded is not None:
        parts.append(("funded", _("Funded") if wanted.funded else _("Not funded"), {"funded": None}))
    if wanted.queue:
        parts.append(("queue", _("Queue: %(name)s", name=_(QUEUES[wanted.queue])), {"queue": None}))
    filtered = counts["all"].get("filtered", 0)
    return [
        Chip(label, counts["without"].get(name, filtered) - filtered, list_address(wanted, **change))
        for name, label, change in parts
    ]


@dataclass(frozen=True)
class FilterContext:
    """Names that the filter form and the chips need."""

    area: Area | None
    domains: dict[str, str]
    area_names: dict[str, Any]


def filter_context(session: Session, run: Run, wanted: ListFilter) -> FilterContext:
    """Read the names: domains of the run's edition, first and second level units, the chosen area."""
    domains = domain_names(session, run.edition_id)
    names = todays_units(session, (1, 2), wanted.area)
    return FilterContext(names.get(wanted.area or ""), domains, names)


def counts_of(session: Session, run: Run, wanted: ListFilter) -> dict[str, dict[str, int]]:
    """Return the counts beside the filters, whatever the order of the list; see ``priorities.facets``."""
    unordered = replace(wanted, sort="rank", descending=False)
    return remembered(("counts", run.id, unordered), lambda: priorities.facets(session, run.id, unordered))


def page_of(address: Callable[..., str], total: int, limit: int, offset: int) -> dict[str, Any]:
    """Return what the pager shows; ``address(offset=n)`` gives the address of a page."""
    last = min(offset + limit, total)
    return {
        "first": min(offset + 1, total),
        "last": last,
        "total": total,
        "start": address(offset=None) if offset > limit else None,
        "previous": address(offset=max(offset - limit, 0) or None) if offset > 0 else None,
        "next": address(offset=offset + limit) if last < total else None,
    }


def _under_appeal(session: Session, school_ids: list[int]) -> frozenset[int]:
    day = day_shown()
    return appeals.appealed(session, school_ids, day.end if day else None)


def list_page(session: Session, run: Run, wanted: ListFilter, limit: int, offset: int) -> dict[str, Any]:
    """Return the page: at most nine queries whatever the filter."""
    counts = counts_of(session, run, wanted)
    filtered = counts["all"].get("filtered", 0)
    context = filter_context(session, run, wanted)
    rows = priorities.select_rows(session, run.id, wanted, limit, offset)

    def address(offset: int | None) -> str:
        values: dict[str, Any] = {**write_filter(wanted), "offset": offset, "limit": limit if limit != 50 else None}
        return url_for("priorities.index", **values)

    return {
        "run": run,
        "wanted": wanted,
        "is_filtered": is_filtered(wanted),
        "rows": [list_row(row, context.area_names) for row in rows],
        "appealed": _under_appeal(session, [row.school_id for row in rows]),
        "money": marks_of(session, run, wanted, [row.school_id for row in rows]),
        "counts": counts,
        "filtered": filtered,
        "total": counts["all"].get("total", 0),
        "heads": column_heads(wanted),
        "chips": chips(wanted, counts, context),
        "pages": page_of(address, filtered, limit, offset),
        "context": context,
        "domain_names": context.domains,
        "grades": GRADES,
        "ownership_words": OWNERSHIP,
        "queue_words": QUEUES,
        "hazard_words": {key: word for key, word in HAZARD_LABELS.items() if key in counts["hazard"]},
        "area_choices": [area for area in context.area_names.values() if area.level == 1],
        "unfiltered": list_address(
            ListFilter(
                run=wanted.run, plan=wanted.plan, date=wanted.date, sort=wanted.sort, descending=wanted.descending
            )
        ),
        "day": day_shown(),
        "worst": list_address(wanted, sort="rank", descending=False),
        "most": list_address(wanted, sort="pupils", descending=True),
        "unsafe": list_address(wanted, sort="safety", descending=False),
        "file_filter": write_filter(wanted),
    }
