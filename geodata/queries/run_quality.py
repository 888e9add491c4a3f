"""Storing and reading the quality of what a run knows: of schools, and of areas."""
# ruff: noqa: S608  the statements are put together from constants of the code, never from input

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from geodata.queries.bulk_arrays import stage_arrays
from geodata.queries.territory import inside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

DOUBTS = ("raters", "value_state", "seats_zero", "shift_sum", "location")
"""Kinds of contradiction in what is recorded of a school."""

STORE_SCHOOLS = text("""
    INSERT INTO school_quality (
        run_id, school_id, verified_share, firm_share, expired_share, evidence_on, first_expiry_on, compared,
        equal_share, index_gap, doubts
    )
    WITH contradicting AS (  -- a value that its own state denies
        SELECT DISTINCT visit.school_id
        FROM answer
        JOIN assessment AS visit ON visit.id = answer.assessment_id
        JOIN criterion ON criterion.id = answer.criterion_id
        CROSS JOIN LATERAL (
            SELECT
                criterion.details ->> 'operator' AS operator,
                CAST(criterion.details ->> 'threshold_min' AS double precision) AS least,
                CAST(criterion.details ->> 'threshold_max' AS double precision) AS most
            WHERE criterion.details ->> 'value_type' = 'num'
        ) AS norm
        WHERE visit.status = 'published' AND visit.edition_id = :edition_id
            AND answer.value IS NOT NULL AND answer.state IN ('meets', 'fails')
            AND (answer.state = 'meets') <> CASE norm.operator
                WHEN '>=' THEN answer.value >= norm.least
                WHEN '<=' THEN answer.value <= norm.most
                WHEN 'between' THEN answer.value BETWEEN norm.least AND norm.most
            END
    )
    SELECT
        :run_id, q.school_id, q.verified_share, q.firm_share, nullif(q.expired_share, 'NaN'),
        CASE WHEN q.evidence_day <> 'NaN' THEN DATE '1970-01-01' + round(q.evidence_day)::int END,
        CASE WHEN q.first_expiry_day < :never THEN DATE '1970-01-01' + q.first_expiry_day END,
        q.compared, nullif(q.equal_share, 'NaN'), nullif(q.index_gap, 'NaN'),
        array_remove(ARRAY[
            CASE WHEN q.index_gap <> 'NaN' AND abs(q.index_gap) >= :most_gap THEN 'raters' END,
            CASE WHEN contradicting.school_id IS NOT NULL THEN 'value_state' END,
            CASE WHEN school.seats = 0 AND school.pupils > 0 THEN 'seats_zero' END,
            CASE WHEN school.pupils <> (
                SELECT sum(part) FROM unnest(school.shift_pupils) AS part HAVING count(part) = count(*)
            ) THEN 'shift_sum' END,
            CASE WHEN cardinality(school.location_flags) > 0 THEN 'location' END
        ], NULL)
    FROM staged_quality AS q
    JOIN school ON school.id = q.school_id
    LEFT JOIN contradicting ON contradicting.school_id = q.school_id
""")

STORE_AREAS = text("""
    INSERT INTO area_quality (
        run_id, area_id, schools, assessed, compared, doubtful, completeness, verified_share, expired_share,
        evidence_on, equal_share, index_gap, doubts
    )
    SELECT
        :run_id,
        school_area.area_id,
        count(*),
        count(*) FILTER (WHERE result.completeness > 0),
        count(*) FILTER (WHERE quality.compared > 0),
        count(*) FILTER (WHERE cardinality(quality.doubts) > 0),
        avg(result.completeness),
        avg(quality.verified_share),
        avg(quality.expired_share),
        percentile_disc(0.5) WITHIN GROUP (ORDER BY quality.evidence_on),
        sum(quality.equal_share * quality.compared) / nullif(sum(quality.compared), 0),
        avg(quality.index_gap),
        jsonb_strip_nulls(jsonb_build_object(
            'raters', nullif(count(*) FILTER (WHERE 'raters' = ANY (quality.doubts)), 0),
            'value_state', nullif(count(*) FILTER (WHERE 'value_state' = ANY (quality.doubts)), 0),
            'seats_zero', nullif(count(*) FILTER (WHERE 'seats_zero' = ANY (quality.doubts)), 0),
            'shift_sum', nullif(count(*) FILTER (WHERE 'shift_sum' = ANY (quality.doubts)), 0),
            'location', nullif(count(*) FILTER (WHERE 'location' = ANY (quality.doubts)), 0)
        ))
    FROM school_quality AS quality
    JOIN school_result AS result ON result.run_id = quality.run_id AND result.school_id = quality.school_id
    JOIN school_area ON school_area.school_id = quality.school_id
    WHERE quality.run_id = :run_id
    GROUP BY school_area.area_id
""")


@dataclass(frozen=True, slots=True)
class AreaQualityRow:
    """One area with its quality; shares 0..1, None = nothing to tell from."""

    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    level: int
    schools: int
    assessed: int
    compared: int
    doubtful: int
    completeness: float
    verified_share: float
    expired_share: float | None
    evidence_on: date | None
    equal_share: float | None
    index_gap: float | None
    doubts: dict[str, int]
    pupils_at_risk: int | None
    pupils: int | None
    is_rankable: bool


@dataclass(frozen=True, slots=True)
class SchoolQualityRow:
    """One school with its quality."""

    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    grade: str | None
    completeness: float
    verified_share: float
    firm_share: float
    expired_share: float | None
    evidence_on: date | None
    first_expiry_on: date | None
    compared: int
    equal_share: float | None
    index_gap: float | None
    doubts: list[str]


def store_quality(
    session: Session,
    run_id: int,
    edition_id: int,
    columns: Mapping[str, tuple[str, NDArray[Any]]],
    *,
    never: int,
    most_gap: float,
) -> None:
    """Store ``school_quality`` and ``area_quality`` of a run whose results of schools are there.

    Args:
        columns: school_id and the fields of ``app.workflows.ranking_answers.Quality``; NaN becomes NULL.
        never: The day that stands for an answer that never expires.
        most_gap: Points of the index from which two ratings contradict each other.
    """
    stage_arrays(session, "staged_quality", columns)
    values = {"run_id": run_id, "edition_id": edition_id, "never": never, "most_gap": most_gap}
    session.execute(STORE_SCHOOLS, values)
    session.execute(STORE_AREAS, {"run_id": run_id})


AREAS = text("""
    SELECT
        area.code, area.name_ky, area.name_ru, area.name_en, area.level,
        q.schools, q.assessed, q.compared, q.doubtful, q.completeness, q.verified_share, q.expired_share,
        q.evidence_on, q.equal_share, q.index_gap, q.doubts, result.pupils_at_risk, result.pupils, result.is_rankable
    FROM area_quality AS q
    JOIN area ON area.id = q.area_id
    JOIN area_result AS result ON result.run_id = q.run_id AND result.area_id = q.area_id
    WHERE q.run_id = :run_id
        AND (area.valid_from IS NULL OR area.valid_from <= :day) AND (area.valid_to IS NULL OR area.valid_to > :day)
        AND (
            (CAST(:within AS text) IS NULL AND (area.level = 2 OR (area.level = 1 AND NOT EXISTS (
                SELECT FROM area AS part JOIN area_result AS below ON below.area_id = part.id
                WHERE part.parent_id = area.id AND below.run_id = q.run_id
            ))))
            OR area.parent_id = (SELECT id FROM area WHERE code = CAST(:within AS text))
        )
    ORDER BY area.code
""")

OWN = text("""
    SELECT
        area.code, area.name_ky, area.name_ru, area.name_en, area.level,
        q.schools, q.assessed, q.compared, q.doubtful, q.completeness, q.verified_share, q.expired_share,
        q.evidence_on, q.equal_share, q.index_gap, q.doubts, result.pupils_at_risk, result.pupils, result.is_rankable
    FROM area_quality AS q
    JOIN area ON area.id = q.area_id
    JOIN area_result AS result ON result.run_id = q.run_id AND result.area_id = q.area_id
    WHERE q.run_id = :run_id AND CASE
        WHEN CAST(:within AS text) IS NULL THEN area.level = 0 ELSE area.code = CAST(:within AS text)
    END
""")

SCHOOLS = """
    FROM school_quality AS q
    JOIN school ON school.id = q.school_id
    JOIN school_result AS result ON result.run_id = q.run_id AND result.school_id = q.school_id
    WHERE q.run_id = :run_id
        AND (CAST(:within AS text) IS NULL OR EXISTS (
            SELECT FROM school_area JOIN area ON area.id = school_area.area_id
            WHERE school_area.school_id = q.school_id AND area.code = CAST(:within AS text)
        ))
        AND (CAST(:doubt AS text) IS NULL OR CAST(:doubt AS text) = ANY (q.doubts))
"""

REVISIT = f"q.run_id = :run_id AND q.first_expiry_on <= :day AND {inside('q.school_id', 'edit')}"


def areas_of(session: Session, run_id: int, within: str | None, day: date) -> list[AreaQualityRow]:
    """Return the areas right below ``within`` that hold on ``day``; None: all rayons and cities of the country."""
    rows = session.execute(AREAS, {"run_id": run_id, "within": within, "day": day})
    return [AreaQualityRow(*row) for row in rows]


def own_quality(session: Session, run_id: int, within: str | None) -> AreaQualityRow | None:
    """Return the quality of one area; None: of the country. None without any school."""
    row = session.execute(OWN, {"run_id": run_id, "within": within}).first()
    return None if row is None else AreaQualityRow(*row)


def schools_of(
    session: Session, run_id: int, within: str | None, doubt: str | None, limit: int, offset: int = 0
) -> list[SchoolQualityRow]:
    """Return schools of an area, those with the most contradictions and the oldest evidence first."""
    statement = text(f"""
        SELECT
            school.code, school.name_ky, school.name_ru, school.name_en, result.grade, result.completeness,
            q.verified_share, q.firm_share, q.expired_share, q.evidence_on, q.first_expiry_on, q.compared,
            q.equal_share, q.index_gap, q.doubts
        {SCHOOLS}
        ORDER BY cardinality(q.doubts) DESC, q.evidence_on NULLS FIRST, school.code COLLATE "C"
        LIMIT :limit OFFSET :offset
    """)
    values = {"run_id": run_id, "within": within, "doubt": doubt, "limit": limit, "offset": offset}
    return [SchoolQualityRow(*row) for row in session.execute(statement, values)]


def count_schools(session: Session, run_id: int, within: str | None, doubt: str | None) -> int:
    """Return how many schools ``schools_of`` goes through."""
    values = {"run_id": run_id, "within": within, "doubt": doubt}
    return int(session.scalar(text(f"SELECT count(*) {SCHOOLS}"), values) or 0)


def revisits(session: Session, run_id: int, day: date, limit: int) -> Sequence[Any]:
    """Return schools where the session's account edits and where an answer has expired by ``day``, oldest first."""
    statement = text(f"""
        SELECT school.code, school.name_ky, school.name_ru, school.name_en, q.first_expiry_on, q.expired_share
        FROM school_quality AS q
        JOIN school ON school.id = q.school_id
        WHERE {REVISIT}
        ORDER BY q.first_expiry_on, school.code COLLATE "C"
        LIMIT :limit
    """)
    return session.execute(statement, {"run_id": run_id, "day": day, "limit": limit}).all()


def count_revisits(session: Session, run_id: int, day: date) -> int:
    """Return how many schools ``revisits`` has."""
    statement = text(f"SELECT count(*) FROM school_quality AS q WHERE {REVISIT}")
    return int(session.scalar(statement, {"run_id": run_id, "day": day}) or 0)
