"""Levels of those who assess, and how far raters of the same places agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session


def counted_kind(visit: str) -> str:
    """Return the SQL of the kind that an assessment counts as: the school's own where its rater had no level."""
    return f"CASE WHEN {visit}.rater_level = 'none' THEN 'self' ELSE {visit}.kind END"


@dataclass(frozen=True, slots=True)
class GivenLevel:
    """A level as it was given."""

    level: str
    valid_until: date
    basis: str
    given_by: str | None
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Rater:
    """Somebody who hands assessments over. ``level``: today; ``equal`` of ``compared`` answers agree with others."""

    account_id: int
    name: str
    level: str
    valid_until: date | None
    visits: int
    compared: int
    equal: int


RATERS = text("""
    WITH visit AS (
        SELECT one.id, one.school_id, step.account_id, step.account_name
        FROM assessment AS one
        CROSS JOIN LATERAL (
            SELECT account_id, account_name FROM assessment_step
            WHERE assessment_id = one.id AND to_status = 'submitted' ORDER BY id DESC LIMIT 1
        ) AS step
        WHERE one.kind IN ('survey', 'instrument', 'verification') AND one.status = 'published'
            AND one.assessed_on > current_date - 730 AND step.account_id IS NOT NULL
    ),
    given AS (
        SELECT visit.school_id, visit.account_id, answer.criterion_id, answer.building_id, answer.state
        FROM visit JOIN answer ON answer.assessment_id = visit.id AND answer.state <> 'unknown'
    ),
    agreement AS (
        SELECT mine.account_id, count(*) AS compared, count(*) FILTER (WHERE mine.state = theirs.state) AS equal
        FROM given AS mine
        JOIN given AS theirs ON theirs.school_id = mine.school_id AND theirs.criterion_id = mine.criterion_id
            AND theirs.building_id IS NOT DISTINCT FROM mine.building_id AND theirs.account_id <> mine.account_id
        GROUP BY mine.account_id
    ),
    level AS (
        SELECT DISTINCT ON (account_id) account_id, account_name, level, valid_until
        FROM assessor_level ORDER BY account_id, id DESC
    )
    SELECT
        coalesce(done.account_id, level.account_id), coalesce(done.name, level.account_name),
        CASE WHEN level.valid_until >= current_date THEN level.level ELSE 'none' END, level.valid_until,
        coalesce(done.visits, 0), coalesce(agreement.compared, 0), coalesce(agreement.equal, 0)
    FROM (SELECT account_id, min(account_name) AS name, count(*) AS visits FROM visit GROUP BY account_id) AS done
    FULL JOIN level ON level.account_id = done.account_id
    LEFT JOIN agreement ON agreement.account_id = done.account_id
    ORDER BY 5 DESC, 2 LIMIT :most
""")


def levels_of(session: Session, account_id: int) -> list[GivenLevel]:
    """Return the levels that an account was given, the newest first."""
    statement = text("""
        SELECT level, valid_until, basis, given_by, given_at FROM assessor_level
        WHERE account_id = :id ORDER BY id DESC LIMIT 50
    """)
    return [GivenLevel(*row) for row in session.execute(statement, {"id": account_id})]


def add_level(session: Session, account_id: int, name: str, level: str, valid_until: date, basis: str) -> None:
    """Give an account a level; the former ones stay as history."""
    statement = text("""
        INSERT INTO assessor_level (account_id, account_name, level, valid_until, basis, given_by)
        VALUES (:id, :name, :level, :valid_until, :basis,
            (SELECT coalesce(display_name, name) FROM account WHERE id = app_account()))
    """)
    values = {"id": account_id, "name": name, "level": level, "valid_until": valid_until, "basis": basis}
    session.execute(statement, values)


def raters(session: Session, most: int = 200) -> list[Rater]:
    """Return who has a level or handed published visits of the last two years over, with their agreement.

    Visits that the session does not see are not compared.
    """
    return [Rater(*row) for row in session.execute(RATERS, {"most": most})]
