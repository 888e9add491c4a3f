"""Write the synthetic country in bulk; ids are read back by code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, text, update

from geodata.database import copy_rows
from geodata.models import Area, AreaBoundary, AreaSuccession, BaseMapFeature, Building, School

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from geodata.records.area import AreaSuccession as Succession

SCHOOL_COLUMNS = (
    "code", "name_ky", "name_ru", "name_en", "location", "location_quality", "area_id", "kind", "ownership",
    "languages", "pupils", "seats", "shifts", "shift_pupils", "shift_hours", "staff", "source", "source_date",
    "is_synthetic", "provenance",
)  # fmt: skip
BUILDING_COLUMNS = (
    "code", "school_id", "name", "use", "building_type", "year_built", "storeys", "area_m2", "condition",
    "design_series", "heating", "pupil_share", "vertical_irregularity", "plan_irregularity", "flexible_diaphragm",
    "pounding", "source", "source_date", "is_synthetic",
)  # fmt: skip
ASSESSMENT_COLUMNS = (
    "school_id", "edition_id", "kind", "assessed_on", "assessor", "status", "source", "source_date", "is_synthetic",
)  # fmt: skip
ANSWER_COLUMNS = ("assessment_id", "criterion_id", "building_id", "state", "room_share")


def school_count(session: Session) -> int:
    """Return how many schools there are."""
    return session.scalar(text("SELECT count(*) FROM school")) or 0


def add_schools(session: Session, rows: Iterable[Sequence[Any]]) -> list[int]:
    """Add schools (``SCHOOL_COLUMNS``) and return their ids in order of codes."""
    copy_rows(session, "school", SCHOOL_COLUMNS, rows)
    return list(session.scalars(select(School.id).where(School.is_synthetic).order_by(School.code)))


def add_buildings(session: Session, rows: Iterable[Sequence[Any]]) -> list[int]:
    """Add buildings (``BUILDING_COLUMNS``) and return their ids in order of school and code."""
    copy_rows(session, "building", BUILDING_COLUMNS, rows)
    return list(session.scalars(select(Building.id).where(Building.is_synthetic).order_by(Building.code)))


def add_assessments(session: Session, rows: Iterable[Sequence[Any]]) -> dict[tuple[int, str, Any], int]:
    """Add assessments (``ASSESSMENT_COLUMNS``) and return their ids by (school id, kind, day)."""
    copy_rows(session, "assessment", ASSESSMENT_COLUMNS, rows)
    found = session.execute(text("SELECT school_id, kind, assessed_on, id FROM assessment"))
    return {(row[0], row[1], row[2]): row[3] for row in found}


def add_answers(session: Session, rows: Iterable[Sequence[Any]], is_restricted: bool) -> None:
    """Add answers (``ANSWER_COLUMNS``); those of the protection group go to their own table."""
    copy_rows(session, "restricted_answer" if is_restricted else "answer", ANSWER_COLUMNS, rows)


def criterion_ids(session: Session, edition_id: int) -> dict[str, int]:
    """Return the ids of an edition's criteria by code."""
    found = session.execute(text("SELECT code, id FROM criterion WHERE edition_id = :id"), {"id": edition_id})
    return {row[0]: row[1] for row in found}


def add_successions(session: Session, successions: Sequence[Succession], ids: Mapping[str, int]) -> None:
    """Say which areas were merged into which."""
    session.execute(
        insert(AreaSuccession),
        [
            {
                "predecessor_id": ids[row.predecessor_code],
                "successor_id": ids[row.successor_code],
                "kind": row.kind,
                "on_date": row.on_date,
                "source": row.source,
            }
            for row in successions
        ],
    )


def forget_boundaries(session: Session, area_ids: Sequence[int]) -> None:
    """Remove the outlines of areas that get better ones."""
    session.execute(delete(AreaBoundary).where(AreaBoundary.area_id.in_(area_ids)))


def set_poverty(session: Session, poverty: Mapping[int, float]) -> None:
    """Set the poverty index (0..1) of areas by id; the source is the demonstration's."""
    for area_id, value in poverty.items():
        session.execute(update(Area).where(Area.id == area_id).values(poverty_index=value))


def add_places(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add villages to the base map: names, shapely ``geometry`` (EPSG:4326), min_zoom, rank; they are sketches."""
    from geoalchemy2.shape import from_shape

    session.execute(
        insert(BaseMapFeature),
        [
            {key: value for key, value in row.items() if key != "geometry"}
            | {"kind": "place", "is_sketch": True, "geom": from_shape(row["geometry"], 4326)}
            for row in rows
        ],
    )
