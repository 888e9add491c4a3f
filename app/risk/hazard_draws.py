"""Draws of the hazards that come by level: rates for the whole country, and levels nobody knows (method 8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.risk.building_risk import BuildingInputs
from app.risk.other_hazards import EARTHQUAKE, FIRE, LANDSLIDE, TRIGGERED
from app.risk.parameters import LEVELS, FloatArray, IntArray, OtherHazard, RiskParameters

TOLERANCE = 1e-9


class HazardDraws(NamedTuple):
    """Sums over hazards, shape (buildings, draws), a year: loss ratio, and deaths per person present."""

    loss: NDArray[np.float32]
    death: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class LevelTable:
    """The hazards that count, and which combination of known levels each building has.

    ``levels``: shape (combinations, hazards), 0 = unknown. ``extra``: what earthquakes add to the rate of landslides,
    shape (combinations,). ``unknown``: per hazard the buildings of unknown level.
    """

    rows: tuple[OtherHazard, ...]
    landslide: int
    """Position of landslides among the hazards; -1 = they do not count."""
    levels: NDArray[np.int64]
    extra: FloatArray
    combination: IntArray
    unknown: tuple[IntArray, ...]

    def draw(self, rng: np.random.Generator, draws: int, zero_rate_share: float) -> HazardDraws:
        """Return the sums of ``draws`` draws; an unknown level is drawn among the four, in each building for itself."""
        loss, death = (np.zeros((len(self.levels), draws)) for _ in range(2))
        rates = [draw_rates(rng, row, draws, zero_rate_share) for row in self.rows]
        for number, (row, rate) in enumerate(zip(self.rows, rates, strict=True)):
            level = self.levels[:, number]
            index = np.maximum(level, 1) - 1
            own = rate[index] * (level > 0)[:, None]
            if number == self.landslide:
                own = own * (1 + self.extra * (index >= 1))[:, None]
            loss += own * row.loss[index][:, None]
            death += own * row.death[index][:, None]
        found = HazardDraws(loss.astype(np.float32)[self.combination], death.astype(np.float32)[self.combination])
        for number, (row, rate) in enumerate(zip(self.rows, rates, strict=True)):
            self._add_unknown(found, number, row, rate, rng)
        return found

    def _add_unknown(
        self, found: HazardDraws, number: int, row: OtherHazard, rate: FloatArray, rng: np.random.Generator
    ) -> None:
        places, draws = self.unknown[number], rate.shape[1]
        if not len(places):
            return
        index = rng.integers(0, len(LEVELS), (len(places), draws))
        own = rate[index, np.arange(draws)]
        if number == self.landslide:
            own = own * (1 + self.extra[self.combination[places]][:, None] * (index >= 1))
        found.loss[places] += (own * row.loss[index]).astype(np.float32)
        found.death[places] += (own * row.death[index]).astype(np.float32)


def draw_rates(rng: np.random.Generator, row: OtherHazard, draws: int, zero_rate_share: float) -> FloatArray:
    """Return rates by level, shape (4, draws): loguniform from low to high, one draw for the whole country.

    A low of 0 counts as ``zero_rate_share`` of the high; a high of 0 is no hazard.
    """
    high = row.rate_high[:, None]
    low = np.where(row.rate_low[:, None] > 0, row.rate_low[:, None], zero_rate_share * high)
    share = rng.random((1, draws))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.exp(np.log(low) + share * (np.log(high) - np.log(low)))
    return np.where(high > 0, found, 0.0)


def prepare_levels(inputs: BuildingInputs, msk: FloatArray, parameters: RiskParameters) -> LevelTable:
    """Return the table of the hazards that count; see ``app.risk.other_hazards.sum_hazards``."""
    count = len(msk)
    names = [
        name
        for name in inputs.counted
        if name not in (EARTHQUAKE, TRIGGERED) and (name == FIRE or name in inputs.levels)
    ]
    columns = [np.ones(count, np.int8) if name == FIRE else inputs.levels[name] for name in names]
    strong = np.nan_to_num(msk, nan=0.0) >= parameters["landslide.earthquake_msk"] - TOLERANCE
    is_triggered = strong & (TRIGGERED in inputs.counted)
    table = np.column_stack([*columns, is_triggered]).astype(np.int64)
    combinations, combination = np.unique(table, axis=0, return_inverse=True)
    return LevelTable(
        rows=tuple(parameters.hazards[name] for name in names),
        landslide=names.index(LANDSLIDE) if LANDSLIDE in names else -1,
        levels=combinations[:, :-1],
        extra=np.asarray(combinations[:, -1] * (parameters["landslide.earthquake_factor"] - 1), dtype=float),
        combination=combination.reshape(-1),
        unknown=tuple(np.flatnonzero(column == 0) for column in columns),
    )
