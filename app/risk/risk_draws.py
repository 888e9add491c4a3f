"""Draws of the annual risk of schools: C1-C3 while models, hazard, buildings and rates are uncertain (method 8).

Arithmetic only. What is uncertain for the whole country (model, k, zones, types, rates, occupancy) is one draw for all
schools; what belongs to a place or a building is drawn there. Under the power law the rates scale with a475^k, so that
one table a draw (types x factors on the medians) serves every building.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.risk.building_risk import BuildingInputs
from app.risk.hazard_curve import curve_rates, intensity_of_motion, motion_grid, power_law_rates
from app.risk.hazard_draws import HazardDraws, LevelTable, prepare_levels
from app.risk.parameters import MODELS, MODIFIERS, FloatArray, IntArray, RiskParameters, parameters
from app.risk.school_sums import SchoolSums
from app.risk.vulnerability import OUTPUTS, coefficients, modifier_factor

BLOCK = 128
"""Draws at a time: the arrays of a step stay small, and the stream of random numbers has one order."""
SmallFloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Laws:
    """The laws of what is drawn (method 8); sigmas of logarithms."""

    model_weights: tuple[float, ...]
    k: tuple[float, float, float]
    """Least, most likely and greatest slope of the power law."""
    zone_sigma: float
    site_sigma: float
    median_type_sigma: float
    median_building_sigma: float
    occupancy_sigma: float
    zero_rate_share: float


def default_laws() -> Laws:
    """Return the laws of the parameter table."""
    rows = {row.name: row for row in parameters()}
    k = rows["seismic.k"]
    return Laws(
        tuple(rows[f"model_weight.{model}"].default for model in MODELS),
        (k.low or k.default, k.default, k.high or k.default),
        *(
            rows[f"uncertainty.{name}"].default
            for name in (
                "zone_sigma", "site_sigma", "median_type_sigma", "median_building_sigma", "occupancy_sigma",
                "zero_rate_share",
            )
        ),
    )  # fmt: skip


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


class RiskDraws:
    """Prepared draws of the risk of schools; ``next_block`` gives the next draws of C1, C2 and C3."""

    def __init__(
        self, inputs: BuildingInputs, sums: SchoolSums, parameters: RiskParameters, laws: Laws, rng: np.random.Generator
    ) -> None:
        """Prepare tables; ``inputs`` and ``sums`` are those of the central values."""
        self.parameters, self.laws, self.rng, self.sums = parameters, laws, rng, sums
        self.is_shaken = "earthquake" in inputs.counted
        self.kind = inputs.building_type
        self.kinds = len(parameters.types)
        self.unknown = np.flatnonzero(self.kind == self.kinds)
        factors = [np.log(modifier_factor(bits, parameters)) for bits in range(1 << len(MODIFIERS))]
        self.log_factor = np.array(factors)[inputs.modifiers].astype(np.float32)
        motion = np.where(np.isnan(inputs.a475_g), 1.0, inputs.a475_g)
        self.log_motion = np.log(motion).astype(np.float32)
        msk = intensity_of_motion(inputs.a475_g)
        self.zone = np.unique(np.nan_to_num(np.round(msk), nan=0.0), return_inverse=True)[1].reshape(-1)
        self.levels: LevelTable = prepare_levels(inputs, msk, parameters)
        self.curve = _curve_outputs(inputs, parameters)

    def next_block(self, draws: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return C1, C2 and C3, each of shape (schools, draws); what is unknown in the central values means nothing."""
        rng, laws = self.rng, self.laws
        occupancy = np.exp(laws.occupancy_sigma * rng.standard_normal(draws))
        others: HazardDraws = self.levels.draw(rng, draws, laws.zero_rate_share)
        if self.is_shaken:
            outputs = self._shaking(draws)
            loss, harm, death = outputs[..., 0], outputs[..., 1], outputs[..., 2]
        else:
            loss = harm = death = np.zeros((1, draws), dtype=np.float32)
        return (
            self.sums.individual_risk(death + others.death),
            self.sums.equivalent_fatalities(harm + others.death) * occupancy,
            self.sums.loss_ratio(loss + others.loss),
        )

    def _shaking(self, draws: int) -> SmallFloatArray:
        """Return ``OUTPUTS`` by shaking, shape (buildings, draws, outputs)."""
        rng, laws, count = self.rng, self.laws, len(self.kind)
        model = rng.choice(len(MODELS), draws, p=np.array(laws.model_weights))
        k = _triangular(rng, laws.k, draws)
        zone = laws.zone_sigma * rng.standard_normal((int(self.zone.max(initial=0)) + 1, draws), dtype=np.float32)
        of_type = laws.median_type_sigma * rng.standard_normal((self.kinds, draws), dtype=np.float32)
        kind = np.broadcast_to(self.kind[:, None], (count, draws)).copy()
        if len(self.unknown):
            kind[self.unknown] = rng.integers(0, self.kinds, (len(self.unknown), draws))
        factor = rng.standard_normal((count, draws), dtype=np.float32)
        factor *= np.float32(laws.median_building_sigma)
        factor += self.log_factor[:, None]
        factor += of_type[kind, np.arange(draws)]
        motion = rng.standard_normal((count, draws), dtype=np.float32)
        motion *= np.float32(laws.site_sigma)
        motion += zone[self.zone]
        found = self._table(model, k).interpolate(kind, factor, np.arange(draws)[None, :])
        found += ((motion + self.log_motion[:, None]) * k.astype(np.float32))[..., None]
        if self.curve is not None:
            rows, by_model = self.curve
            found[rows] = self._by_curve(rows, by_model, model, kind[rows], factor[rows], motion[rows])
        return np.exp(found, out=found)

    def _table(self, model: IntArray, k: FloatArray) -> _LogTable:
        """Return the logarithm of outputs a year at a475 = 1 g, by draw, type and factor on the medians."""
        made = factor_coefficients(self.parameters)
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
        slope = self.laws.k[1]
        tables = self._table(np.arange(len(MODELS)), np.full(len(MODELS), slope))
        moved = tables.interpolate(kind, factor, model[None, :])
        own = np.broadcast_to(self.log_factor[rows][:, None], factor.shape)
        moved -= tables.interpolate(kind, own, model[None, :])
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


def _triangular(rng: np.random.Generator, law: tuple[float, float, float], draws: int) -> FloatArray:
    low, mode, high = law
    return rng.triangular(low, mode, high, draws) if high > low else np.full(draws, mode)


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


def draw_blocks(draws: int) -> Sequence[int]:
    """Return how many draws each block has."""
    whole, rest = divmod(draws, BLOCK)
    return [BLOCK] * whole + ([rest] if rest else [])
