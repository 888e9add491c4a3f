"""What the page of winter readiness asks beside the answers: avalanches, places of schools, their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import text

from geodata.queries.bulk_arrays import read_arrays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

AVALANCHE = """
    SELECT school_id, (hazard_levels ->> 'avalanche')::int2
    FROM school_result
    WHERE run_id = %(run)s AND hazard_levels ->> 'avalanche' IS NOT NULL
"""
MEMBERS = "SELECT area_id, school_id FROM school_area WHERE area_id = ANY(%(areas)s::int8[])"


class WinterSchool(NamedTuple):
    """A school in the list; ``altitude_m`` above the sea, None = unknown."""

    id: int
    code: str
    name_ky: str | None
    name_ru: str | None
    name_en: str | None
    area_code: str | None
    area_name_ky: str | None
    area_name_ru: str | None
    area_name_en: str | None
    altitude_m: float | None


def load_avalanche_levels(session: Session, run_id: int) -> dict[str, NDArray[Any]]:
    """Return ``school_id`` and ``level`` (1 to 4) of the schools of a run where the level is known."""
    return read_arrays(session, AVALANCHE, {"school_id": "int8", "level": "int2"}, {"run": run_id}, in_order=False)


def load_members(session: Session, area_ids: Sequence[int]) -> dict[str, NDArray[Any]]:
    """Return which schools lie in which of some areas: ``area_id`` and ``school_id``."""
    columns = {"area_id": "int8", "school_id": "int8"}
    return read_arrays(session, MEMBERS, columns, {"areas": list(area_ids)}, in_order=False)


_LABELS = text("""
    SELECT
        school.id, school.code, school.name_ky, school.name_ru, school.name_en,
        area.code, area.name_ky, area.name_ru, area.name_en,
        (
            SELECT avg(exposure.value)
            FROM exposure
            JOIN exposure_run ON exposure_run.id = exposure.run_id AND exposure_run.is_current
            JOIN hazard_layer AS layer
                ON layer.id = exposure_run.layer_id AND layer.is_current AND layer.hazard = 'altitude'
            WHERE exposure.school_id = school.id AND exposure.building_id IS NULL
        )
    FROM school
    LEFT JOIN area ON area.id = school.area_id
    WHERE school.id = ANY(:ids)
""")


def label_schools(session: Session, ids: Sequence[int]) -> dict[int, WinterSchool]:
    """Return code, names, place and altitude of schools by id."""
    return {row[0]: WinterSchool(*row) for row in session.execute(_LABELS, {"ids": list(ids)})}
