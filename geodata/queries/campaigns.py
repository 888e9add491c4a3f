"""Reading campaigns: their visits, how far each is, coverage by area, and what waits for whom."""
# ruff: noqa: S608  the statements are put together from constants of the code, never from input

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from geodata.queries.territory import inside
from geodata.records.campaign import AreaCoverage, Assignee, CampaignFacts, OwnVisit, VisitFacts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

TODAY = "timezone('Asia/Bishkek', now())::date"

PROGRESS = f"""
    SELECT
        visit.campaign_id, visit.school_id, visit.account_id, visit.account_name, visit.due_on, visit.reminded_at,
        visit.reason,
        coalesce(visit.assessment_id, found.id) AS assessment_id,
        CASE
            WHEN visit.assessment_id IS NOT NULL OR found.status = 'published' THEN 'done'
            WHEN found.status IN ('submitted', 'verified') THEN 'sent'
            WHEN found.status IN ('draft', 'returned') THEN 'begun'
            ELSE 'waiting'
        END AS state,
        visit.due_on < {TODAY} AND visit.assessment_id IS NULL AND found.status IS DISTINCT FROM 'published' AS is_late
    FROM campaign_visit AS visit
    JOIN campaign ON campaign.id = visit.campaign_id
    LEFT JOIN LATERAL (
        SELECT assessment.id, assessment.status
        FROM assessment
        WHERE assessment.school_id = visit.school_id AND assessment.edition_id = campaign.edition_id
            AND assessment.kind = campaign.kind
            AND assessment.assessed_on BETWEEN campaign.starts_on AND campaign.ends_on
        ORDER BY
            array_position(ARRAY['published', 'verified', 'submitted', 'returned', 'draft'], assessment.status),
            assessment.id DESC
        LIMIT 1
    ) AS found ON campaign.status = 'open'
"""
"""Each visit with its state: by the assessment of the campaign's kind, edition and days that is furthest on its way."""

_MANAGE = "(SELECT app_may('verify')) AND (c.created_by = (SELECT app_account()) OR (SELECT app_everywhere('verify')))"

_CAMPAIGN = f"""
    SELECT
        c.id, c.title, c.kind, c.edition_id, edition.code, area.code, area.level, area.name_ky, area.name_ru,
        area.name_en, c.starts_on, c.ends_on, c.status, c.sample_seed, c.sample_size, c.created_by,
        c.created_by_name, c.closed_at, p.visits, p.done, p.sent, p.begun, p.late, {_MANAGE}
    FROM campaign AS c
    JOIN standard_edition AS edition ON edition.id = c.edition_id
    LEFT JOIN area ON area.id = c.area_id
    CROSS JOIN LATERAL (
        SELECT
            count(*) AS visits,
            count(*) FILTER (WHERE state = 'done') AS done,
            count(*) FILTER (WHERE state = 'sent') AS sent,
            count(*) FILTER (WHERE state = 'begun') AS begun,
            count(*) FILTER (WHERE is_late) AS late
        FROM ({PROGRESS} WHERE visit.campaign_id = c.id) AS progress
    ) AS p
"""


def campaigns(session: Session, limit: int = 100) -> list[CampaignFacts]:
    """Return the campaigns that the reader sees: open ones first, then the newest."""
    statement = text(f"{_CAMPAIGN} ORDER BY c.status DESC, c.ends_on DESC, c.id DESC LIMIT :limit")
    return [CampaignFacts(*row) for row in session.execute(statement, {"limit": limit})]


def find_campaign(session: Session, campaign_id: int, *, lock: bool = False) -> CampaignFacts | None:
    """Return a campaign, None when there is none for this reader; ``lock``: nobody else changes it now."""
    if lock:
        session.execute(text("SELECT id FROM campaign WHERE id = :id FOR UPDATE"), {"id": campaign_id})
    row = session.execute(text(f"{_CAMPAIGN} WHERE c.id = :id"), {"id": campaign_id}).first()
    return None if row is None else CampaignFacts(*row)


_VISITS = f"""
    FROM ({PROGRESS} WHERE visit.campaign_id = :id) AS p
    JOIN school ON school.id = p.school_id
    WHERE (CAST(:state AS text) IS NULL OR p.state = CAST(:state AS text)
            OR (CAST(:state AS text) = 'missing' AND p.state <> 'done')
            OR (CAST(:state AS text) = 'late' AND p.is_late))
        AND (CAST(:within AS text) IS NULL OR EXISTS (
            SELECT FROM school_area JOIN area ON area.id = school_area.area_id
            WHERE school_area.school_id = p.school_id AND area.code = CAST(:within AS text)
        ))
"""


def visits(
    session: Session, campaign_id: int, state: str | None, within: str | None, limit: int, offset: int = 0
) -> list[VisitFacts]:
    """Return visits of a campaign, what is due first: ``state`` is one of ``STATES``, ``missing`` or ``late``."""
    statement = text(f"""
        SELECT
            school.code, school.name_ky, school.name_ru, school.name_en, p.account_id, p.account_name, p.due_on,
            p.reminded_at, p.reason, p.state, p.assessment_id, p.is_late
        {_VISITS}
        ORDER BY p.state = 'done', p.due_on, school.code COLLATE "C"
        LIMIT :limit OFFSET :offset
    """)
    values = {"id": campaign_id, "state": state, "within": within, "limit": limit, "offset": offset}
    return [VisitFacts(*row) for row in session.execute(statement, values)]


def count_visits(session: Session, campaign_id: int, state: str | None, within: str | None) -> int:
    """Return how many visits ``visits`` goes through."""
    values = {"id": campaign_id, "state": state, "within": within}
    return int(session.scalar(text(f"SELECT count(*) {_VISITS}"), values) or 0)


def coverage(session: Session, campaign_id: int, level: int, within: str | None = None) -> list[AreaCoverage]:
    """Return the visits of a campaign by today's areas of a level (inside one), the least covered first."""
    statement = text(f"""
        SELECT
            area.code, area.level, area.name_ky, area.name_ru, area.name_en, count(*),
            count(*) FILTER (WHERE p.state = 'done'), count(*) FILTER (WHERE p.is_late)
        FROM ({PROGRESS} WHERE visit.campaign_id = :id) AS p
        JOIN school_area ON school_area.school_id = p.school_id
        JOIN area ON area.id = school_area.area_id AND area.level = :level
        WHERE (area.valid_from IS NULL OR area.valid_from <= {TODAY})
            AND (area.valid_to IS NULL OR area.valid_to > {TODAY})
            AND (CAST(:within AS text) IS NULL OR EXISTS (
                SELECT FROM school_area AS upper_area JOIN area AS wider ON wider.id = upper_area.area_id
                WHERE upper_area.school_id = p.school_id AND wider.code = CAST(:within AS text)
            ))
        GROUP BY area.id
        ORDER BY count(*) FILTER (WHERE p.state = 'done')::float / count(*), area.code
    """)
    values = {"id": campaign_id, "level": level, "within": within}
    return [AreaCoverage(*row) for row in session.execute(statement, values)]


def assignees(session: Session) -> list[Assignee]:
    """Return who can be sent to schools of the reader's territory."""
    found = session.execute(text("SELECT id, name, roles FROM campaign_assignees() ORDER BY name, id"))
    return [Assignee(number, name, tuple(roles)) for number, name, roles in found]


_MINE = f"""
    FROM ({PROGRESS}) AS p
    JOIN campaign AS c ON c.id = p.campaign_id AND c.status = 'open' AND c.starts_on <= {TODAY}
    JOIN school ON school.id = p.school_id
    WHERE p.state IN ('waiting', 'begun') AND (
        p.account_id = (SELECT app_account())
        OR (p.account_id IS NULL AND p.school_id = ANY ((SELECT app_schools('edit'))::bigint[]))
    )
"""
"""Visits without a name fall to the school's own account."""


def own_visits(session: Session, limit: int) -> list[OwnVisit]:
    """Return the visits of open campaigns that wait for who asks, what is due first."""
    statement = text(f"""
        SELECT
            c.id, c.title, c.kind, school.code, school.name_ky, school.name_ru, school.name_en, p.due_on, p.is_late,
            p.reminded_at
        {_MINE}
        ORDER BY p.due_on, school.code COLLATE "C" LIMIT :limit
    """)
    return [OwnVisit(*row) for row in session.execute(statement, {"limit": limit})]


def count_own_visits(session: Session) -> int:
    """Return how many visits ``own_visits`` has."""
    return int(session.scalar(text(f"SELECT count(*) {_MINE}")) or 0)


def candidates(
    session: Session, area_code: str | None, edition_id: int, run_id: int | None, *, self_assessed: bool
) -> Sequence[tuple[str, int | None, str | None]]:
    """Return code, rayon and grade of the open schools where the reader verifies, of an area or (None) of all.

    ``self_assessed``: only schools whose own assessment is published; a second rater has nothing to compare elsewhere.
    """
    statement = text(f"""
        SELECT school.code, coalesce(result.rayon_id, result.oblast_id), result.grade
        FROM school
        LEFT JOIN school_result AS result ON result.school_id = school.id AND result.run_id = :run_id
        WHERE {inside("school.id", "verify")}
            AND (school.closed_on IS NULL OR school.closed_on > {TODAY})
            AND (CAST(:area AS text) IS NULL OR EXISTS (
                SELECT FROM school_area JOIN area ON area.id = school_area.area_id
                WHERE school_area.school_id = school.id AND area.code = CAST(:area AS text)
            ))
            AND (NOT :self_assessed OR EXISTS (
                SELECT FROM assessment WHERE assessment.school_id = school.id AND assessment.kind = 'self'
                    AND assessment.edition_id = :edition_id AND assessment.status = 'published'
            ))
        ORDER BY school.code COLLATE "C"
    """)
    values = {"area": area_code, "edition_id": edition_id, "run_id": run_id, "self_assessed": self_assessed}
    return [(row[0], row[1], row[2]) for row in session.execute(statement, values)]


def today(session: Session) -> date:
    """Return the day that it is in Bishkek by the database's clock."""
    return session.execute(text(f"SELECT {TODAY}")).scalar_one()  # type: ignore[no-any-return]
