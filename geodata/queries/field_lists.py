"""What a form for the field is made of: an edition, an area's schools and buildings, and their last public answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text

from geodata.models import Area, Building, Criterion, School, SchoolArea, StandardDomain
from geodata.records.field import FormCriterion, LastAnswer, Named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from geodata.records.field import Texts

LAST = """
    SELECT DISTINCT ON (place, criterion.code) {place} AS place, criterion.code, answer.state, visit.assessed_on
    FROM assessment AS visit
    JOIN school ON school.id = visit.school_id AND school.closed_on IS NULL
    JOIN answer ON answer.assessment_id = visit.id AND answer.state <> 'unknown'
    JOIN criterion ON criterion.id = answer.criterion_id
    {join}
    WHERE visit.status = 'published' AND visit.edition_id = :edition_id AND answer.building_id IS {is_block} NULL
        AND (CAST(:area_id AS bigint) IS NULL OR EXISTS (
            SELECT FROM school_area AS there WHERE there.school_id = visit.school_id AND there.area_id = :area_id
        ))
    ORDER BY place, criterion.code, visit.assessed_on DESC, visit.id DESC
"""
LAST_OF_SCHOOLS = text(LAST.format(place="school.code", join="", is_block=""))
LAST_OF_BLOCKS = text(
    LAST.format(place="building.code", join="JOIN building ON building.id = answer.building_id", is_block="NOT")
)


def form_criteria(session: Session, edition_id: int) -> tuple[FormCriterion, ...]:
    """Return the criteria of an edition in their order."""
    query = select(Criterion).where(Criterion.edition_id == edition_id)
    return tuple(map(form_criterion, session.scalars(query.order_by(Criterion.position, Criterion.code))))


def form_criterion(one: Criterion) -> FormCriterion:
    """Return a stored criterion as forms ask it."""
    details: dict[str, Any] = one.details
    unit = str(details.get("unit") or "")
    return FormCriterion(
        one.code, one.domain_code, (one.text_ky, one.text_ru, one.text_en), one.scope,
        str(details.get("value_type") or "bool"), details.get("operator") or None,
        _number(details.get("threshold_min")), _number(details.get("threshold_max")),
        "" if unit == "yes/no" else unit, str(details.get("requirement") or ""),
        str(details.get("evidence_type") or ""), one.grouping == "protection",
    )  # fmt: skip


def _number(value: Any) -> float | None:
    try:
        return None if value in (None, "") else float(value)
    except ValueError:
        return None


def form_domains(session: Session, edition_id: int) -> tuple[Named, ...]:
    """Return the domains of an edition in their order."""
    query = select(StandardDomain).where(StandardDomain.edition_id == edition_id)
    rows = session.scalars(query.order_by(StandardDomain.position, StandardDomain.code))
    return tuple(Named(one.code, (one.name_ky, one.name_ru, one.name_en)) for one in rows)


def form_schools(session: Session, area_id: int | None, school_id: int | None = None) -> tuple[Named, ...]:
    """Return the open schools of an area or of the country, under the code of their lowest area (None: unknown)."""
    query = _within(
        select(School.code, School.name_ky, School.name_ru, School.name_en, Area.code).outerjoin(
            Area, Area.id == School.area_id
        ),
        area_id,
        school_id,
    )
    return tuple(
        Named(code, _names(code, *names), area) for code, *names, area in session.execute(query.order_by(School.code))
    )


def form_areas(session: Session, codes: Sequence[str]) -> tuple[Named, ...]:
    """Return the areas of these codes, by name in Kyrgyz."""
    query = select(Area).where(Area.code.in_(sorted({*codes})))
    ordered = session.scalars(query.order_by(Area.name_ky.collate("ky-x-icu"), Area.code))
    return tuple(Named(one.code, _names(one.code, one.name_ky, one.name_ru, one.name_en)) for one in ordered)


def form_buildings(session: Session, area_id: int | None, school_id: int | None = None) -> tuple[Named, ...]:
    """Return the buildings of those schools."""
    query = _within(
        select(Building.code, Building.name, School.code).join(School, School.id == Building.school_id),
        area_id,
        school_id,
    )
    rows = session.execute(query.order_by(Building.code))
    return tuple(Named(code, _names(code, name, name, name), school) for code, name, school in rows)


def _within(query: Select, area_id: int | None, school_id: int | None) -> Select:
    query = query.where(School.closed_on.is_(None))
    if school_id is not None:
        query = query.where(School.id == school_id)
    if area_id is not None:
        inside = select(SchoolArea.school_id).where(SchoolArea.area_id == area_id)
        query = query.where(School.id.in_(inside))
    return query


def _names(code: str, ky: str | None, ru: str | None, en: str | None) -> Texts:
    any_name = ky or ru or en or code
    return ky or any_name, ru or any_name, en or any_name


def last_answers(session: Session, edition_id: int, area_id: int | None, *, of_blocks: bool) -> Iterator[LastAnswer]:
    """Yield the last published answer at each place, by place; of the protection group there is none, for nobody."""
    statement = LAST_OF_BLOCKS if of_blocks else LAST_OF_SCHOOLS
    for row in session.execute(statement, {"edition_id": edition_id, "area_id": area_id}):
        yield LastAnswer(*row)
