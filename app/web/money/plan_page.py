"""One stored plan, whole or of an area at any level: its schools, the units below with their sums, its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from app.exports.plan_print import OFFERED
from app.i18n.names import local_name
from app.web.checked_filter import check_area
from app.web.language import current_language
from app.web.money.presenters import Chosen, bundle_words
from app.web.plans.draws_section import draws_section
from app.web.plans.sensitivity_section import sensitivity_section
from app.web.priorities.list_page import page_of
from geodata.queries import areas, plan_items

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import Area
    from geodata.records.plan import PlanFacts

DEEPEST = 3
LABELS = {
    "xlsx": "Excel", "csv": "CSV", "pdf": "PDF", "geojson": "GeoJSON", "gpkg": "GeoPackage", "parquet": "GeoParquet",
}  # fmt: skip


def plan_page(session: Session, plan: PlanFacts, area_code: str | None, limit: int, offset: int) -> dict[str, Any]:
    """Return the plan with a page of its schools; raises InvalidFilterError for a code that no area has."""
    language, short = current_language(), plan.hash[:16]
    if area_code:
        check_area(area_code)
    area = areas.find_area(session, area_code) if area_code else areas.country(session)
    wanted = area.code if area is not None and area.level else None
    sums = plan_items.item_sums(session, plan.id, wanted)
    rows = [
        Chosen(
            row.code,
            local_name(row, language),
            row.grade,
            row.national_rank,
            bundle_words(row.bundle),
            row.cost_som,
            row.year,
            None if row.funded_in_draws is None else 100 * row.funded_in_draws,
        )
        for row in plan_items.item_rows(session, plan.id, wanted, limit, offset)
    ]

    def address(offset: int | None) -> str:
        return url_for("money.plan", plan_hash=short, area=wanted, offset=offset, limit=limit if limit != 50 else None)

    return {
        "plan": plan,
        "rows": rows,
        "sums": sums,
        "area": area if wanted else None,
        "path": _path(session, area, short),
        "units": _units(session, plan, area, short),
        "pages": page_of(address, sums.schools, limit, offset),
        "files": [(LABELS[key], url_for("api.plan_file", plan_hash=short, ext=key, area=wanted, lang=language))
                  for key in OFFERED] + [
            (_("CSV columns"), url_for("api.plan_companion", plan_hash=short, area=wanted, lang=language))],
        "draws": draws_section(session, plan),
        "sensitivity": None if wanted else sensitivity_section(session, plan),
        "gap_pct": 100 * plan.gap,
        "proposal_pct": 100 * plan.proposal_share,
    }  # fmt: skip


def _path(session: Session, area: Area | None, short: str) -> list[tuple[str, str]]:
    if area is None or not area.level:
        return []
    above = areas.breadcrumb(session, area.id)[:-1]
    return [
        (
            local_name(one, current_language()),
            url_for("money.plan", plan_hash=short, area=one.code if one.level else None),
        )
        for one in above
    ]


def _units(session: Session, plan: PlanFacts, area: Area | None, short: str) -> list[dict[str, Any]]:
    if area is None or area.level >= DEEPEST:
        return []
    above = area.code if area.level else None
    return [
        {
            "name": local_name(one, current_language()),
            "facts": one,
            "address": url_for("money.plan", plan_hash=short, area=one.code),
        }
        for one in plan_items.sums_by_area(session, plan.id, area.level + 1, above)
    ]
