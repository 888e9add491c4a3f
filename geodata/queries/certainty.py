"""How sure a run is of one school: the quality of what it knows, and how firm its rank is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

from geodata.queries.run_quality import SchoolQualityRow
from geodata.records.robustness import FirmRank

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_CERTAINTY = text("""
    SELECT
        q.school_id IS NOT NULL, firm.school_id IS NOT NULL,
        school.code, school.name_ky, school.name_ru, school.name_en, result.grade, result.completeness,
        q.verified_share, q.firm_share, q.expired_share, q.evidence_on, q.first_expiry_on, q.compared,
        q.equal_share, q.index_gap, q.doubts,
        draws.draws, draws.top_count, firm.p_top, firm.p_above_next, firm.label, firm.decided_by, firm.decided_share
    FROM school_result AS result
    JOIN school ON school.id = result.school_id
    LEFT JOIN school_quality AS q ON q.run_id = result.run_id AND q.school_id = result.school_id
    LEFT JOIN school_robustness AS firm ON firm.run_id = result.run_id AND firm.school_id = result.school_id
    LEFT JOIN run_draws AS draws ON draws.run_id = firm.run_id
    WHERE result.run_id = :run_id AND result.school_id = :school_id
""")
_QUALITY = 15
"""Columns of the quality; those of the rank follow."""


@dataclass(frozen=True, slots=True)
class Certainty:
    """``quality`` None: the run is older than these figures; ``firm`` None: the run was not drawn."""

    quality: SchoolQualityRow | None
    firm: FirmRank | None


def certainty_of(session: Session, run_id: int, school_id: int) -> Certainty:
    """Return how sure ``run_id`` is of a school: one query."""
    row = session.execute(_CERTAINTY, {"run_id": run_id, "school_id": school_id}).first()
    if row is None:
        return Certainty(None, None)
    has_quality, is_drawn, *values = row
    quality = SchoolQualityRow(*values[:_QUALITY]) if has_quality else None
    return Certainty(quality, FirmRank(*values[_QUALITY:]) if is_drawn else None)
