"""What the newest plan that everybody sees does in an area: its funded schools, money per pupil, its own share."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from flask import url_for

from app.exports.measure_words import bundle_text
from app.i18n.names import local_name
from app.web.language import current_language
from app.web.past_day import day_shown
from app.web.remembered import remembered
from geodata.queries import area_money

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import Run
    from geodata.queries.area_money import PlanInArea
    from geodata.records.area import AreaRow, DomainShare

SHOWN = 10


def domains_and_money(session: Session, run: Run, area: AreaRow) -> tuple[list[DomainShare], dict[str, Any] | None]:
    """Return the domains of an area and its money in the plan; None without a plan or a school, and on a past day."""
    key = ("domains and money", run.id, area.id)
    shares, found = remembered(key, lambda: area_money.domains_and_money(session, run.id, area.id, area.level, SHOWN))
    if found is None or not area.schools or day_shown() is not None:  # on a past day the newest plan is another one
        return shares, None
    return shares, _money(found, area)


def _money(found: PlanInArea, area: AreaRow) -> dict[str, Any]:
    """Return the money with the median of the level; areas of unknown pupils have no place in it."""
    language = current_language()
    own = next((one for one in found.level if one.area_id == area.id), None)
    each = [one.per_pupil_som for one in found.level if one.per_pupil_som is not None]
    inside = area.code if area.level else None
    return {
        "plan": found.plan,
        "own": own,
        "areas": len(each),
        "median_som": median(each) if len(each) > 1 else None,
        "rows": [(one, local_name(one, language), bundle_text(one.bundle, language)) for one in found.here],
        "more": max(0, own.schools - len(found.here)) if own else 0,
        "list": url_for("priorities.index", area=inside, funded=1, plan=found.plan.hash[:16]),
    }
