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
class LevelWorld:
    """What one block of draws says of the hazards: where rates lie in their ranges, and the levels nobody knows.

    ``share``: per hazard, shape (1, draws), 0 = the low end. ``index``: per hazard, shape (places, draws), level - 1 at
    the buildings ``places``.
    """

    draws: int
    share: tuple[FloatArray, ...]
    places: tuple[IntArray, ...]
    index: tuple[IntArray, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LevelTable:
    """The hazards that count, and which combination of known levels each building has.

    ``levels``: shape (combinations, hazards), 0 = unknown. ``extra``: what earthquakes add to the rate of landslides,
    shape (combinations,). ``unknown``: per hazard the buildings of unknown level. ``by_depth``: whether maps of depth
    tell the loss, shape (combinations, hazards); ``depth_loss``: that loss ratio of a year, shape (buildings,), which
    no law of the method moves.
    """

    rows: tuple[OtherHazard, ...]
    landslide: int
    """Position of landslides among the hazards; -1 = they do not count."""
    levels: NDArray[np.int64]
    extra: FloatArray
    combination: IntArray
    unknown: tuple[IntArray, ...]
    by_depth: NDArray[np.bool_]
    depth_loss: FloatArray

    def world(self, rng: np.random.Generator, draws: int) -> LevelWorld:
        """Return the next draws; an unknown level is drawn among the four, in each building for itself."""
        share = tuple(rng.random((1, draws)) for _row in self.rows)
        index = tuple(rng.integers(0, len(LEVELS), (len(places), draws)) for places in self.unknown)
        return LevelWorld(draws, share, self.unknown, index)

    def sums(self, world: LevelWorld, zero_rate_share: float, rows: IntArray | None = None) -> HazardDraws:
        """Return the sums in a world; ``rows``: the buildings of the world that this table holds, None = all."""
        loss, death = (np.zeros((len(self.levels), world.draws)) for _ in range(2))
        rates = [rates_at(row, share, zero_rate_share) for row, share in zip(self.rows, world.share, strict=True)]
        for number, (row, rate) in enumerate(zip(self.rows, rates, strict=True)):
            level = self.levels[:, number]
            index = np.maximum(level, 1) - 1
            own = rate[index] * (level > 0)[:, None]
            if number == self.landslide:
                own = own * (1 + self.extra * (index >= 1))[:, None]
            loss += own * (row.loss[index] * ~self.by_depth[:, number])[:, None]
            death += own * row.death[index][:, None]
        found = HazardDraws(loss.astype(np.float32)[self.combination], death.astype(np.float32)[self.combination])
        if self.by_depth.any():
            found = found._replace(loss=found.loss + self.depth_loss[:, None].astype(np.float32))
        for number, (row, rate) in enumerate(zip(self.rows, rates, strict=True)):
            self._add_unknown(found, number, row, rate, self._index(world, number, rows))
        return found

    def _index(self, world: LevelWorld, number: int, rows: IntArray | None) -> IntArray:
        if rows is None:
            return world.index[number]
        return world.index[number][np.searchsorted(world.places[number], rows[self.unknown[number]])]

    def _add_unknown(
        self, found: HazardDraws, number: int, row: OtherHazard, rate: FloatArray, index: IntArray
    ) -> None:
        places = self.unknown[number]
        if not len(places):
            return
        own = rate[index, np.arange(rate.shape[1])]
        if number == self.landslide:
            own = own * (1 + self.extra[self.combination[places]][:, None] * (index >= 1))
        by_level = ~self.by_depth[self.combination[places], number]
        found.loss[places] += (own * row.loss[index] * by_level[:, None]).astype(np.float32)
        found.death[places] += (own * row.death[index]).astype(np.float32)


def draw_rates(rng: np.random.Generator, row: OtherHazard, draws: int, zero_rate_share: float) -> FloatArray:
    """Return rates by level, shape (4, draws): loguniform from low to high, one draw for the whole country."""
    return rates_at(row, rng.random((1, draws)), zero_rate_share)


def rates_at(row: OtherHazard, share: FloatArray, zero_rate_share: float) -> FloatArray:
    """Return rates by level at ``share`` (1, draws) of the way from low to high, of their logarithms.

    A low of 0 counts as ``zero_rate_share`` of the high; a high of 0 is no hazard.
    """
    high = row.rate_high[:, None]
    low = np.where(row.rate_low[:, None] > 0, row.rate_low[:, None], zero_rate_share * high)
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
    curves = [inputs.annual_loss.get(name, np.full(count, np.nan)) for name in names]
    strong = np.nan_to_num(msk, nan=0.0) >= parameters["landslide.earthquake_msk"] - TOLERANCE
    is_triggered = strong & (TRIGGERED in inputs.counted)
    by_depth = [~np.isnan(curve) for curve in curves]
    table = np.column_stack([*columns, *by_depth, is_triggered]).astype(np.int64)
    combinations, combination = np.unique(table, axis=0, return_inverse=True)
    return LevelTable(
        rows=tuple(parameters.hazards[name] for name in names),
        landslide=names.index(LANDSLIDE) if LANDSLIDE in names else -1,
        levels=combinations[:, : len(names)],
        extra=np.asarray(combinations[:, -1] * (parameters["landslide.earthquake_factor"] - 1), dtype=float),
        combination=combination.reshape(-1),
        unknown=tuple(np.flatnonzero(column == 0) for column in columns),
        by_depth=combinations[:, len(names) : -1] > 0,
        depth_loss=np.sum([np.nan_to_num(curve) for curve in curves], axis=0) if curves else np.zeros(count),
    )
