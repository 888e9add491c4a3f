"""What the map says about the chosen school or area."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext

from app.exports.choropleth import INDICATORS
from app.exports.words import FACTOR_SHORT
from app.i18n.formats import format_number
from app.i18n.names import local_name
from app.web.filters import write_filter
from app.web.language import current_language
from app.web.navigation import has_page
from app.web.past_day import date_in_links
from geodata.queries.areas import area_row, breadcrumb, find_area
from geodata.queries.map_shapes import area_bounds
from geodata.queries.priorities import select_rows
from geodata.records.priority import FACTORS, ListFilter

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import Run
    from geodata.records.priority import PriorityRow


@dataclass(frozen=True)
class SchoolCard:
    """One school: where, how safe, how urgent, how sure, and why. ``point`` is lon, lat or None."""

    code: str
    name: str
    place: str
    row: PriorityRow
    ranked: int
    reason: str | None
    known: int
    factors: int
    href: str | None
    point: tuple[float, float] | None
    kind: str = "school"


@dataclass(frozen=True)
class AreaCard:
    """One area: its figure under the shown indicator, coverage, and where to read more."""

    code: str
    name: str
    place: str
    label: str
    value: str
    is_rankable: bool
    schools: int | None
    assessed: int | None
    pupils_at_risk: int | None
    href: str | None
    list_href: str
    bounds: tuple[float, float, float, float] | None
    kind: str = "area"


def school_card(session: Session, run: Run, code: str) -> SchoolCard | None:
    """Return the card of the school with ``code`` in ``run``; None when the reader may not see it there."""
    rows = [row for row in select_rows(session, run.id, ListFilter(q=code), 5) if row.code == code]
    if not rows:
        return None
    row, language = rows[0], current_language()
    place = _place(session, row.aimak_code or row.rayon_code or row.oblast_code)
    points = [(value, FACTORS[n]) for n, value in enumerate(row.contributions) if n < len(row.known) and row.known[n]]
    worst = max(points, default=None)
    return SchoolCard(
        code=code,
        name=local_name(row, language),
        place=place,
        row=row,
        ranked=run.ranked_count or run.school_count,
        reason=None if worst is None or worst[0] <= 0 else gettext(FACTOR_SHORT[worst[1]]),
        known=sum(row.known),
        factors=len(FACTORS),
        href=url_for("schools.school", code=code, date=date_in_links()) if has_page("schools.school") else None,
        point=None if row.lon is None or row.lat is None else (row.lon, row.lat),
    )


def area_card(session: Session, run: Run, code: str, indicator: str, wanted: ListFilter) -> AreaCard | None:
    """Return the card of the area with ``code`` under ``indicator``; None when there is no such area."""
    area = find_area(session, code)
    if area is None:
        return None
    language, shown = current_language(), INDICATORS[indicator]
    figures = area_row(session, run.id, area.id)
    value = shown.value_of(figures)
    unit = "" if value is None or not shown.unit else ("%" if language == "en" else "\u00a0%")
    return AreaCard(
        code=code,
        name=local_name(area, language),
        place=", ".join(local_name(above, language) for above in breadcrumb(session, area.id)[1:-1]),
        label=gettext(shown.label),
        value=format_number(value, language) + unit,
        is_rankable=bool(figures.is_rankable),
        schools=figures.schools,
        assessed=figures.assessed,
        pupils_at_risk=figures.pupils_at_risk,
        href=url_for("areas.area", code=code, date=date_in_links()) if has_page("areas.area") else None,
        list_href=url_for("map.index", **write_filter(replace(wanted, area=code))),  # type: ignore[arg-type]
        bounds=area_bounds(session, code),
    )


def _place(session: Session, code: str | None) -> str:
    if code is None:
        return ""
    area = find_area(session, code)
    if area is None:
        return ""
    names = [local_name(above, current_language()) for above in breadcrumb(session, area.id)[1:]]
    return ", ".join(reversed(names))
