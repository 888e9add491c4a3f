"""Exposure: append-only rows by layer version, and which measuring of a layer counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from sqlalchemy import func, insert, select, text, update

from geodata.database import copy_rows
from geodata.models import Building, Exposure, ExposureRun, HazardLayer, School

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Places:
    """Where exposure is measured: every school, and every building that has a footprint of its own.

    ``building_id`` is 0 for the school itself; ``geometries`` are EPSG:4326, None = location unknown. A
    building without a footprint stands where its school stands and needs no row of its own.
    """

    school_id: NDArray[np.int64]
    building_id: NDArray[np.int64]
    geometries: NDArray[Any]


def load_places(session: Session) -> Places:
    """Return all places in order of school and building."""
    schools = session.execute(select(School.id, func.ST_AsBinary(School.location)).order_by(School.id)).all()
    buildings = session.execute(
        select(Building.school_id, Building.id, func.ST_AsBinary(Building.footprint))
        .where(Building.footprint.is_not(None))
        .order_by(Building.school_id, Building.id)
    ).all()
    wkb = [bytes(row[1]) if row[1] is not None else None for row in schools] + [bytes(row[2]) for row in buildings]
    return Places(
        np.array([row[0] for row in schools] + [row[0] for row in buildings], dtype=np.int64),
        np.array([0] * len(schools) + [row[1] for row in buildings], dtype=np.int64),
        shapely.from_wkb(np.array(wkb, dtype=object)),
    )


def find_run(session: Session, layer_id: int, input_sha256: str) -> int | None:
    """Return the measuring of ``layer_id`` at the same places, if there is one."""
    query = select(ExposureRun.id).where(ExposureRun.layer_id == layer_id, ExposureRun.input_sha256 == input_sha256)
    return session.scalar(query)


def make_current(session: Session, layer_id: int, run_id: int) -> None:
    """Let one measuring of a layer version count."""
    session.execute(
        update(ExposureRun).where(ExposureRun.layer_id == layer_id).values(is_current=ExposureRun.id == run_id)
    )


def add_run(
    session: Session,
    layer_id: int,
    input_sha256: str,
    places: Places,
    values: NDArray[np.float64],
    levels: NDArray[np.int8],
    status: NDArray[Any],
) -> int:
    """Append one measuring and let it count. NaN values and 0 levels are stored as NULL: unknown."""
    run_id = session.scalar(
        insert(ExposureRun).values(layer_id=layer_id, input_sha256=input_sha256).returning(ExposureRun.id)
    )
    assert run_id is not None
    make_current(session, layer_id, run_id)
    rows = zip(
        [run_id] * len(values),
        places.school_id.tolist(),
        [number or None for number in places.building_id.tolist()],
        [None if value != value else value for value in values.tolist()],
        [level or None for level in levels.tolist()],
        status.tolist(),
        strict=True,
    )
    copy_rows(session, "exposure", ("run_id", "school_id", "building_id", "value", "level", "status"), rows)
    return run_id


def status_counts(session: Session, run_id: int) -> dict[str, int]:
    """Return how many places were measured, outside coverage, or without a location."""
    query = select(Exposure.status, func.count()).where(Exposure.run_id == run_id).group_by(Exposure.status)
    return {str(status): int(count) for status, count in session.execute(query)}


CURRENT_OF_SCHOOL = text("""
    SELECT
        hazard_layer.code,
        hazard_layer.version,
        hazard_layer.hazard,
        hazard_layer.manifest,
        hazard_layer.is_synthetic,
        hazard_layer.created_at,
        exposure.building_id,
        exposure.value,
        exposure.level,
        exposure.status
    FROM exposure
    JOIN exposure_run ON exposure_run.id = exposure.run_id AND exposure_run.is_current
    JOIN hazard_layer ON hazard_layer.id = exposure_run.layer_id AND hazard_layer.is_current
    WHERE exposure.school_id = :school_id
    ORDER BY hazard_layer.code, exposure.building_id NULLS FIRST
""")


@dataclass(frozen=True, slots=True)
class SchoolExposure:
    """One layer at one school (``building_id`` None) or at one of its buildings; None = unknown."""

    code: str
    version: int
    hazard: str
    manifest: dict[str, Any]
    is_synthetic: bool
    measured_version_at: Any
    building_id: int | None
    value: float | None
    level: int | None
    status: str


def of_school(session: Session, school_id: int) -> list[SchoolExposure]:
    """Return what the current layers say at a school, as far as the scope may see."""
    return [SchoolExposure(*row) for row in session.execute(CURRENT_OF_SCHOOL, {"school_id": school_id})]


def current_runs(session: Session) -> list[tuple[int, int, str, str]]:
    """Return (exposure run id, layer id, code, hazard) of what counts, in order of codes."""
    query = (
        select(ExposureRun.id, HazardLayer.id, HazardLayer.code, HazardLayer.hazard)
        .join(HazardLayer, HazardLayer.id == ExposureRun.layer_id)
        .where(ExposureRun.is_current, HazardLayer.is_current)
        .order_by(HazardLayer.code)
    )
    return [tuple(row) for row in session.execute(query)]  # type: ignore[misc]
