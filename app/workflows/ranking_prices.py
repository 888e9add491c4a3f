"""The catalogue as it stands on the day of a ranking: the tables, and above them what people stated."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from app.funding.catalogue import Catalogue, default_catalogue
from app.funding.prices import FloatArray, Places, Price, local_costs, with_general
from app.workflows.canonical import canonical_hash
from app.workflows.ranking_inputs import Schools, row_of
from geodata.queries import exposures, measure_prices, scoring

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.records.measure_price import StatedPrice

ALTITUDE = "altitude"


@dataclass(frozen=True, slots=True)
class Prices:
    """``local``: unit costs (schools, 3) of measures that cost more in some places; ``version``: for a run's hash."""

    catalogue: Catalogue
    local: Mapping[str, FloatArray]
    version: dict[str, Any]


def load_prices(session: Session, schools: Schools) -> Prices:
    """Return the catalogue in force, with what differs from place to place worked out for ``schools``."""
    stated = measure_prices.in_force(session)
    prices = [price_of(one) for one in stated]
    catalogue = with_general(default_catalogue(), prices)
    version: dict[str, Any] = {"stated": len(stated), "sha256": version_of(stated)}
    altitude = np.full(len(schools), np.nan)
    if any(price.altitude_from_m is not None for price in prices):
        altitude = _altitude(session, schools)
        version["altitude"] = hashlib.sha256(altitude.astype("<f8").tobytes()).hexdigest()
    areas = np.stack([schools.columns[f"{name}_id"] for name in ("oblast", "rayon", "aimak")], axis=1)
    return Prices(catalogue, local_costs(catalogue, prices, Places(areas, altitude)), version)


def current_catalogue(session: Session) -> Catalogue:
    """Return the catalogue with the costs in force that hold everywhere."""
    return with_general(default_catalogue(), [price_of(one) for one in measure_prices.in_force(session)])


def price_of(stated: StatedPrice) -> Price:
    """Return a statement as the rules take it."""
    return Price(
        stated.measure, stated.level, stated.area_id, stated.altitude_from_m,
        stated.low_som, stated.default_som, stated.high_som, stated.index_factor,
    )  # fmt: skip


def version_of(stated: list[StatedPrice]) -> str:
    """Return the SHA-256 of what is in force, places by their codes: the same costs, the same version."""
    rows = [
        [*one.place, one.low_som, one.default_som, one.high_som, f"{one.index_factor:f}", one.price_date, one.status]
        for one in stated
    ]
    return canonical_hash({"prices": rows})


def _altitude(session: Session, schools: Schools) -> FloatArray:
    """Return the altitude of each school by the first layer that knows it; NaN = unknown."""
    found = np.full(len(schools), np.nan)
    for run_id, _, _, hazard in exposures.current_runs(session):
        if hazard != ALTITUDE:
            continue
        measured = scoring.load_exposure(session, run_id)
        row = row_of(schools.columns["id"], measured["school_id"])
        at = np.flatnonzero((measured["building_id"] == 0) & (row >= 0))
        value = np.full(len(schools), np.nan)
        value[row[at]] = measured["value"][at]
        found = np.where(np.isnan(found), value, found)
    return found
