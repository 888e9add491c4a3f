"""Sources of one hazard that disagree: where, by how much, and which one was decided to count."""

from __future__ import annotations

import json
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


class Shaking(NamedTuple):
    """How motions at the surface (g) of sources of shaking are compared: zones and rock by the method's parameters."""

    zone_motion: Mapping[int, float]
    """Motion of each MSK zone; 10 = above 9. Zones below the least one count as that."""
    rock_factor: float
    """Soil's factor on the motion of rock."""
    design_period: int
    """Years; maps of shaking for other periods are points of a curve and contradict nobody."""
    apart_ratio: float
    """Sources disagree where the greater motion is at least so many times the lesser."""
    depth_period: int
    """Years; maps of water depth for other periods are points of a curve."""

    def bound(self) -> dict[str, object]:
        """Return the parameters of the statements below."""
        zones = {str(zone): motion for zone, motion in self.zone_motion.items()}
        return {
            "zones": json.dumps(zones), "least_zone": min(self.zone_motion), "rock_factor": self.rock_factor,
            "period": str(self.design_period), "ratio": self.apart_ratio, "depth_period": str(self.depth_period),
        }  # fmt: skip


_TOLD = """
    WITH said AS (
        SELECT
            layer.hazard, layer.code, exposure.school_id, exposure.level, exposure.value,
            CASE WHEN layer.hazard <> 'earthquake' THEN NULL
                WHEN layer.manifest ->> 'quantity' = 'msk' THEN CAST(
                    CAST(:zones AS jsonb)
                    ->> CAST(CAST(least(greatest(floor(exposure.value + 0.5), :least_zone), 10) AS integer) AS text)
                    AS double precision)
                WHEN layer.manifest ->> 'quantity' = 'pga_g' THEN exposure.value * :rock_factor
            END AS motion
        FROM exposure
        JOIN exposure_run ON exposure_run.id = exposure.run_id AND exposure_run.is_current
        JOIN hazard_layer AS layer ON layer.id = exposure_run.layer_id AND layer.is_current
        WHERE exposure.building_id IS NULL AND exposure.level IS NOT NULL AND layer.hazard NOT IN ('altitude', 'fault')
            AND coalesce(layer.manifest ->> 'return_period_years', '') IN ('', CASE layer.manifest ->> 'quantity'
                WHEN 'pga_g' THEN :period WHEN 'msk' THEN :period WHEN 'depth_m' THEN :depth_period
                ELSE layer.manifest ->> 'return_period_years' END)
    ), told AS (
        SELECT
            hazard, school_id, max(level) - min(level) AS apart, max(level) AS worst,
            max(motion) / nullif(min(motion), 0) AS ratio,
            coalesce(max(level) > min(level) OR max(motion) >= :ratio * min(motion), false) AS differs,
            jsonb_object_agg(
                code, jsonb_build_object('level', level, 'value', value, 'motion', motion)
            ) AS layers
        FROM said GROUP BY hazard, school_id HAVING count(*) > 1
    )
"""
_CONFLICTS = text(
    _TOLD + "SELECT hazard, count(*), count(*) FILTER (WHERE differs), max(apart), max(ratio) "
    "FROM told GROUP BY hazard ORDER BY hazard"
)


class Conflict(NamedTuple):
    """A hazard with several sources: schools with two or more, those where they disagree, and by how much at most.

    ``most_times``: greatest ratio of motions at the surface; None where the hazard is not told in motions.
    """

    hazard: str
    schools: int
    differing: int
    most_apart: int
    most_times: float | None


def count_conflicts(session: Session, shaking: Shaking) -> list[Conflict]:
    """Return the hazards of which several layers tell at schools."""
    return [Conflict(*row) for row in session.execute(_CONFLICTS, shaking.bound())]


_DIFFERING = text(
    _TOLD  # noqa: S608  our own text
    + """
    SELECT school.code, school.name_ky, school.name_ru, school.name_en, told.hazard, told.layers, told.apart
    FROM told
    JOIN school ON school.id = told.school_id
    WHERE told.differs
    ORDER BY told.apart DESC, told.ratio DESC NULLS LAST, told.worst DESC, school.code COLLATE "C", told.hazard
    LIMIT :limit
"""
)


def list_differing(session: Session, shaking: Shaking, limit: int) -> Sequence[Any]:
    """Return schools at which layers of one hazard disagree, those furthest apart first.

    ``layers``: by code {level, value (the layer's unit), motion (g at the surface, shaking only)}; a layer that knows
    nothing there is left out, it contradicts nobody.
    """
    return session.execute(_DIFFERING, shaking.bound() | {"limit": limit}).all()
