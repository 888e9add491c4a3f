"""Schools, for reading: the passport, buildings, hazards, domains and history of one, and search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geoalchemy2.functions import ST_X, ST_Y
from sqlalchemy import and_, bindparam, case, func, or_, select, text

from geodata.models import (
    Answer,
    Appeal,
    Assessment,
    Building,
    BuildingResult,
    BuildingScreening,
    Exposure,
    ExposureRun,
    HazardLayer,
    School,
    SchoolCode,
    StandardEdition,
)
from geodata.records.robustness import ScreeningFacts
from geodata.records.school import (
    AssessmentFacts,
    BuildingFacts,
    DomainFacts,
    ExposureFacts,
    FailedCriterion,
    RegisterCode,
    SchoolFacts,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

_SCHOOL = (
    School.id,
    School.code,
    School.name_ky,
    School.name_ru,
    School.name_en,
    ST_X(School.location),
    ST_Y(School.location),
    School.location_quality,
    School.location_flags,
    School.area_id,
    School.kind,
    School.ownership,
    School.languages,
    School.pupils,
    School.seats,
    School.shifts,
    School.shift_pupils,
    School.shift_hours,
    School.staff,
    School.boarding_pupils,
    School.opened_on,
    School.closed_on,
    School.source,
    School.source_date,
    School.provenance,
    School.is_synthetic,
    School.updated_at,
    select(
        func.coalesce(
            func.json_agg(
                func.json_build_array(SchoolCode.register, SchoolCode.code, SchoolCode.source, SchoolCode.source_date)
            ),
            text("'[]'::json"),
        )
    )
    .where(SchoolCode.school_id == School.id)
    .scalar_subquery(),
    select(Appeal.id).where(Appeal.school_id == School.id, Appeal.status == "open").exists(),
)
"""In the order of the fields of ``SchoolFacts``."""

_BUILDING = (
    Building.id,
    Building.code,
    Building.name,
    Building.use,
    Building.building_type,
    Building.year_built,
    Building.storeys,
    Building.area_m2,
    Building.condition,
    Building.heating,
    Building.design_series,
    Building.pupil_share,
    Building.source,
    Building.source_date,
    Building.provenance,
    BuildingResult.index_lower,
    BuildingResult.index_central,
    BuildingResult.index_upper,
    BuildingResult.completeness,
    BuildingResult.conformity_class,
    BuildingResult.red_flags,
    BuildingResult.risk,
)
_SCREENING = (
    BuildingScreening.needs_review,
    BuildingScreening.score,
    BuildingScreening.items,
    BuildingScreening.modifiers,
)
"""In the order of the fields of ``BuildingFacts``; then its second opinion."""


DOMAINS = """
    SELECT
        domain_result.domain_code,
        domain_result.index_lower,
        domain_result.index_central,
        domain_result.index_upper,
        domain_result.completeness,
        standard_domain.name_ky,
        standard_domain.name_ru,
        standard_domain.name_en,
        coalesce(failed.criteria, '[]') AS failed
    FROM domain_result
    JOIN run ON run.id = domain_result.run_id
    LEFT JOIN standard_domain
        ON standard_domain.edition_id = run.edition_id AND standard_domain.code = domain_result.domain_code
    LEFT JOIN LATERAL (
        SELECT json_agg(
            json_build_array(
                criterion.code, criterion.text_ky, criterion.text_ru, criterion.text_en, criterion.is_critical
            )
            ORDER BY criterion.is_critical DESC, criterion.weight DESC, criterion.position
        ) AS criteria
        FROM criterion
        WHERE criterion.edition_id = run.edition_id
            AND criterion.code = ANY(domain_result.failed)
            AND criterion.field_class = 'public'
    ) AS failed ON true
    WHERE domain_result.run_id = :run_id AND domain_result.school_id = :school_id
    ORDER BY standard_domain.position, domain_result.domain_code
"""
"""Restricted criteria never reach a page: the class is asked here, whatever the run stored."""

_DOMAINS = text(DOMAINS)

_BY_CODE = select(*_SCHOOL).where(School.code == bindparam("code"))
_BUILDINGS = (
    select(*_BUILDING, *_SCREENING)
    .outerjoin(
        BuildingResult,
        and_(BuildingResult.building_id == Building.id, BuildingResult.run_id == bindparam("run_id")),
    )
    .outerjoin(
        BuildingScreening,
        and_(BuildingScreening.building_id == Building.id, BuildingScreening.run_id == bindparam("run_id")),
    )
    .where(Building.school_id == bindparam("school_id"))
    .order_by(Building.code)
)
_ASSESSMENTS = (
    select(
        Assessment.assessed_on,
        Assessment.kind,
        case(
            (
                or_(func.app_scope() == "national", func.app_in_territory(Assessment.school_id, "see")),
                Assessment.assessor,
            )
        ),
        StandardEdition.code,
        Assessment.source,
        Assessment.is_synthetic,
        func.count(Answer.id).filter(Answer.state != "unknown"),
        func.count(Answer.id).filter(Answer.state == "fails"),
    )
    .join(StandardEdition, StandardEdition.id == Assessment.edition_id)
    .outerjoin(Answer, Answer.assessment_id == Assessment.id)
    .where(Assessment.school_id == bindparam("school_id"), Assessment.status == "published")
    .group_by(Assessment.id, StandardEdition.code)
    .order_by(Assessment.assessed_on.desc(), Assessment.id.desc())
    .limit(bindparam("most"))
)
"""Statements of a school's page are made once: making them anew cost it more than running them."""


def has_sample(session: Session) -> bool:
    """Return whether any school that the reader may see was made up."""
    return bool(session.scalar(select(select(School.id).where(School.is_synthetic).exists())))


def _tuples(values: Sequence[Any]) -> list[Any]:
    return [tuple(value) if isinstance(value, list) else value for value in values]


def _school(row: Sequence[Any]) -> SchoolFacts:
    *facts, codes, has_appeals = _tuples(row)
    values: list[Any] = [*facts, tuple(RegisterCode(*code) for code in sorted(codes)), has_appeals]
    return SchoolFacts(*values)


def find_school(session: Session, code: str) -> SchoolFacts | None:
    """Return the school with ``code``, or None when there is none or the reader may not see it."""
    row = session.execute(_BY_CODE, {"code": code}).first()
    return None if row is None else _school(row)


def search_schools(session: Session, q: str, limit: int = 20) -> list[SchoolFacts]:
    """Return schools whose name, or an area's of theirs, holds every word of ``q``, or whose code it is, best first."""
    folded = func.fold_name(q)
    query = (
        select(*_SCHOOL)
        .where(School.id.in_(select(func.school_spelt(q.strip()))))
        .order_by(func.word_similarity(folded, School.folded_name).desc(), School.id)
        .limit(limit)
    )
    return [_school(row) for row in session.execute(query)]


def buildings(session: Session, school_id: int, run_id: int | None) -> list[BuildingFacts]:
    """Return the school's buildings by code, each with its result in the run where there is one."""
    found = []
    for row in session.execute(_BUILDINGS, {"school_id": school_id, "run_id": run_id}):
        *facts, flags, risk, needs_review, score, items, modifiers = row
        second = None if needs_review is None else ScreeningFacts(score, tuple(items), tuple(modifiers), needs_review)
        values: list[Any] = [*facts, tuple(flags or ()), risk or {}, second]
        found.append(BuildingFacts(*values))
    return found


def exposures(session: Session, school_id: int) -> list[ExposureFacts]:
    """Return what each current hazard layer says at the school itself, by hazard and layer."""
    query = (
        select(
            HazardLayer.code,
            HazardLayer.version,
            HazardLayer.hazard,
            HazardLayer.manifest,
            Exposure.value,
            Exposure.level,
            Exposure.status,
            HazardLayer.is_synthetic,
            ExposureRun.created_at,
        )
        .join(ExposureRun, ExposureRun.id == Exposure.run_id)
        .join(HazardLayer, HazardLayer.id == ExposureRun.layer_id)
        .where(
            Exposure.school_id == school_id,
            Exposure.building_id.is_(None),
            ExposureRun.is_current,
            HazardLayer.is_current,
        )
        .order_by(HazardLayer.hazard, HazardLayer.code)
    )
    return [ExposureFacts(*row) for row in session.execute(query)]


def domain_results(session: Session, run_id: int, school_id: int) -> list[DomainFacts]:
    """Return the school's public domains in a run, with the texts of the criteria that it fails."""
    found: Sequence[Any] = session.execute(_DOMAINS, {"run_id": run_id, "school_id": school_id}).all()
    return [domain_facts(row._mapping) for row in found]


def domain_facts(row: Mapping[str, Any]) -> DomainFacts:
    """Return the record of a row of ``DOMAINS``."""
    return DomainFacts(**{**row, "failed": tuple(FailedCriterion(*criterion) for criterion in row["failed"])})


def assessments(session: Session, school_id: int, limit: int = 20) -> list[AssessmentFacts]:
    """Return the school's published assessments, newest first, with counts of public answers only.

    Who assessed is a person's name: it goes to those who work in the school's territory, and is None for others.
    """
    found = session.execute(_ASSESSMENTS, {"school_id": school_id, "most": limit})
    return [AssessmentFacts(*row) for row in found]
