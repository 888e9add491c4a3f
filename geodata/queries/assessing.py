"""What somebody reads while they assess: schools, an assessment, its questions and answers. Row security decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from geodata.queries.standard import criteria
from geodata.queries.writes_assessing import TABLES
from geodata.records.assessing import Block, GivenAnswer, Question, Visit, VisitLine

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from geodata.models import Criterion

_VISIT = text("""
    SELECT
        visit.id, school.id, school.code, school.name_ky, school.name_ru, school.name_en, edition.id, edition.code,
        visit.kind, visit.assessed_on, visit.status, visit.is_synthetic, visit.updated_at,
        (SELECT account_name FROM assessment_step WHERE assessment_id = visit.id ORDER BY id LIMIT 1),
        (SELECT reason FROM assessment_step WHERE assessment_id = visit.id ORDER BY id DESC LIMIT 1),
        ARRAY(
            SELECT held FROM unnest(ARRAY['see', 'edit', 'see_restricted']) AS held
            WHERE app_scope() IN ('area', 'national') AND (app_everywhere(held) OR app_in_territory(school.id, held))
        )
    FROM assessment AS visit
    JOIN school ON school.id = visit.school_id
    JOIN standard_edition AS edition ON edition.id = visit.edition_id
    WHERE visit.id = :id
""")

_ANSWERS = text("""
    SELECT criterion_id, building_id, state, value, room_share, note, evidence_on, answered_at, version
    FROM answer WHERE assessment_id = :id
    UNION ALL
    SELECT criterion_id, building_id, state, value, room_share, note, evidence_on, answered_at, version
    FROM restricted_answer WHERE assessment_id = :id
""")

_STANDING = """
    SELECT sent.assessment_id, sent.criterion_id, sent.building_id,
        given.criterion_id, given.building_id, given.state, given.value, given.room_share, given.note,
        given.evidence_on, given.answered_at, given.version
    FROM (SELECT CAST(:key AS uuid) AS key) AS asked
    LEFT JOIN answer_change AS sent ON sent.key = asked.key
    LEFT JOIN {table} AS given ON given.assessment_id = :id AND given.criterion_id = :criterion_id
        AND given.building_id IS NOT DISTINCT FROM CAST(:building_id AS bigint)
"""

_OWN = """
    SELECT
        visit.id, school.code, school.name_ky, school.name_ru, school.name_en, visit.kind, visit.assessed_on,
        visit.status, (SELECT count(*) FROM answer WHERE assessment_id = visit.id AND state <> 'unknown')
    FROM assessment AS visit
    JOIN school ON school.id = visit.school_id
    WHERE visit.status <> 'published'
        AND ((SELECT app_everywhere('edit')) OR app_in_territory(visit.school_id, 'edit'))
    ORDER BY array_position(ARRAY['returned', 'draft', 'submitted', 'verified'], visit.status), visit.updated_at DESC
    LIMIT :most
"""

_SCHOOLS = text("""
    SELECT code, name_ky, name_ru, name_en FROM school
    WHERE closed_on IS NULL AND app_in_territory(id, 'edit')
        AND (:wanted = '' OR code = :wanted OR id IN (SELECT school_spelt(:wanted)))
    ORDER BY name_ky, code LIMIT :most
""")

GUIDANCE = text("""
    SELECT criterion_id, check_ky, check_ru, check_en FROM criterion_guidance AS guidance
    JOIN criterion ON criterion.id = guidance.criterion_id
    WHERE criterion.edition_id = :edition_id
""")


def find_visit(session: Session, number: int) -> Visit | None:
    """Return an assessment; None when there is none or it is not for this reader."""
    row = session.execute(_VISIT, {"id": number}).first()
    return None if row is None else Visit(*row)


def visit_id(session: Session, school_id: int, edition_id: int, kind: str, assessed_on: Any) -> int | None:
    """Return the assessment of a school of that kind and day; there is one at most."""
    statement = text("""
        SELECT id FROM assessment
        WHERE school_id = :school_id AND edition_id = :edition_id AND kind = :kind AND assessed_on = :assessed_on
    """)
    values = {"school_id": school_id, "edition_id": edition_id, "kind": kind, "assessed_on": assessed_on}
    return session.scalar(statement, values)


def open_visits(session: Session, most: int = 50) -> list[VisitLine]:
    """Return what is not published yet of the schools that this reader may assess, what waits for them first."""
    return [VisitLine(*row) for row in session.execute(text(_OWN), {"most": most})]


def own_schools(session: Session, wanted: str, most: int = 20) -> list[Any]:
    """Return schools that this reader may assess (code and names), those spelt like ``wanted`` unless it is empty."""
    return list(session.execute(_SCHOOLS, {"wanted": wanted, "most": most}))


def holds(session: Session, right: str, school_id: int) -> bool:
    """Return whether this session holds ``right`` at a school."""
    statement = text("""
        SELECT app_scope() IN ('area', 'national')
            AND (app_everywhere(:right) OR app_in_territory(:school_id, :right))
    """)
    return bool(session.scalar(statement, {"right": right, "school_id": school_id}))


def blocks(session: Session, school_id: int) -> list[Block]:
    """Return the buildings of a school in the order of their codes."""
    statement = text("""
        SELECT id, code, name, pupil_share FROM building WHERE school_id = :id ORDER BY code COLLATE "C"
    """)
    return [Block(*row) for row in session.execute(statement, {"id": school_id})]


def questions(session: Session, edition_id: int, language: str, *, with_protected: bool) -> list[Question]:
    """Return the criteria of an edition as they are asked, in its order."""
    hints = {row[0]: {"ky": row[1], "ru": row[2], "en": row[3]} for row in session.execute(
        GUIDANCE, {"edition_id": edition_id}
    )}  # fmt: skip
    found = [_question(one, language, hints.get(one.id, {})) for one in criteria(session, edition_id)]
    return [one for one in found if with_protected or not one.is_protected]


def find_question(
    session: Session, edition_id: int, code: str, language: str, *, with_protected: bool
) -> Question | None:
    """Return one criterion as it is asked, without guidance; None when there is none for this reader."""
    found = [_question(one, language, {}) for one in criteria(session, edition_id, [code])]
    return next((one for one in found if with_protected or not one.is_protected), None)


def _question(one: Criterion, language: str, hints: dict[str, str]) -> Question:
    details: dict[str, Any] = one.details
    return Question(
        one.id,
        one.code,
        one.domain_code,
        {"ky": one.text_ky, "ru": one.text_ru}.get(language, one.text_en),
        one.scope,
        one.weight,
        one.is_critical,
        one.cap,
        one.grouping,
        str(details.get("value_type") or "bool"),
        number_of(details.get("threshold_min")),
        number_of(details.get("threshold_max")),
        str(details.get("unit") or ""),
        str(details.get("requirement") or ""),
        hints.get(language),
        tuple(str(details.get("evidence_type") or "").split(";")),
    )


def number_of(value: Any) -> float | None:
    """Return a threshold as the edition writes it; None where it states none."""
    try:
        return None if value in (None, "") else float(value)
    except ValueError:
        return None


def answers(session: Session, number: int) -> dict[tuple[int, int | None], GivenAnswer]:
    """Return the answers of an assessment by criterion and building, those that this reader may see."""
    rows = (GivenAnswer(*row) for row in session.execute(_ANSWERS, {"id": number}))
    return {(one.criterion_id, one.building_id): one for one in rows}


def standing(
    session: Session, number: int, criterion_id: int, building_id: int | None, key: Any, *, is_protected: bool
) -> tuple[GivenAnswer | None, tuple[int, int, int | None] | None]:
    """Return the answer that stands at a place, and where the change of ``key`` went (assessment, criterion, building).

    Each is None where there is none.
    """
    statement = text(_STANDING.format(table=TABLES[is_protected]))
    values = {"key": str(key), "id": number, "criterion_id": criterion_id, "building_id": building_id}
    row = session.execute(statement, values).one()
    went = None if row[0] is None else (row[0], row[1], row[2])
    return (None if row[3] is None else GivenAnswer(*row[3:])), went


def answered_by(session: Session, number: int, criterion_id: int, building_id: int | None) -> str | None:
    """Return the name of who last answered a question, None when nobody is noted."""
    statement = text("""
        SELECT content ->> 'by' FROM answer_change
        WHERE assessment_id = :id AND criterion_id = :criterion_id AND kind = 'answer'
            AND building_id IS NOT DISTINCT FROM CAST(:building_id AS bigint)
        ORDER BY received_at DESC LIMIT 1
    """)
    values = {"id": number, "criterion_id": criterion_id, "building_id": building_id}
    return session.scalar(statement, values)
