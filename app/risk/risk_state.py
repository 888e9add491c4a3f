"""What a draw does to buildings in one state: as they stand, or after works on them (method 8).

Arithmetic only. A ``World`` holds what is uncertain, whatever is done at the buildings; the same world under several
states gives differences by common random numbers. Under the power law the rates scale with a475^k, so that one table a
draw (types x factors on the medians) serves every building.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.risk.building_risk import BuildingInputs
from app.risk.hazard_curve import curve_rates, intensity_of_motion, motion_grid, power_law_rates
from app.risk.hazard_draws import LevelWorld, prepare_levels
from app.risk.parameters import MODELS, MODIFIERS, FloatArray, IntArray, RiskParameters
from app.risk.vulnerability import OUTPUTS, coefficients, modifier_factor

SmallFloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Shaking:
    """One block of draws of what shaking does; buildings are those of the state as it stands.

    ``model``, ``k``: shape (draws,). ``zone``: (zones, draws) and ``of_type``: (types, draws), in logarithms.
    ``unknown``: (buildings ``unknown_at``, draws), the type of a building whose type nobody knows. ``factor``:
    (buildings, draws), of the medians of each building; ``motion``: the same, of the motion at its site.
    """

    model: IntArray
    k: FloatArray
    zone: SmallFloatArray
    of_type: SmallFloatArray
    unknown_at: IntArray
    unknown: IntArray
    factor: SmallFloatArray
    motion: SmallFloatArray


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """One block of draws. ``shaking`` None: earthquakes do not count."""

    draws: int
    zero_rate_share: float
    occupancy: FloatArray
    levels: LevelWorld
    shaking: Shaking | None


class Outcome(NamedTuple):
    """A year's loss ratio, equivalent fatalities and deaths per person present, shape (buildings, draws)."""

    loss: SmallFloatArray
    harm: SmallFloatArray
    death: SmallFloatArray


@lru_cache(maxsize=2)
def factor_grid(parameters: RiskParameters) -> FloatArray:
    """Return the logarithms of factors on medians for which responses are tabulated."""
    low, high = parameters["uncertainty.factor_low"], parameters["uncertainty.factor_high"]
    return np.linspace(np.log(low), np.log(high), int(parameters["uncertainty.factor_points"]))


@lru_cache(maxsize=2)
def factor_coefficients(parameters: RiskParameters) -> FloatArray:
    """Return c with ``rates @ c`` = outputs a year, shape (models, motions, types, factors, outputs)."""
    found = [coefficients(parameters, float(factor)) for factor in np.exp(factor_grid(parameters))]
    return np.ascontiguousarray(np.moveaxis(np.stack(found, axis=3), 1, 0))


class RiskState:
    """Buildings in one state, prepared for any world.

    ``rows``: the buildings of ``standing`` (the state in which the worlds were drawn) that this one holds; None = all.
    """

    def __init__(
        self,
        inputs: BuildingInputs,
        parameters: RiskParameters,
        slope: float,
        standing: RiskState | None = None,
        rows: IntArray | None = None,
    ) -> None:
        """Prepare tables; ``slope``: most likely k, by which curves of hazard are moved."""
        self.parameters, self.slope, self.rows = parameters, slope, rows
        self.is_shaken = "earthquake" in inputs.counted
        self.kind = inputs.building_type
        self.kinds = len(parameters.types)
        self.unknown = np.flatnonzero(self.kind == self.kinds)
        self.unknown_share = None if inputs.type_share is None else inputs.type_share[self.unknown]
        factors = [np.log(modifier_factor(bits, parameters)) for bits in range(1 << len(MODIFIERS))]
        self.log_factor = np.array(factors)[inputs.modifiers].astype(np.float32)
        motion = np.where(np.isnan(inputs.a475_g), 1.0, inputs.a475_g)
        self.log_motion = np.log(motion).astype(np.float32)
        msk = intensity_of_motion(inputs.a475_g, parameters)
        if standing is None or rows is None:
            self.zone = np.unique(np.nan_to_num(np.round(msk), nan=0.0), return_inverse=True)[1].reshape(-1)
        else:
            self.zone = standing.zone[rows]
        self.levels = prepare_levels(inputs, msk, parameters)
        self.curve = _curve_outputs(inputs, parameters)
        self.types = np.arange(self.kinds) if len(self.unknown) else np.unique(self.kind)
        """Types that a building here may be; only theirs are tabulated."""
        self.made = factor_coefficients(parameters)[:, :, self.types] if self.is_shaken else np.empty(0)

    def outcome(self, world: World) -> Outcome:
        """Return what a year brings in each draw of ``world``."""
        others = self.levels.sums(world.levels, world.zero_rate_share, self.rows)
        if world.shaking is None:
            nothing = np.zeros((1, world.draws), dtype=np.float32)
            return Outcome(nothing + others.loss, nothing + others.death, nothing + others.death)
        outputs = self._shaken(world.shaking, world.draws)
        return Outcome(outputs[..., 0] + others.loss, outputs[..., 1] + others.death, outputs[..., 2] + others.death)

    def _shaken(self, drawn: Shaking, draws: int) -> SmallFloatArray:
        """Return ``OUTPUTS`` by shaking, shape (buildings, draws, outputs)."""
        rows = slice(None) if self.rows is None else self.rows
        kind = np.broadcast_to(self.kind[:, None], (len(self.kind), draws)).copy()
        if len(self.unknown):
            at = self.unknown if self.rows is None else self.rows[self.unknown]
            kind[self.unknown] = drawn.unknown[np.searchsorted(drawn.unknown_at, at)]
        factor = drawn.factor[rows] + self.log_factor[:, None]
        factor += drawn.of_type[kind, np.arange(draws)]
        motion = drawn.motion[rows] + drawn.zone[self.zone]
        place = np.searchsorted(self.types, kind)
        found = self._table(drawn.model, drawn.k).interpolate(place, factor, np.arange(draws)[None, :])
        found += ((motion + self.log_motion[:, None]) * drawn.k.astype(np.float32))[..., None]
        if self.curve is not None:
            own, by_model = self.curve
            found[own] = self._by_curve(own, by_model, drawn.model, kind[own], factor[own], motion[own])
        return np.exp(found, out=found)

    def _table(self, model: IntArray, k: FloatArray) -> _LogTable:
        """Return the logarithm of outputs a year at a475 = 1 g, by draw, type and factor on the medians."""
        made = self.made
        shape = (len(k), *made.shape[2:])
        table = np.empty(shape, dtype=np.float32)
        motion, reference = motion_grid(self.parameters), self.parameters["seismic.reference_rate"]
        rates = np.stack([power_law_rates(motion, np.ones(1), float(slope), reference)[0] for slope in k])
        for number in range(len(MODELS)):
            mine = np.flatnonzero(model == number)
            if len(mine):
                flat = made[number].reshape(len(motion), -1)
                table[mine] = np.log(rates[mine] @ flat).reshape(len(mine), *shape[1:])
        return _LogTable(table, factor_grid(self.parameters))

    def _by_curve(
        self,
        rows: IntArray,
        by_model: FloatArray,
        model: IntArray,
        kind: IntArray,
        factor: SmallFloatArray,
        motion: SmallFloatArray,
    ) -> SmallFloatArray:
        """Return log outputs where a hazard curve is known: its own central values, moved as the power law moves."""
        slope = self.slope
        tables = self._table(np.arange(len(MODELS)), np.full(len(MODELS), slope))
        place = np.searchsorted(self.types, kind)
        moved = tables.interpolate(place, factor, model[None, :])
        own = np.broadcast_to(self.log_factor[rows][:, None], factor.shape)
        moved -= tables.interpolate(place, own, model[None, :])
        central = np.log(by_model[np.arange(len(rows))[:, None], model[None, :], kind])
        return np.asarray(central + moved + (slope * motion)[..., None], dtype=np.float32)


class _LogTable:
    """Logarithms of outputs by case (a draw or a model), type and factor; linear between factors."""

    def __init__(self, table: SmallFloatArray, grid: FloatArray) -> None:
        self.flat, self.types, self.points = table.reshape(-1, table.shape[-1]), table.shape[1], len(grid)
        self.start, self.step = np.float32(grid[0]), np.float32(grid[1] - grid[0])

    def interpolate(self, kind: IntArray, factor: SmallFloatArray, case: IntArray) -> SmallFloatArray:
        """Return shape (buildings, draws, outputs); factors beyond the ends count as the ends."""
        place = (factor - self.start) / self.step
        np.clip(place, 0, np.float32(self.points) - np.float32(1.001), out=place)
        cell = place.astype(np.int64)
        part = (place - cell).astype(np.float32)[..., None]
        cell += (case * self.types + kind) * self.points
        below = self.flat[cell]
        return below + (self.flat[cell + 1] - below) * part


def _curve_outputs(inputs: BuildingInputs, parameters: RiskParameters) -> tuple[IntArray, FloatArray] | None:
    """Return the buildings with a hazard curve, and their outputs by model and type under their own modifiers."""
    if inputs.curve_g is None or inputs.curve_rate is None:
        return None
    rows = np.flatnonzero(~np.isnan(inputs.curve_g).any(axis=1))
    if not len(rows):
        return None
    rates = curve_rates(motion_grid(parameters), inputs.curve_g[rows], inputs.curve_rate)
    found = np.empty((len(rows), len(MODELS), len(parameters.types), len(OUTPUTS)))
    for bits in np.unique(inputs.modifiers[rows]):
        own = np.flatnonzero(inputs.modifiers[rows] == bits)
        found[own] = np.tensordot(rates[own], coefficients(parameters, modifier_factor(int(bits), parameters)), (1, 0))
    return rows, found
