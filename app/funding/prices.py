"""Unit costs that people stated, by area and altitude: which one holds at a school, and what is wrong with one.

Arithmetic and checks only. The narrower place wins: aimak before rayon before oblast before everywhere; at one place
the highest altitude that the school reaches. A school whose altitude nobody knows takes what holds at every altitude.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

import numpy as np
from numpy.typing import NDArray

from app.funding.catalogue import Catalogue

FloatArray = NDArray[np.float64]
STATUSES = ("verified", "computed", "estimate", "proposal", "not known")
"""How far a stated cost can be trusted; only ``not known`` goes without figures."""

MOST_SOM = 10**12
HIGHEST_M = 8_000
LOWEST_INDEX, HIGHEST_INDEX = Decimal("0.1"), Decimal(10)
EARLIEST = date(1993, 5, 10)
"""The day of the som."""


@dataclass(frozen=True, slots=True)
class Price:
    """A stated unit cost. All three None: somebody says that nobody knows it.

    ``level``: 0 everywhere, 1 oblast, 2 rayon, 3 aimak; ``index``: brings the price of its date to today's money.
    """

    measure: str
    level: int
    area_id: int | None
    altitude_from_m: int | None
    low_som: int | None
    default_som: int | None
    high_som: int | None
    index: Decimal = Decimal(1)

    @property
    def costs(self) -> tuple[float, float, float]:
        """Return low, default and high in whole som of today, each rounded up once; NaN = unknown."""
        low, default, high = (
            math.nan if som is None else float((som * self.index).to_integral_value(ROUND_CEILING))
            for som in (self.low_som, self.default_som, self.high_som)
        )
        return low, default, high


@dataclass(frozen=True, slots=True)
class Places:
    """Where schools lie: ids of oblast, rayon and aimak, shape (schools, 3), 0 = unknown; altitude, NaN = unknown."""

    areas: NDArray[np.int64]
    altitude_m: FloatArray


def with_general(catalogue: Catalogue, prices: Sequence[Price]) -> Catalogue:
    """Return the catalogue with the stated costs that hold everywhere and at every altitude."""
    general = {
        price.measure: price.costs
        for price in prices
        if price.level == 0 and price.altitude_from_m is None and price.measure in catalogue.interventions
    }
    return catalogue.repriced(general)


def local_costs(catalogue: Catalogue, prices: Sequence[Price], places: Places) -> Mapping[str, FloatArray]:
    """Return low, default and high of each measure whose cost differs from place to place, shape (schools, 3).

    Args:
        catalogue: With the general costs in it (``with_general``).
    """
    found: dict[str, FloatArray] = {}
    order = sorted(prices, key=lambda price: (price.level, price.altitude_from_m or 0, price.area_id or 0))
    for price in order:
        measure = catalogue.interventions.get(price.measure)
        if measure is None or (price.level == 0 and price.altitude_from_m is None):
            continue
        start = np.array([measure.low_som, measure.unit_som, measure.high_som])
        costs = found.setdefault(price.measure, np.tile(start, (len(places.altitude_m), 1)))
        costs[_holds(price, places)] = price.costs
    return found


def _holds(price: Price, places: Places) -> NDArray[np.bool_]:
    inside = np.ones(len(places.altitude_m), dtype=bool)
    if price.level:
        inside &= places.areas[:, price.level - 1] == price.area_id
    if price.altitude_from_m is not None:
        with np.errstate(invalid="ignore"):
            inside &= places.altitude_m >= price.altitude_from_m
    return inside


def faults_of(
    low: int | None, default: int | None, high: int | None, status: str, index: Decimal, price_date: date | None
) -> tuple[str, ...]:
    """Return what is wrong with a stated cost, as codes of ``app.web.measures.words``; empty = nothing."""
    costs = (low, default, high)
    known = [som for som in costs if som is not None]
    found = []
    if known and len(known) < len(costs):
        found.append("costs_missing")
    if any(som <= 0 for som in known):
        found.append("not_above_zero")
    if any(som > MOST_SOM for som in known):
        found.append("too_large")
    if len(known) == len(costs) and known != sorted(known):
        found.append("order")
    if status not in STATUSES:
        found.append("status")
    elif (status == "not known") == bool(known):
        found.append("status_and_costs")
    if not LOWEST_INDEX <= index <= HIGHEST_INDEX:
        found.append("index")
    if known and price_date is None:
        found.append("date_missing")
    if price_date is not None and price_date < EARLIEST:
        found.append("date")
    return tuple(found)
