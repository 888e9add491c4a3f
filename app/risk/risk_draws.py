"""Draws of the annual risk of schools: C1-C3 while models, hazard, buildings and rates are uncertain (method 8).

Arithmetic only. What is uncertain for the whole country (model, k, zones, types, rates, occupancy) is one draw for all
schools; what belongs to a place or a building is drawn there. What a draw does to buildings is in ``risk_state``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.risk.building_risk import BuildingInputs
from app.risk.parameters import MODELS, FloatArray, IntArray, RiskParameters, default_parameters
from app.risk.risk_state import RiskState, Shaking, World
from app.risk.school_sums import SchoolSums

BLOCK = 128
"""Draws at a time: the arrays of a step stay small, and the stream of random numbers has one order."""


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
    """Return the laws of the parameter table that is installed."""
    return laws_of(default_parameters())


def laws_of(parameters: RiskParameters) -> Laws:
    """Return the laws of any parameters: shipped ones, or those of a kit."""
    k_low, k_high = parameters.bounds["seismic.k"]
    return Laws(
        tuple(parameters[f"model_weight.{model}"] for model in MODELS),
        (k_low, parameters["seismic.k"], k_high),
        *(
            parameters[f"uncertainty.{name}"]
            for name in (
                "zone_sigma", "site_sigma", "median_type_sigma", "median_building_sigma", "occupancy_sigma",
                "zero_rate_share",
            )
        ),
    )  # fmt: skip


class RiskDraws:
    """Draws of the risk of schools; ``next_block`` gives the next draws of C1, C2 and C3."""

    def __init__(
        self, inputs: BuildingInputs, sums: SchoolSums, parameters: RiskParameters, laws: Laws, rng: np.random.Generator
    ) -> None:
        """Prepare tables; ``inputs`` and ``sums`` are those of the central values."""
        self.laws, self.rng, self.sums = laws, rng, sums
        self.state = RiskState(inputs, parameters, laws.k[1])

    def next_world(self, draws: int) -> World:
        """Return the next draws of everything that is uncertain, whatever is done at the buildings."""
        rng, laws = self.rng, self.laws
        occupancy = np.exp(laws.occupancy_sigma * rng.standard_normal(draws))
        levels = self.state.levels.world(rng, draws)
        shaking = self._shaking(draws) if self.state.is_shaken else None
        return World(draws, laws.zero_rate_share, occupancy, levels, shaking)

    def next_block(self, draws: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return C1, C2 and C3, each of shape (schools, draws); what is unknown in the central values means nothing."""
        world = self.next_world(draws)
        found = self.state.outcome(world)
        return (
            self.sums.individual_risk(found.death),
            self.sums.equivalent_fatalities(found.harm) * world.occupancy,
            self.sums.loss_ratio(found.loss),
        )

    def _shaking(self, draws: int) -> Shaking:
        rng, laws, state = self.rng, self.laws, self.state
        count = len(state.kind)
        model = rng.choice(len(MODELS), draws, p=np.array(laws.model_weights))
        k = _triangular(rng, laws.k, draws)
        zone = laws.zone_sigma * rng.standard_normal((int(state.zone.max(initial=0)) + 1, draws), dtype=np.float32)
        of_type = laws.median_type_sigma * rng.standard_normal((state.kinds, draws), dtype=np.float32)
        unknown = np.empty((0, draws), dtype=np.int64)
        if len(state.unknown):
            unknown = _types_of(rng, state, draws)
        factor = rng.standard_normal((count, draws), dtype=np.float32)
        factor *= np.float32(laws.median_building_sigma)
        motion = rng.standard_normal((count, draws), dtype=np.float32)
        motion *= np.float32(laws.site_sigma)
        return Shaking(model, k, zone, of_type, state.unknown, unknown, factor, motion)


def _types_of(rng: np.random.Generator, state: RiskState, draws: int) -> IntArray:
    """Return a type for each building of unknown type in each draw: by its shares of types, else all alike."""
    share = state.unknown_share
    if share is None:
        return rng.integers(0, state.kinds, (len(state.unknown), draws))
    cells, cell = np.unique(share, axis=0, return_inverse=True)
    chance = rng.random((len(share), draws))
    found = np.empty(chance.shape, dtype=np.int64)
    for number, own in enumerate(cells):
        rows, possible = np.flatnonzero(cell.reshape(-1) == number), np.flatnonzero(own > 0)
        ends = np.cumsum(own[possible])
        ends[-1] = 1.0  # the last bits of a sum let no draw fall beyond the last type
        found[rows] = possible[np.searchsorted(ends, chance[rows], side="right")]
    return found


def _triangular(rng: np.random.Generator, law: tuple[float, float, float], draws: int) -> FloatArray:
    low, mode, high = law
    return rng.triangular(low, mode, high, draws) if high > low else np.full(draws, mode)


def draw_blocks(draws: int) -> Sequence[int]:
    """Return how many draws each block has."""
    whole, rest = divmod(draws, BLOCK)
    return [BLOCK] * whole + ([rest] if rest else [])
