"""Files of roads and of services by version: which one counts, what it holds, how a new one takes over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from sqlalchemy import delete, func, insert, select, text, update

from geodata.database import copy_rows
from geodata.models import Road, ServicePlace, TravelLayer
from geodata.records.travel import RoadLine, ServicePoint, TravelVersion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

_COLUMNS = tuple(getattr(TravelLayer, name) for name in TravelVersion.__dataclass_fields__)
DECIMALS = 7


def current_version(session: Session, kind: str) -> TravelVersion | None:
    """Return the version of a kind (roads, services) that counts; None before the first file."""
    row = session.execute(select(*_COLUMNS).where(TravelLayer.kind == kind, TravelLayer.is_current)).first()
    return TravelVersion(*row) if row else None


def current_versions(session: Session) -> list[TravelVersion]:
    """Return the versions that count, roads before services."""
    query = select(*_COLUMNS).where(TravelLayer.is_current).order_by(TravelLayer.kind)
    return [TravelVersion(*row) for row in session.execute(query)]


def add_version(
    session: Session,
    kind: str,
    features: Sequence[RoadLine] | Sequence[ServicePoint],
    *,
    data_sha256: str,
    source: str,
    licence: str | None,
    is_synthetic: bool,
    batch_id: int | None,
) -> int:
    """Store a version and make it the one that counts; return its id."""
    latest = session.scalar(select(func.max(TravelLayer.version)).where(TravelLayer.kind == kind)) or 0
    session.execute(update(TravelLayer).where(TravelLayer.kind == kind).values(is_current=False))
    layer_id = session.scalar(
        insert(TravelLayer)
        .values(
            kind=kind,
            version=latest + 1,
            source=source,
            licence=licence,
            data_sha256=data_sha256,
            feature_count=len(features),
            is_current=True,
            is_synthetic=is_synthetic,
            batch_id=batch_id,
        )
        .returning(TravelLayer.id)
    )
    assert layer_id is not None
    if kind == "roads":
        columns: tuple[str, ...] = ("layer_id", "road_class", "limit_kmh", "direction", "is_paved", "name", "geom")
        copy_rows(session, "road", columns, (row for one in features for row in _road_rows(layer_id, one)))
    else:
        columns = ("layer_id", "kind", "name", "geom")
        rows = ((layer_id, one.kind, one.name, _ewkt(one.geometry)) for one in features)  # type: ignore[union-attr]
        copy_rows(session, "service_place", columns, rows)
    return layer_id


def _road_rows(layer_id: int, road: Any) -> list[tuple[Any, ...]]:
    return [
        (layer_id, road.road_class, road.limit_kmh, road.direction, road.is_paved, road.name, _ewkt(line))
        for line in shapely.get_parts(road.geometry)
    ]


def _ewkt(geometry: Any) -> str:
    return f"SRID=4326;{shapely.to_wkt(geometry, rounding_precision=DECIMALS)}"


def roads(session: Session, layer_id: int) -> list[RoadLine]:
    """Return the lines of a version, in the order of the file."""
    rows = session.execute(
        select(
            func.ST_AsBinary(Road.geom), Road.road_class, Road.limit_kmh, Road.direction, Road.is_paved, Road.name
        ).where(Road.layer_id == layer_id).order_by(Road.id)
    ).all()  # fmt: skip
    return [RoadLine(shape, *row[1:]) for shape, row in zip(_shapes(rows), rows, strict=True)]


def services(session: Session, layer_id: int) -> list[ServicePoint]:
    """Return the fire stations and hospitals of a version, in the order of the file."""
    rows = session.execute(
        select(func.ST_AsBinary(ServicePlace.geom), ServicePlace.kind, ServicePlace.name)
        .where(ServicePlace.layer_id == layer_id)
        .order_by(ServicePlace.id)
    ).all()
    return [ServicePoint(shape, *row[1:]) for shape, row in zip(_shapes(rows), rows, strict=True)]


def _shapes(rows: Sequence[Any]) -> Any:
    return shapely.from_wkb(np.array([bytes(row[0]) for row in rows], dtype=object))


def remove_version(session: Session, batch_id: int) -> None:
    """Remove the version of a batch; the one before it counts again."""
    kind = session.scalar(select(TravelLayer.kind).where(TravelLayer.batch_id == batch_id))
    session.execute(delete(TravelLayer).where(TravelLayer.batch_id == batch_id))
    last = select(func.max(TravelLayer.version)).where(TravelLayer.kind == kind).scalar_subquery()
    session.execute(
        update(TravelLayer).where(TravelLayer.kind == kind, TravelLayer.version == last).values(is_current=True)
    )


def later_version(session: Session, batch_id: int) -> str | None:
    """Return a version of the same kind that a later file made, as "roads 3"; None where there is none."""
    return session.scalar(
        text("""
            SELECT later.kind || ' ' || later.version
            FROM travel_layer AS mine
            JOIN travel_layer AS later ON later.kind = mine.kind AND later.version > mine.version
            WHERE mine.batch_id = :batch_id
            ORDER BY later.version
            LIMIT 1
        """),
        {"batch_id": batch_id},
    )
