"""Assessments that wait for verification or publication, and the answers of one beside those of second raters."""
# ruff: noqa: S608  the statements are put together from constants of the code, never from input

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sqlalchemy import text

from geodata.records.verification import AssessmentStepFacts, ComparedCriterion, GivenAnswer, WaitingAssessment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

Box = Literal["returned", "to_verify", "to_publish"]

SECOND_RATERS = ("survey", "instrument", "verification")
"""Kinds of assessment whose answers count as verified."""

_WAITING = """
    SELECT
        visit.id, visit.school_id, school.code, school.name_ky, school.name_ru, school.name_en, visit.kind,
        visit.assessed_on, visit.status, visit.edition_id, edition.code, coalesce(step.id, 0), step.at,
        step.account_name, step.reason,
        (SELECT count(*) FROM answer WHERE answer.assessment_id = visit.id AND answer.state <> 'unknown'),
        assessment_is_own(visit.id)
    FROM assessment AS visit
    JOIN school ON school.id = visit.school_id
    JOIN standard_edition AS edition ON edition.id = visit.edition_id
    LEFT JOIN LATERAL (
        SELECT id, at, account_name, reason FROM assessment_step
        WHERE assessment_step.assessment_id = visit.id
        ORDER BY id DESC LIMIT 1
    ) AS step ON true
"""


def _held(right: str) -> str:
    return f"((SELECT app_everywhere('{right}')) OR app_in_territory(visit.school_id, '{right}'))"


BOXES: dict[Box, str] = {
    "returned": (
        f"visit.status = 'returned' AND {_held('edit')} "
        "AND (assessment_is_own(visit.id) OR visit.school_id = ANY ((SELECT app_schools('edit'))::bigint[]))"
    ),
    "to_verify": f"visit.status = 'submitted' AND {_held('verify')} AND NOT assessment_is_own(visit.id)",
    "to_publish": f"visit.status = 'verified' AND {_held('publish')} AND NOT assessment_is_own(visit.id)",
}
WAITING = " OR ".join(f"({rule})" for rule in BOXES.values())
"""What waits for whom: nobody is asked to verify or to publish what they answered themselves; what came back waits for
who answered it, and for the school itself."""


def in_box(session: Session, box: Box, limit: int, offset: int = 0) -> list[WaitingAssessment]:
    """Return one page of a box, what waits longest first."""
    statement = text(f"{_WAITING} WHERE {BOXES[box]} ORDER BY step.at, visit.id LIMIT :limit OFFSET :offset")
    return [WaitingAssessment(*row) for row in session.execute(statement, {"limit": limit, "offset": offset})]


def count_boxes(session: Session) -> dict[Box, int]:
    """Return how many assessments lie in each box."""
    counts = ", ".join(f"count(*) FILTER (WHERE {rule})" for rule in BOXES.values())
    statement = text(
        f"SELECT {counts} FROM assessment AS visit WHERE visit.status IN ('returned', 'submitted', 'verified')"
    )
    return dict(zip(BOXES, session.execute(statement).one(), strict=True))


def find_assessment(session: Session, assessment_id: int, *, lock: bool = False) -> WaitingAssessment | None:
    """Return an assessment, None when there is none for this reader; ``lock``: nobody else takes a step with it now."""
    if lock:
        statement = text("SELECT id FROM assessment WHERE id = :id FOR NO KEY UPDATE")
        if session.scalar(statement, {"id": assessment_id}) is None:
            return None
    row = session.execute(text(f"{_WAITING} WHERE visit.id = :id"), {"id": assessment_id}).first()
    return None if row is None else WaitingAssessment(*row)


def steps(session: Session, assessment_id: int) -> list[AssessmentStepFacts]:
    """Return the steps of an assessment so far, the first first."""
    statement = text("""
        SELECT at, account_name, from_status, to_status, reason
        FROM assessment_step WHERE assessment_id = :id ORDER BY id
    """)
    return [AssessmentStepFacts(*row) for row in session.execute(statement, {"id": assessment_id})]


def take_step(session: Session, assessment_id: int, start: str, to: str) -> bool:
    """Take an assessment from ``start`` to ``to``; False when it is elsewhere by now. A trigger asks who may."""
    statement = text("""
        UPDATE assessment SET status = :to, updated_at = now() WHERE id = :id AND status = :start
    """)
    return bool(session.execute(statement, {"id": assessment_id, "start": start, "to": to}).rowcount)  # type: ignore[attr-defined]


_GIVEN = """
    SELECT
        given.criterion_id, coalesce(building.name, building.code), given.state, given.value, given.room_share,
        given.note, coalesce(given.evidence_on, visit.assessed_on), visit.kind,
        given.evidence_on IS NULL OR given.answered_at IS NOT NULL
    FROM (
        SELECT assessment_id, criterion_id, building_id, state, value, room_share, note, evidence_on, answered_at
        FROM answer
        UNION ALL
        SELECT assessment_id, criterion_id, building_id, state, value, room_share, note, evidence_on, answered_at
        FROM restricted_answer
    ) AS given
    JOIN assessment AS visit ON visit.id = given.assessment_id
    LEFT JOIN building ON building.id = given.building_id
"""

_OWN = text(f"{_GIVEN} WHERE given.assessment_id = :id ORDER BY building.code NULLS FIRST")

_FORMER = text("""
    SELECT DISTINCT ON (given.criterion_id, given.building_id)
        given.criterion_id, coalesce(building.name, building.code), given.state, given.value, given.room_share,
        given.note, coalesce(given.evidence_on, visit.assessed_on), visit.kind, true
    FROM assessment AS visit
    JOIN (
        SELECT assessment_id, criterion_id, building_id, state, value, room_share, note, evidence_on FROM answer
        UNION ALL
        SELECT assessment_id, criterion_id, building_id, state, value, room_share, note, evidence_on
        FROM restricted_answer
    ) AS given ON given.assessment_id = visit.id
    LEFT JOIN building ON building.id = given.building_id
    WHERE visit.school_id = :school_id AND visit.edition_id = :edition_id AND visit.id <> :id
        AND visit.status = 'published' AND visit.kind = ANY (:kinds) AND given.state <> 'unknown'
    ORDER BY given.criterion_id, given.building_id, coalesce(given.evidence_on, visit.assessed_on) DESC, visit.id DESC
""")

_CRITERIA = text("""
    SELECT
        criterion.id, criterion.code, criterion.domain_code, criterion.text_ky, criterion.text_ru, criterion.text_en,
        criterion.scope, criterion.is_critical, criterion.grouping, criterion.details ->> 'unit',
        (
            SELECT coalesce(json_agg(json_build_array(evidence.id::text, evidence.kind) ORDER BY evidence.id), '[]')
            FROM evidence WHERE evidence.assessment_id = :id AND evidence.criterion_id = criterion.id
        )
    FROM criterion
    WHERE criterion.edition_id = :edition_id
    ORDER BY criterion.position, criterion.code
""")


def compare_answers(session: Session, assessment: WaitingAssessment) -> list[ComparedCriterion]:
    """Return the criteria that the assessment or a second rater before it answered, in the order of the edition.

    Answers of the protection group are among them for who may see them at this school, and missing for others.
    """
    own: dict[int, list[GivenAnswer]] = {}
    former: dict[int, list[GivenAnswer]] = {}
    values = {
        "id": assessment.id,
        "school_id": assessment.school_id,
        "edition_id": assessment.edition_id,
        "kinds": list(SECOND_RATERS),
    }
    for statement, found in ((_OWN, own), (_FORMER, former)):
        for criterion_id, *given in session.execute(statement, values):
            found.setdefault(criterion_id, []).append(GivenAnswer(*given))
    compared = []
    for criterion_id, *facts in session.execute(_CRITERIA, values):
        if criterion_id in own or criterion_id in former:
            criterion = ComparedCriterion(*facts)
            criterion.answers, criterion.former = own.get(criterion_id, []), former.get(criterion_id, [])
            compared.append(criterion)
    return compared


def domain_names(session: Session, edition_id: int) -> Sequence[tuple[str, str, str, str]]:
    """Return code and names (ky, ru, en) of the domains of an edition, in its order."""
    statement = text("""
        SELECT code, name_ky, name_ru, name_en FROM standard_domain WHERE edition_id = :id ORDER BY position
    """)
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(statement, {"id": edition_id})]
