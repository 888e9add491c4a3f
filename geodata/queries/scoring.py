"""What a ranking reads: schools, buildings, answers and exposure as arrays, in the order of their codes."""
# ruff: noqa: S608  the statements are put together from constants of the code, never from input

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from geodata.models import Assessment, Building, Criterion, HazardLayer, School, StandardEdition
from geodata.queries.assessors import counted_kind
from geodata.queries.bulk_arrays import hash_rows, read_arrays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

IS_OPEN = "(school.closed_on IS NULL OR school.closed_on > %(day)s)"

MEMBERS = """
    SELECT
        school_area.school_id,
        max(area.id) FILTER (WHERE area.level = 1) AS oblast_id,
        max(area.id) FILTER (WHERE area.level = 2) AS rayon_id,
        max(area.id) FILTER (WHERE area.level = 3) AS aimak_id,
        coalesce(
            max(area.poverty_index) FILTER (WHERE area.level = 2),  -- the district's own, else what is nearest
            max(area.poverty_index) FILTER (WHERE area.level = 3),
            max(area.poverty_index) FILTER (WHERE area.level = 1)
        ) AS poverty_index
    FROM school_area
    JOIN area ON area.id = school_area.area_id
    WHERE area.valid_from <= %(day)s AND (area.valid_to IS NULL OR area.valid_to > %(day)s)
    GROUP BY school_area.school_id
"""

SCHOOLS = f"""
    SELECT
        school.id,
        coalesce(member.oblast_id, 0), coalesce(member.rayon_id, 0), coalesce(member.aimak_id, 0),
        coalesce(member.poverty_index, 'NaN'),
        coalesce(school.pupils, 'NaN'::float8), coalesce(school.seats, 'NaN'::float8),
        coalesce(school.shifts, 'NaN'::float8), coalesce(school.staff, 'NaN'::float8),
        coalesce(school.boarding_pupils, 'NaN'::float8), (school.kind = 'boarding')::int::int2,
        coalesce(school.shift_pupils[1], 'NaN'::float8), coalesce(school.shift_pupils[2], 'NaN'::float8),
        coalesce(school.shift_pupils[3], 'NaN'::float8),
        coalesce(school.shift_hours[1], 'NaN'::float8), coalesce(school.shift_hours[2], 'NaN'::float8),
        coalesce(school.shift_hours[3], 'NaN'::float8),
        (school.kind = 'primary')::int::int2, school.is_synthetic::int::int2,
        coalesce(travel.minutes, way.minutes, 'NaN'::float8)
    FROM school
    LEFT JOIN ({MEMBERS}) AS member ON member.school_id = school.id
    LEFT JOIN travel_time AS travel ON travel.school_id = school.id AND travel.target = 'school'
    LEFT JOIN school_way AS way ON way.school_id = school.id AND way.target = 'school'
    WHERE {IS_OPEN}
    ORDER BY school.code COLLATE "C"
"""

SCHOOL_COLUMNS = {
    "id": "int8",
    "oblast_id": "int8",
    "rayon_id": "int8",
    "aimak_id": "int8",
    "poverty_index": "float8",
    "pupils": "float8",
    "seats": "float8",
    "shifts": "float8",
    "staff": "float8",
    "boarding_pupils": "float8",
    "is_boarding": "int2",
    "shift_pupils_1": "float8",
    "shift_pupils_2": "float8",
    "shift_pupils_3": "float8",
    "shift_hours_1": "float8",
    "shift_hours_2": "float8",
    "shift_hours_3": "float8",
    "is_primary": "int2",
    "is_synthetic": "int2",
    "minutes_to_alternative": "float8",
}

BUILDINGS = f"""
    SELECT
        building.id, building.school_id,
        (coalesce(
            array_position(%(types)s::text[], building.building_type), cardinality(%(types)s::text[]) + 1
        ) - 1)::int2,
        coalesce(building.pupil_share, 'NaN'), coalesce(building.area_m2, 'NaN'),
        coalesce(building.replacement_som, 'NaN'::float8),
        coalesce(array_position('{{I,II,III}}'::text[], building.soil_class), 0)::int2,
        ((building.vertical_irregularity IS TRUE)::int + 2 * (building.plan_irregularity IS TRUE)::int
            + 4 * (building.condition IN ('poor', 'emergency'))::int
            + 8 * (building.flexible_diaphragm IS TRUE)::int + 16 * (building.pounding IS TRUE)::int)::int2,
        (building.use IN ('education', 'unknown'))::int::int2,
        coalesce(building.year_built, 0)::int2, coalesce(building.storeys, 0)::int2
    FROM building
    JOIN school ON school.id = building.school_id
    WHERE {IS_OPEN}
    ORDER BY school.code COLLATE "C", building.code COLLATE "C"
"""

BUILDING_COLUMNS = {
    "id": "int8",
    "school_id": "int8",
    "type": "int2",
    "pupil_share": "float8",
    "area_m2": "float8",
    "replacement_som": "float8",
    "soil": "int2",
    "modifiers": "int2",
    "is_taught_in": "int2",
    "year_built": "int2",
    "storeys": "int2",
}
"""``modifiers``: bits of ``app.risk.parameters.MODIFIERS``; ``type``: index into the given types, beyond = unknown."""

ANSWERS = f"""
    WITH chosen AS (
        SELECT id, (number - 1)::int2 AS position
        FROM unnest(%(criteria)s::int8[]) WITH ORDINALITY AS listed (id, number)
    ),
    visit AS (
        SELECT
            id, school_id,
            (array_position(%(kinds)s::text[], {counted_kind("assessment")}) - 1)::int2 AS kind,
            assessed_on - DATE '1970-01-01' AS day
        FROM assessment
        WHERE edition_id = %(edition)s AND status = 'published' AND school_id = ANY(%(schools)s::int8[])
    )
    SELECT
        visit.school_id, coalesce(answer.building_id, 0), chosen.position,
        CASE answer.state WHEN 'fails' THEN 1 WHEN 'partly' THEN 2 WHEN 'meets' THEN 3 ELSE 4 END,
        coalesce(answer.room_share, 'NaN'), visit.kind,
        coalesce(answer.evidence_on - DATE '1970-01-01', visit.day), visit.day
    FROM answer
    JOIN visit ON visit.id = answer.assessment_id
    JOIN chosen ON chosen.id = answer.criterion_id
    WHERE answer.state <> 'unknown'
"""

ANSWER_COLUMNS = {
    "school_id": "int8",
    "building_id": "int8",
    "criterion": "int2",
    "code": "int2",
    "room_share": "float8",
    "kind": "int2",
    "day": "int4",
    "visit_day": "int4",
}
"""``day``: of the evidence; ``visit_day``: of the assessment that says so; both since 1970-01-01."""

ASSESSED = """
    SELECT school_id, max(assessed_on) - DATE '1970-01-01'
    FROM assessment
    WHERE edition_id = %(edition)s AND status = 'published'
    GROUP BY school_id
"""

EXPOSURE = """
    SELECT school_id, coalesce(building_id, 0), coalesce(value, 'NaN'), coalesce(level, 0)::int2
    FROM exposure
    WHERE run_id = %(run)s
"""

CANONICAL = {
    "schools": """
        SELECT school.code, pupils, seats, shifts, shift_pupils, shift_hours, staff, kind, is_synthetic,
            coalesce(travel.minutes, way.minutes) AS minutes_to_alternative, boarding_pupils
        FROM school
        LEFT JOIN travel_time AS travel ON travel.school_id = school.id AND travel.target = 'school'
    LEFT JOIN school_way AS way ON way.school_id = school.id AND way.target = 'school'
        WHERE (school.closed_on IS NULL OR school.closed_on > %(day)s)
        ORDER BY school.code COLLATE "C"
    """,
    "buildings": """
        SELECT school.code AS school, building.code, building.use, building_type, pupil_share, area_m2,
            replacement_som, soil_class, vertical_irregularity, plan_irregularity, condition, flexible_diaphragm,
            pounding, year_built, storeys
        FROM building JOIN school ON school.id = building.school_id
        WHERE (school.closed_on IS NULL OR school.closed_on > %(day)s)
        ORDER BY school.code COLLATE "C", building.code COLLATE "C"
    """,
    "areas": """
        SELECT school.code AS school, area.code, area.level, area.valid_from, area.valid_to, area.poverty_index
        FROM school_area JOIN area ON area.id = school_area.area_id JOIN school ON school.id = school_area.school_id
        WHERE (school.closed_on IS NULL OR school.closed_on > %(day)s)
        ORDER BY school.code COLLATE "C", area.code COLLATE "C"
    """,
    "criteria": """
        SELECT code, domain_code, position, weight, is_critical, cap, grouping, shelf_life_months
        FROM criterion WHERE edition_id = %(edition)s AND grouping <> 'protection' ORDER BY code COLLATE "C"
    """,
    "scopes": """
        SELECT code, scope FROM criterion
        WHERE edition_id = %(edition)s AND grouping <> 'protection' ORDER BY code COLLATE "C"
    """,
    "assessments": """
        SELECT school.code AS school, max(assessed_on) AS assessed_on
        FROM assessment JOIN school ON school.id = assessment.school_id
        WHERE edition_id = %(edition)s AND status = 'published'
        GROUP BY school.code ORDER BY school.code COLLATE "C"
    """,
}
"""Input tables in their canonical form: CSV in the order of codes, only the columns that the rules read."""


def data_date(session: Session, edition_id: int) -> date | None:
    """Return the day of the newest fact: last assessment, or source of a school or building.

    Where no fact has a date, the day of the last change in the database; None without any school. The clock
    has no part in it: the same data give the same run tomorrow.
    """
    days = [
        session.scalar(select(func.max(Assessment.assessed_on)).where(Assessment.edition_id == edition_id)),
        session.scalar(select(func.max(School.source_date))),
        session.scalar(select(func.max(Building.source_date))),
    ]
    known = [day for day in days if day is not None]
    return max(known) if known else session.scalar(select(func.max(func.date(School.updated_at))))


def load_schools(session: Session, day: date) -> dict[str, NDArray[Any]]:
    """Return the schools open on ``day`` in the order of their codes; NaN = unknown, area 0 = unknown."""
    return read_arrays(session, SCHOOLS, SCHOOL_COLUMNS, {"day": day})


def load_buildings(session: Session, day: date, types: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Return the buildings of open schools in the order of the schools' and their own codes."""
    return read_arrays(session, BUILDINGS, BUILDING_COLUMNS, {"day": day, "types": list(types)})


def load_answers(
    session: Session, edition_id: int, criteria: Sequence[int], kinds: Sequence[str], schools: Sequence[int]
) -> dict[str, NDArray[Any]]:
    """Return all published answers of some schools to some criteria of an edition (``kind``: index into ``kinds``)."""
    parameters = {
        "edition": edition_id,
        "criteria": list(criteria),
        "kinds": list(kinds),
        "schools": list(schools),
    }
    return read_arrays(session, ANSWERS, ANSWER_COLUMNS, parameters, in_order=False)


def load_assessed_days(session: Session, edition_id: int) -> dict[str, NDArray[Any]]:
    """Return the day (since 1970-01-01) of each school's last published assessment."""
    columns = {"school_id": "int8", "day": "int4"}
    return read_arrays(session, ASSESSED, columns, {"edition": edition_id}, in_order=False)


def load_exposure(session: Session, run_id: int) -> dict[str, NDArray[Any]]:
    """Return one measuring of a layer: value (NaN) and level (0 = unknown) at schools (building 0) and buildings."""
    columns = {"school_id": "int8", "building_id": "int8", "value": "float8", "level": "int2"}
    return read_arrays(session, EXPOSURE, columns, {"run": run_id}, in_order=False)


def hash_inputs(session: Session, edition_id: int, day: date) -> dict[str, str]:
    """Return the SHA-256 of each canonical input table."""
    return {name: hash_rows(session, query, {"day": day, "edition": edition_id}) for name, query in CANONICAL.items()}


def current_edition(session: Session) -> StandardEdition | None:
    """Return the edition in force."""
    query = select(StandardEdition).where(StandardEdition.is_current).order_by(StandardEdition.id.desc())
    return session.scalars(query.limit(1)).first()


def public_criteria(session: Session, edition_id: int) -> Sequence[Criterion]:
    """Return the criteria of an edition without the group protection, in its order."""
    query = (
        select(Criterion)
        .where(Criterion.edition_id == edition_id, Criterion.grouping != "protection")
        .order_by(Criterion.position, Criterion.code)
    )
    return session.scalars(query).all()


def condemned_buildings(session: Session) -> list[int]:
    """Return the ids of buildings whose condition is an emergency: no retrofit is offered for them."""
    return list(session.scalars(select(Building.id).where(Building.condition == "emergency").order_by(Building.id)))


def counted_layers(session: Session) -> Sequence[HazardLayer]:
    """Return the current version of every layer, in order of codes."""
    return session.scalars(select(HazardLayer).where(HazardLayer.is_current).order_by(HazardLayer.code)).all()


def lock_ranking(session: Session) -> None:
    """Let one ranking at a time run, until the transaction ends."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('rank_schools'))"))
