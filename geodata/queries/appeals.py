"""Appeals: what is open, since when and until when, and the decision. The database counts the days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, and_, func, insert, literal, or_, select, text

from geodata.models import Appeal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

TODAY = "(clock_timestamp() AT TIME ZONE 'Asia/Bishkek')::date"
_COLUMNS = f"""
    SELECT
        appeal.id, appeal.school_id, appeal.building_id, appeal.fact, appeal.present_value, appeal.claimed,
        appeal.evidence, appeal.evidence_url, appeal.reason, appeal.status, appeal.created_by, appeal.created_at,
        appeal.due_on, appeal.decided_at, appeal.decision, appeal.revision_id,
        school.code, school.name_ky, school.name_ru, school.name_en, building.code,
        appeal.status = 'open' AND appeal.due_on < {TODAY},
        CASE WHEN appeal.status = 'open' THEN appeal.due_on - {TODAY} END
    FROM appeal
    JOIN school ON school.id = appeal.school_id
    LEFT JOIN building ON building.id = appeal.building_id
"""  # noqa: S608  our own text
_NEWEST = " ORDER BY (appeal.status = 'open') DESC, appeal.due_on, appeal.id DESC"
_MINE = "appeal.created_by = (SELECT app_account())"
_TO_DECIDE = f"appeal.status = 'open' AND NOT {_MINE} AND app_in_territory(appeal.school_id, 'verify')"


class AppealFacts(NamedTuple):
    """One appeal. ``days_left``: until the day on which it is due, negative when overdue; None once it is decided."""

    id: int
    school_id: int
    building_id: int | None
    fact: str
    present: str | None
    claimed: str
    evidence: str
    evidence_url: str | None
    reason: str
    status: str
    created_by: int
    created_at: datetime
    due_on: date
    decided_at: datetime | None
    decision: str | None
    revision_id: int | None
    school_code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    building_code: str | None
    is_overdue: bool
    days_left: int | None

    @property
    def kind(self) -> str:
        """Return whether the fact is of the school or of one of its buildings."""
        return "school" if self.building_id is None else "building"


def _find(session: Session, where: str, values: Mapping[str, Any]) -> list[AppealFacts]:
    return [AppealFacts(*row) for row in session.execute(text(_COLUMNS + where), dict(values))]


def add_appeal(session: Session, values: Mapping[str, Any]) -> int:
    """Store an appeal and return its number; a trigger sets its moment and its day."""
    number = session.scalar(insert(Appeal).values(**values, due_on=text("current_date")).returning(Appeal.id))
    assert number is not None
    return number


def find_appeal(session: Session, number: int) -> AppealFacts | None:
    """Return an appeal of a school that the reader may see."""
    found = _find(session, " WHERE appeal.id = :number", {"number": number})
    return found[0] if found else None


def is_open(session: Session, school_id: int, building_id: int | None, fact: str) -> bool:
    """Return whether the fact is under appeal already."""
    query = select(Appeal.id).where(
        Appeal.school_id == school_id,
        Appeal.building_id.is_not_distinct_from(building_id),
        Appeal.fact == fact,
        Appeal.status == "open",
    )
    return session.scalar(query) is not None


def list_appeals(session: Session, status: str | None, limit: int, offset: int) -> list[AppealFacts]:
    """Return appeals, the open ones first by the day on which they are due."""
    where = " WHERE CAST(:status AS text) IS NULL OR appeal.status = :status"
    values = {"status": status, "limit": limit, "offset": offset}
    return _find(session, f"{where}{_NEWEST} LIMIT :limit OFFSET :offset", values)


def open_at_school(session: Session, school_id: int) -> list[AppealFacts]:
    """Return the open appeals of a school."""
    return _find(
        session, f" WHERE appeal.status = 'open' AND appeal.school_id = :school{_NEWEST}", {"school": school_id}
    )


def tasks(session: Session) -> tuple[list[AppealFacts], list[AppealFacts]]:
    """Return what waits for this account's decision, and its own open appeals."""
    own = f" WHERE appeal.status = 'open' AND {_MINE}{_NEWEST}"
    return _find(session, f" WHERE {_TO_DECIDE}{_NEWEST}", {}), _find(session, own, {})


def may_decide(session: Session, number: int) -> bool:
    """Return whether this account may decide the appeal: it verifies there, and did not write it."""
    return bool(_find(session, f" WHERE appeal.id = :number AND {_TO_DECIDE}", {"number": number}))


_COUNTS = text(f"""
    SELECT
        count(*) FILTER (WHERE status = 'open'), count(*) FILTER (WHERE status = 'open' AND due_on < {TODAY}),
        count(*) FILTER (WHERE status = 'accepted'), count(*) FILTER (WHERE status = 'rejected'),
        count(*) FILTER (WHERE status = 'withdrawn'),
        count(*) FILTER (WHERE status = 'accepted' AND decided_at > coalesce(CAST(:since AS timestamptz), decided_at))
    FROM appeal
""")  # noqa: S608  our own text


class AppealCounts(NamedTuple):
    """How many appeals stand how; ``since_run``: accepted after the ranking that is shown was made."""

    open: int
    overdue: int
    accepted: int
    rejected: int
    withdrawn: int
    since_run: int


def count_appeals(session: Session, since: datetime | None) -> AppealCounts:
    """Return the counts of the appeals that the reader may see."""
    return AppealCounts(*session.execute(_COUNTS, {"since": since}).one())


_DECIDE = text("""
    UPDATE appeal SET status = :status, decision = :decision, revision_id = :revision
    WHERE id = :number AND status = 'open'
    RETURNING id
""")


def decide(session: Session, number: int, status: str, decision: str | None, revision: int | None = None) -> bool:
    """Close an open appeal; False when somebody else has closed it meanwhile."""
    values = {"number": number, "status": status, "decision": decision, "revision": revision}
    return session.scalar(_DECIDE, values) is not None


def sees_school(session: Session, school_id: int) -> bool:
    """Return whether this account works with the school: it sees there what is not published."""
    return bool(session.scalar(text("SELECT app_in_territory(:school, 'see')"), {"school": school_id}))


def appealed(session: Session, school_ids: Sequence[int], before: datetime | None = None) -> frozenset[int]:
    """Return which of the schools have a fact under appeal, now or just before a past moment."""
    is_open = Appeal.status == "open"
    if before is not None:
        is_open = and_(Appeal.created_at < before, or_(Appeal.decided_at.is_(None), Appeal.decided_at >= before))
    asked = Appeal.school_id == func.any(literal(list(school_ids), ARRAY(BigInteger)))  # one statement for any number
    return frozenset(session.scalars(select(Appeal.school_id).where(is_open, asked)))
