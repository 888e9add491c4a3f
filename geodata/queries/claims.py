"""Claims: numbers that were stated, and what the register itself can count beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from geodata.models import Claim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from geodata.readers.claims import ClaimRow


def add_claims(session: Session, rows: Sequence[ClaimRow]) -> int:
    """Add claims and return how many are new; what was stated before is never overwritten."""
    if not rows:
        return 0
    statement = insert(Claim).values([row._asdict() for row in rows]).on_conflict_do_nothing().returning(Claim.id)
    return len(session.scalars(statement).all())


def list_claims(session: Session) -> Sequence[Claim]:
    """Return all claims by subject, the newest first."""
    return session.scalars(select(Claim).order_by(Claim.subject, Claim.said_on.desc(), Claim.id)).all()


_OURS = text("""
    SELECT
        count(*),
        count(*) FILTER (WHERE EXISTS (
            SELECT FROM building WHERE building.school_id = result.school_id AND building.condition = 'emergency'
        )),
        count(*) FILTER (WHERE result.grade IN ('D', 'E')),
        count(*) FILTER (WHERE result.grade IS NOT NULL)
    FROM school_result AS result JOIN school ON school.id = result.school_id
    WHERE result.run_id = :run_id
""")


def count_ours(session: Session, run_id: int) -> dict[str, float | None]:
    """Return by subject what can be counted school by school in a run; None where nothing is known."""
    schools, dilapidated, unsafe, graded = session.execute(_OURS, {"run_id": run_id}).one()
    share = 100 * unsafe / graded if graded else None
    return {"schools": schools, "dilapidated_schools": dilapidated, "unsafe_share": share}
