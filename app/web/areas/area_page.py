"""What an area's page shows: its figures with coverage, worst schools, units below, domains, peers, history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.exports.choropleth import DEFAULT_INDICATOR, INDICATORS
from app.exports.words import UNKNOWN
from app.i18n.formats import format_number, format_percent
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.web.areas.area_map import draw
from app.web.areas.area_money import domains_and_money
from app.web.charts.bars import grade_bar, share_bar, tone_bar
from app.web.language import current_language
from app.web.past_day import date_in_links, day_shown
from app.web.priorities.list_page import list_row
from app.web.remembered import remembered
from app.web.schools.words import SOURCES
from geodata.queries import areas, priorities
from geodata.records.priority import ListFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.database import Session
    from geodata.models import Run
    from geodata.records.area import AreaRow, DomainShare
    from geodata.records.priority import PriorityRow

KINDS = {
    "country": N_("Country"),
    "oblast": N_("Oblast"),
    "republican_city": N_("City of republican significance"),
    "rayon": N_("Rayon"),
    "city": N_("City"),
    "aiyl_aimak": N_("Aiyl aimak"),
}
CHANGES = {
    "merge": N_("merged"),
    "split": N_("split"),
    "rename": N_("renamed"),
    "transfer": N_("transferred"),
}
GRADES = ("E", "D", "C", "B", "A", "unknown")
SHOWN_SCHOOLS = 10
DRAWN_SCHOOLS = 600
"""All schools of any oblast or rayon; the map of the country is that of its areas."""
SHOWN_CHILDREN = 150


@dataclass(frozen=True)
class UnitRow:
    """One area in a table, with its share of schools graded D or E among those with a grade.

    ``is_compared``: enough of its schools are well assessed; else the share is None and the bar is hatched.
    """

    row: AreaRow
    name: str
    address: str
    bar: Markup
    share_pct: float | None
    covered_pct: float | None
    is_compared: bool


def graded(row: AreaRow) -> int:
    """Return how many schools have a grade."""
    counts = row.grade_counts or {}
    return sum(int(counts.get(grade, 0)) for grade in "ABCDE")


def unit_row(row: AreaRow, on: date | None = None, *, is_own: bool = False) -> UnitRow:
    """Return a table row; the share is None where too little was assessed to compare: unknown, not 0."""
    language = current_language()
    with_grade = graded(row)
    is_compared = bool(row.is_rankable and with_grade)
    share = 100.0 * (row.graded_d_or_e or 0) / with_grade if is_compared else None
    covered = 100.0 * (row.covered or 0) / row.schools if row.schools else None
    address = url_for("areas.area", code=row.code, date=on.isoformat() if on else None)
    return UnitRow(
        row, local_name(row, language), address, _bar(share, row, is_own=is_own), share, covered, is_compared
    )


def _bar(share: float | None, row: AreaRow, *, is_own: bool) -> Markup:
    if share is not None:
        title = _("%(share)s of graded schools have D or E", share=format_percent(share, current_language()))
        return tone_bar(share, title, is_own=is_own)
    return share_bar(0, 100, _("Too few schools are assessed to compare this area")) if row.schools else Markup("")


def map_key() -> list[tuple[int, str]]:
    """Return the classes of the shading with their bounds as text; class 0 is unknown."""
    indicator = INDICATORS[DEFAULT_INDICATOR]
    language = current_language()
    return [(number, indicator.class_label(number, language)) for number in range(1, 6)]


def index_page(session: Session, run: Run | None, on: date | None) -> dict[str, Any]:
    """Return the index: first-level units with figures, and the units below each."""
    run_id = run.id if run else None
    below: dict[int | None, list[AreaRow]] = {}
    for row in areas.area_rows(session, run_id, level=2, on=on):
        below.setdefault(row.parent_id, []).append(row)
    return {
        "run": run,
        "on": on,
        "day": day_shown(),
        "units": [
            (unit_row(row, on), [unit_row(child, on) for child in below.get(row.id, ())])
            for row in areas.area_rows(session, run_id, level=1, on=on)
        ],
    }


def domain_bars(shares: list[DomainShare], area: AreaRow) -> list[dict[str, Any]]:
    """Return failed and unknown share per domain, in the order of ``shares``."""
    language = current_language()
    found = []
    for share in shares:
        title = _(
            "%(failed)s fails, %(unknown)s unknown",
            failed=format_percent(share.failed_pct, language),
            unknown=format_percent(share.unknown_pct, language),
        )
        found.append(
            {
                "name": local_name(share, language),
                "share": share,
                "bar": share_bar(share.failed_pct, share.unknown_pct, title),
                "list": url_for("priorities.index", area=area.code, domain=share.domain_code, date=date_in_links()),
            }
        )
    return found


def area_page(session: Session, run: Run | None, family: areas.Family, on: date | None) -> dict[str, Any]:
    """Return the page of an area; the map of a former unit is that of its last day."""
    path, children = family.path, family.children
    area = row = path[-1]
    if on is None and area.valid_to is not None:
        on = date.fromordinal(area.valid_to.toordinal() - 1)
    language = current_language()
    page: dict[str, Any] = {
        "run": run,
        "area": area,
        "row": row,
        "own": unit_row(row, on),
        "on": on,
        "kind": KINDS.get(area.kind, area.kind),
        "path": _above(path[:-1]),
        "grades": GRADES,
        "graded": graded(row),
        "history": family.history,
        "changes": CHANGES,
        "list": url_for("priorities.index", area=area.code, date=date_in_links()),
        "day": day_shown(),
        "date": date_in_links(),
        "schools": [],
        "domains": [],
        "peers": [],
        "money": None,
        "children": [unit_row(child, on) for child in children[:SHOWN_CHILDREN]],
        "map": None,
        "map_note": "",
        "map_key": map_key(),
        "source": SOURCES.get(area.source or "", area.source or UNKNOWN),
        "grade_bar": Markup(""),
    }
    if run is None:
        return page
    if row.grade_counts:
        page["grade_bar"] = grade_bar(row.grade_counts, _("Schools by grade, worst first"))
    drawn = DRAWN_SCHOOLS if area.level else SHOWN_SCHOOLS
    rows = priorities.select_rows(session, run.id, ListFilter(area=area.code if area.level else None), drawn)
    known_names: dict[str, Any] = {row.code: row for row in children} | {step.code: step for step in path}
    page["schools"] = [list_row(school, known_names) for school in rows[:SHOWN_SCHOOLS]]
    shares, page["money"] = domains_and_money(session, run, row)
    page["domains"] = domain_bars(shares, area)
    if area.level in (1, 2, 3) and row.schools:
        key = ("peers", run.id, area.id)
        peers = remembered(key, lambda: areas.similar_areas(session, run.id, area.id, 4))
        page["peers"] = [unit_row(peer, page["day"].day if page["day"] else None) for peer in peers]
    page["map"] = draw(session, run, area, rows, on)
    page["map_note"] = _map_note(rows, row.schools or len(rows), language)
    return page


def _above(steps: Sequence[AreaRow]) -> list[tuple[str, str]]:
    """Return names and addresses of the units above, from the country down."""
    language, day = current_language(), date_in_links()
    return [(local_name(step, language), url_for("areas.area", code=step.code, date=day)) for step in steps]


def _map_note(rows: Sequence[PriorityRow], total: int, language: str) -> str:
    """Return how many of the area's schools the map has, and which it leaves out; nothing where it has all."""
    drawn = sum(row.lon is not None for row in rows)
    numbers = {"drawn": format_number(drawn, language), "total": format_number(total, language)}
    if len(rows) < total:
        return _("%(drawn)s of %(total)s schools are drawn: those with the highest priority.", **numbers)
    if drawn < total:
        return _("%(drawn)s of %(total)s schools are drawn; the place of the others is unknown.", **numbers)
    return ""
