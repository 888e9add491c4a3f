"""What a run found at one school and how sure it is: domains, quality of what it knows, how firm its rank is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from geodata.queries.run_quality import SchoolQualityRow
from geodata.queries.schools import DOMAINS, domain_facts
from geodata.records.robustness import FirmRank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from geodata.records.school import DomainFacts

_SURE = """
        q.school_id IS NOT NULL, firm.school_id IS NOT NULL,
        school.code, school.name_ky, school.name_ru, school.name_en, result.grade, result.completeness,
        q.verified_share, q.firm_share, q.expired_share, q.evidence_on, q.first_expiry_on, q.compared,
        q.equal_share, q.index_gap, q.doubts,
        draws.draws, draws.top_count, firm.p_top, firm.p_above_next, firm.label, firm.decided_by, firm.decided_share
"""
_QUALITY = 15
"""Columns of the quality; those of the rank follow."""
_OF = """
    FROM school_result AS result
    JOIN school ON school.id = result.school_id
    LEFT JOIN school_quality AS q ON q.run_id = result.run_id AND q.school_id = result.school_id
    LEFT JOIN school_robustness AS firm ON firm.run_id = result.run_id AND firm.school_id = result.school_id
    LEFT JOIN run_draws AS draws ON draws.run_id = firm.run_id
    WHERE result.run_id = :run_id AND result.school_id = :school_id
"""
_CERTAINTY = text(f"SELECT {_SURE} {_OF}")
_FINDINGS = text(f"SELECT (SELECT json_agg(domain) FROM ({DOMAINS}) AS domain), {_SURE} {_OF}")  # noqa: S608


@dataclass(frozen=True, slots=True)
class Certainty:
    """``quality`` None: the run is older than these figures; ``firm`` None: the run was not drawn."""

    quality: SchoolQualityRow | None
    firm: FirmRank | None


def certainty_of(session: Session, run_id: int, school_id: int) -> Certainty:
    """Return how sure ``run_id`` is of a school: one query."""
    row = session.execute(_CERTAINTY, {"run_id": run_id, "school_id": school_id}).first()
    return Certainty(None, None) if row is None else _certainty(row)


def findings_of(session: Session, run_id: int, school_id: int) -> tuple[list[DomainFacts], Certainty]:
    """Return the school's public domains in ``run_id``, as ``schools.domain_results``, and its certainty: one query."""
    row = session.execute(_FINDINGS, {"run_id": run_id, "school_id": school_id}).first()
    if row is None:
        return [], Certainty(None, None)
    return [domain_facts(one) for one in row[0] or ()], _certainty(row[1:])


def _certainty(row: Sequence[Any]) -> Certainty:
    has_quality, is_drawn, *values = row
    quality = SchoolQualityRow(*values[:_QUALITY]) if has_quality else None
    return Certainty(quality, FirmRank(*values[_QUALITY:]) if is_drawn else None)
