"""A school as a program reads it for a past day: values that are kept by day walked back, the others named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.web.api.models import BuildingItem, SchoolDetail
from geodata.queries import past

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.web.past_day import PastDay
    from geodata.database import Session

RUN_FIELDS = ("run", "as_of", "priority", "domains")
"""Of the run that was shown on the day."""
OF_RESULT = ("index_lower", "index_central", "index_upper", "completeness", "conformity_class", "red_flags", "risk")
"""Of a building, in the run that was shown on the day."""
SAME_ALWAYS = ("code", "is_synthetic")


def as_on_day(session: Session, day: PastDay, facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the facts of a school as they were public at the end of a day; None when it was not in the register.

    Buildings that came later are left out; what no day is kept of stands in ``as_of.of_today``.
    """
    then = past.past_school(session, str(facts["code"]), day.end)
    if then is None or then.created_at >= day.end:
        return None
    known = {name: value for name, value in then.facts.items() if name in SchoolDetail.model_fields}
    lon, lat = then.facts.get("location") or (None, None)
    known |= {"lon": lon, "lat": lat}
    buildings, names = _buildings(session, then.id, day, facts["buildings"])
    kept = {*known, *RUN_FIELDS, *SAME_ALWAYS, "buildings"}
    of_today = [name for name in SchoolDetail.model_fields if name not in kept]
    as_of = {"date": day.day, "of_today": [*of_today, *(f"buildings.{name}" for name in names)]}
    return {**facts, **known, "buildings": buildings, "as_of": as_of}


def _buildings(session: Session, school_id: int, day: PastDay, today: Any) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the buildings of that day, and the names of their fields that are of today."""
    found, names = [], []
    then = {one.code: one.facts for one in past.past_buildings(session, school_id, day.end)}
    for building in today:
        if building.code in then:
            values = _fields(building)
            names = [name for name in values if name not in {*then[building.code], *OF_RESULT, "code"}]
            found.append(values | {name: value for name, value in then[building.code].items() if name in values})
    return found, names


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in BuildingItem.model_fields if hasattr(record, name)}
