"""How old the answers of one school are: the evidence behind what counts for each public criterion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class EvidenceAge:
    """A criterion with the oldest evidence that counts for it; ``months``: its shelf life, None = not stated."""

    code: str
    text_ky: str
    text_ru: str
    text_en: str
    is_critical: bool
    evidence_on: date
    months: int | None


_AGES = text("""
    WITH counting AS (  -- per place, as in the ranking: a second rater before the school itself, then the newest
        SELECT DISTINCT ON (answer.criterion_id, answer.building_id)
            answer.criterion_id, coalesce(answer.evidence_on, visit.assessed_on) AS evidence_on
        FROM assessment AS visit
        JOIN answer ON answer.assessment_id = visit.id
        WHERE visit.school_id = :school_id AND visit.edition_id = :edition_id AND visit.status = 'published'
            AND answer.state NOT IN ('unknown', 'not_applicable')
        ORDER BY answer.criterion_id, answer.building_id,
            (visit.kind IN ('survey', 'instrument', 'verification')
                AND visit.rater_level IS DISTINCT FROM 'none') DESC,
            coalesce(answer.evidence_on, visit.assessed_on) DESC
    )
    SELECT
        criterion.code, criterion.text_ky, criterion.text_ru, criterion.text_en, criterion.is_critical,
        min(counting.evidence_on), criterion.shelf_life_months
    FROM counting
    JOIN criterion ON criterion.id = counting.criterion_id
    WHERE criterion.grouping <> 'protection'
    GROUP BY criterion.id
    ORDER BY criterion.position, criterion.code
""")


def evidence_ages(session: Session, school_id: int, edition_id: int) -> list[EvidenceAge]:
    """Return the public criteria that are answered at a school, in the order of the edition."""
    return [EvidenceAge(*row) for row in session.execute(_AGES, {"school_id": school_id, "edition_id": edition_id})]
