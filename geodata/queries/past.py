"""What was public on a day: the facts of a record, walked back over all that replaced them since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, text

from geodata.models import Run
from geodata.queries.record_facts import BUILDING_JSON, SCHOOL_JSON
from geodata.records.revision import Facts, PastEvent

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

_EVENTS = text("SELECT at, before FROM record_past(:kind, :id) WHERE at >= :after ORDER BY at DESC")
_END = text("SELECT timezone('Asia/Bishkek', CAST(:day AS timestamp) + interval '1 day')")
_TODAY = text("SELECT timezone('Asia/Bishkek', now())::date")


@dataclass(frozen=True, slots=True)
class PastRecord:
    """A record as it was public at the end of a day. ``changed_at``: when what is shown here was replaced, if it was.

    ``code`` and ``created_at`` are the record's own.
    """

    id: int
    code: str
    created_at: datetime
    facts: Facts
    changed_at: datetime | None


def today_in_country(session: Session) -> date:
    """Return the day that it is in Bishkek by the database's clock."""
    return session.execute(_TODAY).scalar_one()  # type: ignore[no-any-return]


def end_of_day(session: Session, day: date) -> datetime:
    """Return the moment at which ``day`` ends in Bishkek."""
    return session.execute(_END, {"day": day}).scalar_one()  # type: ignore[no-any-return]


def _walk_back(session: Session, kind: str, number: int, facts: Facts, end: datetime) -> tuple[Facts, datetime | None]:
    found = [PastEvent(*row) for row in session.execute(_EVENTS, {"kind": kind, "id": number, "after": end})]
    past = dict(facts)
    for event in found:
        past.update({name: value for name, value in event.before.items() if name in past})
    return past, found[-1].at if found else None


def past_school(session: Session, code: str, end: datetime) -> PastRecord | None:
    """Return the school as it was public at ``end``; None when there is none, ``created_at`` tells since when."""
    statement = text(f"SELECT t.id, t.code, t.created_at, {SCHOOL_JSON} FROM school AS t WHERE t.code = :code")  # noqa: S608
    row = session.execute(statement, {"code": code}).first()
    if row is None:
        return None
    facts, changed_at = _walk_back(session, "school", row[0], row[3], end)
    return PastRecord(row[0], row[1], row[2], facts, changed_at)


def past_buildings(session: Session, school_id: int, end: datetime) -> list[PastRecord]:
    """Return the school's buildings that were public at ``end``, by code."""
    statement = text(f"""
        SELECT t.id, t.code, t.created_at, {BUILDING_JSON} FROM building AS t
        WHERE t.school_id = :school_id AND t.is_published AND t.created_at < :end ORDER BY t.code
    """)  # noqa: S608  put together from constants
    found = []
    for row in session.execute(statement, {"school_id": school_id, "end": end}).all():
        facts, changed_at = _walk_back(session, "building", row[0], row[3], end)
        found.append(PastRecord(row[0], row[1], row[2], facts, changed_at))
    return found


def run_shown(session: Session, end: datetime) -> Run | None:
    """Return the ranking that the public was shown at ``end``: the newest official one published by then, else any."""
    newest = (Run.is_official.desc(), Run.published_at.desc(), Run.id.desc())
    query = select(Run).where(Run.is_published, Run.published_at < end).order_by(*newest).limit(1)
    return session.scalars(query).first()
