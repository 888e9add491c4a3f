"""Sources of one hazard that disagree: where, by how much, and which one was decided to count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import insert, select, text

from geodata.models import HazardLayer, HazardResolution, School

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

_IN_FORCE = text("""
    SELECT DISTINCT ON (hazard, school_id) hazard, school_id, layer_code
    FROM hazard_resolution
    ORDER BY hazard, school_id, id DESC
""")


class Resolution(NamedTuple):
    """What is in force: ``school_id`` None = everywhere else, ``layer_code`` None = the precautionary source."""

    hazard: str
    school_id: int | None
    layer_code: str | None


def in_force(session: Session) -> list[Resolution]:
    """Return the newest resolution of each hazard and school."""
    return [Resolution(*row) for row in session.execute(_IN_FORCE)]


class Settled(NamedTuple):
    """A resolution as pages show it."""

    hazard: str
    layer_code: str | None
    reason: str
    document: str
    approver: str | None
    decided_at: datetime
    school_code: str | None


def list_resolutions(session: Session, school_id: int | None = None, limit: int = 100) -> list[Settled]:
    """Return resolutions, the newest first; of a school: its own and those for everywhere."""
    query = (
        select(
            HazardResolution.hazard,
            HazardResolution.layer_code,
            HazardResolution.reason,
            HazardResolution.document,
            HazardResolution.approver,
            HazardResolution.decided_at,
            School.code,
        )
        .outerjoin(School, School.id == HazardResolution.school_id)
        .order_by(HazardResolution.id.desc())
        .limit(limit)
    )
    if school_id is not None:
        query = query.where((HazardResolution.school_id == school_id) | HazardResolution.school_id.is_(None))
    return [Settled(*row) for row in session.execute(query)]


def add_resolution(session: Session, values: Mapping[str, Any]) -> int:
    """Store a resolution and return its number."""
    number = session.scalar(insert(HazardResolution).values(**values).returning(HazardResolution.id))
    assert number is not None
    return number


def may_settle(session: Session) -> bool:
    """Return whether this session may decide: it ranks the whole country."""
    return bool(session.scalar(text("SELECT app_scope() = 'national' AND app_everywhere('rank')")))


def layers_of(session: Session, hazard: str) -> Sequence[str]:
    """Return the codes of the current layers of a hazard."""
    query = select(HazardLayer.code).where(HazardLayer.is_current, HazardLayer.hazard == hazard)
    return session.scalars(query.order_by(HazardLayer.code)).all()


_CONFLICTS = text("""
    WITH told AS (
        SELECT layer.hazard, exposure.school_id, min(exposure.level) AS least, max(exposure.level) AS most
        FROM exposure
        JOIN exposure_run ON exposure_run.id = exposure.run_id AND exposure_run.is_current
        JOIN hazard_layer AS layer ON layer.id = exposure_run.layer_id AND layer.is_current
        JOIN school ON school.id = exposure.school_id
        WHERE exposure.building_id IS NULL AND exposure.level IS NOT NULL AND layer.hazard NOT IN ('altitude', 'fault')
        GROUP BY layer.hazard, exposure.school_id
        HAVING count(*) > 1
    )
    SELECT hazard, count(*), count(*) FILTER (WHERE least <> most), max(most - least)
    FROM told GROUP BY hazard ORDER BY hazard
""")


class Conflict(NamedTuple):
    """A hazard with several sources: schools with two or more, those where levels differ, and by how much."""

    hazard: str
    schools: int
    differing: int
    most_apart: int


def count_conflicts(session: Session) -> list[Conflict]:
    """Return the hazards of which several layers tell at schools."""
    return [Conflict(*row) for row in session.execute(_CONFLICTS)]


_DIFFERING = text("""
    SELECT
        school.code, school.name_ky, school.name_ru, school.name_en, layer.hazard,
        jsonb_object_agg(layer.code, exposure.level) AS levels,
        max(exposure.level) - min(exposure.level) AS apart
    FROM exposure
    JOIN exposure_run ON exposure_run.id = exposure.run_id AND exposure_run.is_current
    JOIN hazard_layer AS layer ON layer.id = exposure_run.layer_id AND layer.is_current
    JOIN school ON school.id = exposure.school_id
    WHERE exposure.building_id IS NULL AND exposure.level IS NOT NULL AND layer.hazard NOT IN ('altitude', 'fault')
    GROUP BY school.id, layer.hazard
    HAVING max(exposure.level) > min(exposure.level)
    ORDER BY apart DESC, max(exposure.level) DESC, school.code COLLATE "C", layer.hazard
    LIMIT :limit
""")


def list_differing(session: Session, limit: int) -> Sequence[Any]:
    """Return schools at which layers of one hazard have other levels, those furthest apart first.

    ``levels``: by code of the layer; a layer that knows nothing there is left out, it contradicts nobody.
    """
    return session.execute(_DIFFERING, {"limit": limit}).all()
