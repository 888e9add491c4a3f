"""Writing campaigns: opened, handed out, reminded of, closed. Row security and triggers ask who may."""
# ruff: noqa: S608  the statements are put together from constants of the code, never from input

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from geodata.queries.campaigns import PROGRESS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session


def add_campaign(session: Session, values: Mapping[str, Any]) -> int:
    """Add an open campaign of the session's account and return its number.

    Args:
        values: title, kind, edition_id, area_code (None: the country), starts_on, ends_on, sample_seed, sample_size,
            sample_run_id (None: listed, not drawn).
    """
    statement = text("""
        INSERT INTO campaign (
            title, kind, edition_id, area_id, starts_on, ends_on, sample_seed, sample_size, sample_run_id, created_by,
            created_by_name
        )
        VALUES (
            :title, :kind, :edition_id, (SELECT id FROM area WHERE code = CAST(:area_code AS text)), :starts_on,
            :ends_on, :sample_seed, :sample_size, :sample_run_id, app_account(),
            (SELECT coalesce(display_name, name) FROM account WHERE id = app_account())
        )
        RETURNING id
    """)
    return int(session.execute(statement, dict(values)).scalar_one())


def add_visits(session: Session, campaign_id: int, codes: Sequence[str], due_on: date) -> int:
    """Add schools to a campaign and return how many."""
    statement = text("""
        INSERT INTO campaign_visit (campaign_id, school_id, due_on)
        SELECT :id, school.id, :due_on FROM school WHERE school.code = ANY (:codes)
    """)
    values = {"id": campaign_id, "codes": list(codes), "due_on": due_on}
    return int(session.execute(statement, values).rowcount)  # type: ignore[attr-defined]


def assign(
    session: Session, campaign_id: int, area_code: str | None, account: tuple[int, str] | None, due_on: date
) -> int:
    """Hand the visits that are not done, of an area or all, to an account (None: to the schools); return how many."""
    statement = text(f"""
        UPDATE campaign_visit SET account_id = :account_id, account_name = :account_name, due_on = :due_on
        WHERE campaign_id = :id
            AND school_id IN (
                SELECT school_id FROM ({PROGRESS} WHERE visit.campaign_id = :id) AS p WHERE p.state <> 'done'
            )
            AND (CAST(:area AS text) IS NULL OR EXISTS (
                SELECT FROM school_area JOIN area ON area.id = school_area.area_id
                WHERE school_area.school_id = campaign_visit.school_id AND area.code = CAST(:area AS text)
            ))
    """)
    number, name = account or (None, None)
    values = {"id": campaign_id, "area": area_code, "account_id": number, "account_name": name, "due_on": due_on}
    return int(session.execute(statement, values).rowcount)  # type: ignore[attr-defined]


def remind(session: Session, campaign_id: int) -> int:
    """Note that those who have not sent anything are reminded now; return how many visits that are."""
    statement = text(f"""
        UPDATE campaign_visit SET reminded_at = now()
        WHERE campaign_id = :id AND school_id IN (
            SELECT school_id FROM ({PROGRESS} WHERE visit.campaign_id = :id) AS p WHERE p.state IN ('waiting', 'begun')
        )
    """)
    return int(session.execute(statement, {"id": campaign_id}).rowcount)  # type: ignore[attr-defined]


def give_reason(session: Session, campaign_id: int, school_code: str, reason: str | None) -> bool:
    """Write down why a visit failed; False when the school is not in the campaign for this reader."""
    statement = text("""
        UPDATE campaign_visit SET reason = :reason
        WHERE campaign_id = :id AND school_id = (SELECT id FROM school WHERE code = :code)
    """)
    values = {"id": campaign_id, "code": school_code, "reason": reason}
    return bool(session.execute(statement, values).rowcount)  # type: ignore[attr-defined]


def close(session: Session, campaign_id: int) -> int:
    """Count the published assessments of an open campaign and close it; return how many were counted.

    From here on neither the campaign nor what it counted changes.
    """
    counted = text(f"""
        UPDATE campaign_visit SET assessment_id = p.assessment_id
        FROM ({PROGRESS} WHERE visit.campaign_id = :id) AS p
        WHERE campaign_visit.campaign_id = :id AND campaign_visit.school_id = p.school_id AND p.state = 'done'
    """)
    number = int(session.execute(counted, {"id": campaign_id}).rowcount)  # type: ignore[attr-defined]
    session.execute(
        text("UPDATE campaign SET status = 'closed', closed_at = now() WHERE id = :id AND status = 'open'"),
        {"id": campaign_id},
    )
    return number
