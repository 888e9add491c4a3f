"""A school as it was public on a past day: values changed since, its buildings, and the ranking shown then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from app.i18n.names import local_name
from app.web.filters import InvalidFilterError
from app.web.language import current_language
from app.web.past_day import refuse_future
from app.web.revisions.words import label_of, value_text
from app.web.shown_run import show_run
from app.workflows.revise_fields import FIELDS, text_of
from geodata.queries import past, priorities

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.queries.past import PastRecord
    from geodata.records.revision import RevisionKind
    from geodata.records.school import SchoolFacts


EARLIEST = 1991


@dataclass(frozen=True, slots=True)
class PastValue:
    """One value on that day and, where it is another one by now, the present one."""

    name: str
    label: str
    text: str
    now: str


def read_day(session: Session, text: str) -> date | None:
    """Return the day of ``date=``, None for today; ``InvalidFilterError`` for what is no day or has not come yet."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidFilterError("date", text) from error
    refuse_future(day)
    if day.year < EARLIEST:
        raise InvalidFilterError("date", text)
    return day if day < past.today_in_country(session) else None


def as_of_page(session: Session, school: SchoolFacts, day: date) -> dict[str, Any]:
    """Return the page of ``school`` as it was public at the end of ``day``."""
    end = past.end_of_day(session, day)
    then = past.past_school(session, school.code, end)
    page: dict[str, Any] = {"school": school, "name": local_name(school, current_language()), "day": day}
    page["since"] = then.created_at if then else None
    if then is None or then.created_at >= end:
        return page | {"values": [], "buildings": [], "run": None, "row": None}
    run = past.run_shown(session, end)
    if run is not None:
        show_run(run)
    near = priorities.neighbours(session, run.id, school.id) if run else []
    return page | {
        "name": local_name({**then.facts, "code": school.code}, current_language()),
        "values": _values("school", then),
        "until": then.changed_at,
        "buildings": [_building(one) for one in past.past_buildings(session, school.id, end)],
        "run": run,
        "row": next((row for row in near if row.school_id == school.id), None),
    }


def _values(kind: RevisionKind, then: PastRecord) -> list[PastValue]:
    found = []
    for edited in (one for one in FIELDS[kind] if one.is_public):
        before = value_text(kind, edited.name, text_of(edited, then.facts.get(edited.name)))
        present = value_text(kind, edited.name, text_of(edited, then.now.get(edited.name)))
        found.append(PastValue(edited.name, label_of(kind, edited.name), before, "" if present == before else present))
    return found


def _building(then: PastRecord) -> dict[str, Any]:
    return {
        "code": then.code,
        "name": then.facts.get("name") or then.code,
        "until": then.changed_at,
        "values": _values("building", then),
    }
