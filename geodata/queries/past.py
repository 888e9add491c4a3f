"""What was public on a day: the facts of a record, walked back over all that replaced them since."""
# ruff: noqa: S608  the statements are put together from constants of the code, never from input

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text

from geodata.models import Run
from geodata.queries.official_lists import in_force
from geodata.queries.record_facts import BUILDING_JSON, SCHOOL_JSON

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from geodata.records.revision import Facts

_SCHOOL = text(f"""
    SELECT t.id, t.code, t.created_at, {SCHOOL_JSON}, (
        SELECT coalesce(jsonb_agg(jsonb_build_array(at, before) ORDER BY at DESC), '[]')
        FROM record_past('school', t.id) WHERE at >= :end
    )
    FROM school AS t WHERE t.code = :code
""")
_BUILDINGS = text(f"""
    SELECT t.id, t.code, t.created_at, {BUILDING_JSON}, (
        SELECT coalesce(jsonb_agg(jsonb_build_array(at, before) ORDER BY at DESC), '[]')
        FROM record_past('building', t.id) WHERE at >= :end
    )
    FROM building AS t
    WHERE t.school_id = :school_id AND t.is_published AND t.created_at < :end
    ORDER BY t.code
""")
_END = text("SELECT timezone('Asia/Bishkek', CAST(:day AS timestamp) + interval '1 day')")
_TODAY = text("SELECT timezone('Asia/Bishkek', now())::date")


@dataclass(frozen=True, slots=True)
class PastRecord:
    """A record as it was public at the end of a day, and as it is ``now``.

    ``changed_at``: when the values of that day began to be replaced, None if they still hold.
    """

    id: int
    code: str
    created_at: datetime
    facts: Facts
    now: Facts
    changed_at: datetime | None


def today_in_country(session: Session) -> date:
    """Return the day that it is in Bishkek by the database's clock."""
    return session.execute(_TODAY).scalar_one()  # type: ignore[no-any-return]


def end_of_day(session: Session, day: date) -> datetime:
    """Return the moment at which ``day`` ends in Bishkek."""
    return session.execute(_END, {"day": day}).scalar_one()  # type: ignore[no-any-return]


def _walk_back(row: Sequence[Any]) -> PastRecord:
    number, code, created_at, now, events = row
    facts = dict(now)
    for _, before in events:
        facts.update({name: value for name, value in before.items() if name in facts})
    changed_at = datetime.fromisoformat(events[-1][0]) if events else None
    return PastRecord(number, code, created_at, facts, now, changed_at)


def past_school(session: Session, code: str, end: datetime) -> PastRecord | None:
    """Return the school as it was public at ``end``; None when there is none, ``created_at`` tells since when."""
    row = session.execute(_SCHOOL, {"code": code, "end": end}).first()
    return None if row is None else _walk_back(row)


def past_buildings(session: Session, school_id: int, end: datetime) -> list[PastRecord]:
    """Return the school's buildings that were public at ``end``, by code."""
    return [_walk_back(row) for row in session.execute(_BUILDINGS, {"school_id": school_id, "end": end})]


def run_shown(session: Session, end: datetime) -> Run | None:
    """Return the ranking that the public was shown at ``end``: the one that was official then, else the newest."""
    official = in_force(session, end)
    if official is not None:
        return official.run
    newest = (Run.published_at.desc(), Run.id.desc())
    query = select(Run).where(Run.is_published, Run.published_at < end).order_by(*newest).limit(1)
    return session.scalars(query).first()
