"""What appeals of answers, hazards and travel times are about: today's values at a school, and what answers are called.

Appeals are public, so that nothing of the group protection and no layer that is kept from the public is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select, text

from geodata.models import Criterion, HazardLayer, SchoolWay, StandardEdition

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session


class AskedCriterion(NamedTuple):
    """A criterion of an edition: how far it reaches, and whether its answers are public."""

    code: str
    scope: str
    is_public: bool


class CriterionName(NamedTuple):
    """What a criterion says, in three languages."""

    code: str
    text_ky: str
    text_ru: str
    text_en: str


# Per place as in the ranking: a second rater before the school itself, then the newest; the unknown replaces nothing.
_COUNTING = text("""
    SELECT DISTINCT ON (answer.criterion_id, answer.building_id) criterion.code, answer.building_id, answer.state
    FROM assessment AS visit
    JOIN answer ON answer.assessment_id = visit.id
    JOIN criterion ON criterion.id = answer.criterion_id
    WHERE visit.school_id = :school_id AND visit.edition_id = :edition_id AND visit.status = 'published'
        AND answer.state <> 'unknown' AND criterion.grouping <> 'protection'
    ORDER BY answer.criterion_id, answer.building_id,
        (visit.kind IN ('survey', 'instrument', 'verification') AND visit.rater_level IS DISTINCT FROM 'none') DESC,
        coalesce(answer.evidence_on, visit.assessed_on) DESC, visit.id DESC
""")


def asked_criteria(session: Session, edition_id: int) -> list[AskedCriterion]:
    """Return the criteria of an edition in their order, also those whose answers are kept from the public."""
    query = select(Criterion.code, Criterion.scope, Criterion.grouping != "protection")
    query = query.where(Criterion.edition_id == edition_id).order_by(Criterion.position, Criterion.code)
    return [AskedCriterion(*row) for row in session.execute(query)]


def is_of_any_edition(session: Session, code: str) -> bool:
    """Return whether some edition, in force or not, asks for ``code``."""
    return session.scalar(select(Criterion.id).where(Criterion.code == code).limit(1)) is not None


def counting_answers(session: Session, school_id: int, edition_id: int) -> dict[tuple[str, int | None], str]:
    """Return the public answers that count, by criterion and building (None: of the school); unknown is no entry."""
    rows = session.execute(_COUNTING, {"school_id": school_id, "edition_id": edition_id})
    return {(code, building_id): state for code, building_id, state in rows}


def public_layers(session: Session) -> frozenset[str]:
    """Return the codes of the current hazard layers that everybody may see."""
    query = select(HazardLayer.code).where(HazardLayer.is_current, HazardLayer.is_public)
    return frozenset(session.scalars(query))


def road_minutes(session: Session, school_id: int) -> dict[str, float]:
    """Return the minutes along the road file by target; no entry = not known."""
    query = select(SchoolWay.target, SchoolWay.minutes).where(SchoolWay.school_id == school_id)
    return {row.target: row.minutes for row in session.execute(query)}


def criterion_names(session: Session, codes: Collection[str]) -> dict[str, CriterionName]:
    """Return what criteria say by code: of the edition in force, else of the newest that has the code."""
    query = (
        select(Criterion.code, Criterion.text_ky, Criterion.text_ru, Criterion.text_en)
        .join(StandardEdition, StandardEdition.id == Criterion.edition_id)
        .where(Criterion.code.in_(sorted(codes)))
        .order_by(StandardEdition.is_current, StandardEdition.id)
    )  # the last one stays
    return {row.code: CriterionName(*row) for row in session.execute(query)}
