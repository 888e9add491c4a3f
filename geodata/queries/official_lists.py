"""Official lists: which run stands by whose decision, since when, and what moved between two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, insert, select, text, update

from geodata.models import HazardLayer, OfficialChange, OfficialList, OfficialSplit, Run, School, SchoolResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

REASONS = ("rule", "data", "reality", "undivided", "others", "new", "left", "same")


class Decided(NamedTuple):
    """A decision with its run, and the moment at which a later decision superseded it (None = in force)."""

    decision: OfficialList
    run: Run
    until: datetime | None


def may_decide(session: Session) -> bool:
    """Return whether this session may make a run official: it ranks and publishes for the whole country."""
    wanted = "SELECT app_scope() = 'national' AND app_everywhere('rank') AND app_everywhere('publish')"
    return bool(session.scalar(text(wanted)))


def own_name(session: Session) -> str | None:
    """Return the name of the account that asks; None for the system."""
    name = session.scalar(text("SELECT coalesce(display_name, name) FROM account WHERE id = app_account()"))
    return None if name is None else str(name)


def hold_lists(session: Session) -> None:
    """Let one decision at a time be taken, until the transaction ends."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('official_list'))"))


def add_decision(session: Session, run_id: int, facts: Mapping[str, Any] | None = None) -> int:
    """Make a published run the official one from now on and return the decision's number; ``facts``: who and why."""
    values = {"run_id": run_id, **(facts or {})}
    number = session.scalar(insert(OfficialList).values(**values).returning(OfficialList.id))
    assert number is not None
    session.execute(
        update(Run).where(Run.id == run_id).values(
            is_official=True, is_published=True, published_at=func.coalesce(Run.published_at, func.clock_timestamp())
        )
    )  # fmt: skip
    return number


def _decided() -> Select:
    until = func.lead(OfficialList.decided_at).over(order_by=OfficialList.id).label("until")
    found = select(OfficialList.id, until).subquery()
    return (
        select(OfficialList, Run, found.c.until)
        .join(found, found.c.id == OfficialList.id)
        .join(Run, Run.id == OfficialList.run_id)
        .order_by(OfficialList.id.desc())
    )


def list_decisions(session: Session, limit: int = 50, offset: int = 0) -> list[Decided]:
    """Return decisions, the newest first."""
    return [Decided(*row) for row in session.execute(_decided().limit(limit).offset(offset))]


def count_decisions(session: Session) -> int:
    """Return how many official lists there have been."""
    return session.scalar(select(func.count()).select_from(OfficialList)) or 0


def in_force(session: Session, before: datetime | None = None) -> Decided | None:
    """Return the official list of now, or the one that was official just before a moment; None when there was none."""
    query = _decided()
    if before is not None:
        query = query.where(OfficialList.decided_at < before)
    row = session.execute(query.limit(1)).first()
    return None if row is None else Decided(*row)


def decisions_of(session: Session, run_id: int) -> list[Decided]:
    """Return the decisions that made a run official, the newest first; mostly one or none."""
    return [Decided(*row) for row in session.execute(_decided().where(OfficialList.run_id == run_id))]


def read_parts(session: Session, run_id: int) -> Sequence[Any]:
    """Return (school, rank, priority, contribution, known, completeness, assessed_on) of a run, by school."""
    return session.execute(
        select(
            SchoolResult.school_id,
            SchoolResult.national_rank,
            SchoolResult.priority_central,
            SchoolResult.contribution,
            SchoolResult.known,
            SchoolResult.completeness,
            SchoolResult.assessed_on,
        )
        .where(SchoolResult.run_id == run_id)
        .order_by(SchoolResult.school_id)
    ).all()


_TOUCHED = text("""
    SELECT
        school.id,
        school.updated_at > :since AS school_touched,
        school.source_date,
        coalesce(bool_or(building.updated_at > :since), false) AS buildings_touched,
        max(building.source_date) AS building_date
    FROM school
    LEFT JOIN building ON building.school_id = school.id
    GROUP BY school.id
    ORDER BY school.id
""")


def touched_since(session: Session, since: datetime) -> Sequence[Any]:
    """Return per school whether its record or a building was touched since a moment, and the days of their evidence."""
    return session.execute(_TOUCHED, {"since": since}).all()


def store_changes(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store what moved with a decision, one row a school."""
    if rows:
        session.execute(insert(OfficialChange), rows)


_SPLIT = and_(OfficialSplit.list_id == OfficialChange.list_id, OfficialSplit.school_id == OfficialChange.school_id)
_REASON: ColumnElement[str] = func.coalesce(OfficialSplit.reason, OfficialChange.reason)
"""By the exact split where there is one."""


def count_changes(session: Session, list_id: int) -> dict[str, int]:
    """Return how many schools moved for which reason."""
    query = (
        select(_REASON, func.count())
        .select_from(OfficialChange)
        .outerjoin(OfficialSplit, _SPLIT)
        .where(OfficialChange.list_id == list_id)
        .group_by(_REASON)
    )
    return {str(reason): int(count) for reason, count in session.execute(query)}


class Moved(NamedTuple):
    """What moved at one school; ``split``: the same by ranking again, where that was done."""

    change: OfficialChange
    school: School
    split: OfficialSplit | None

    @property
    def reason(self) -> str:
        """The main reason, by the exact split where there is one."""
        return self.change.reason if self.split is None else self.split.reason

    def points(self, cause: str) -> float | None:
        """Return the points that a cause moved; None where the school is not in both lists."""
        found = getattr(self.change, cause) if self.split is None else getattr(self.split, f"points_{cause}")
        return None if found is None else float(found)

    def places(self, cause: str) -> float | None:
        """Return the places that a cause moved (below 0 = towards the top); None without a split."""
        return None if self.split is None else float(getattr(self.split, f"places_{cause}"))


def list_changes(
    session: Session, list_id: int, reason: str | None = None, limit: int | None = None, offset: int = 0
) -> list[Moved]:
    """Return what moved, in the order of the new ranks (who left the list last); schools the reader may see."""
    query = (
        select(OfficialChange, School, OfficialSplit)
        .join(School, School.id == OfficialChange.school_id)
        .outerjoin(OfficialSplit, _SPLIT)
        .where(OfficialChange.list_id == list_id)
        .order_by(OfficialChange.new_rank.asc().nulls_last(), OfficialChange.old_rank, OfficialChange.school_id)
    )
    if reason is not None:
        query = query.where(_REASON.in_([reason]))
    if limit is not None:
        query = query.limit(limit).offset(offset)
    return [Moved(*row) for row in session.execute(query)]


def change_of_school(session: Session, list_id: int, school_id: int) -> OfficialChange | None:
    """Return what moved at one school."""
    return session.get(OfficialChange, (list_id, school_id))


def layer_days(session: Session, versions: Mapping[str, int]) -> dict[str, tuple[str, str | None]]:
    """Return hazard and stated day of publication (ISO) of layers in given versions, as far as the reader sees them."""
    found = {}
    for code, version in versions.items():
        query = select(HazardLayer.hazard, HazardLayer.manifest)
        row = session.execute(query.where(HazardLayer.code == code, HazardLayer.version == version)).first()
        if row is not None:
            found[code] = (row[0], (row[1].get("source") or {}).get("published"))
    return found


def run_by_id(session: Session, run_id: int | None) -> Run | None:
    """Return a run that the reader may see."""
    return None if run_id is None else session.get(Run, run_id)
