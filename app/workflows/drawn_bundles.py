"""What every offer of a ranking brings while models, hazard, buildings and open answers are uncertain (method 8).

All offers share each draw: the world is drawn once, and the schools are worked out in it as they stand and after each
bundle. What the plan takes for unknown brings nothing here either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.assessment.pass_rates import filled
from app.assessment.schools import pupil_weights
from app.assessment.works_draws import draw_indices
from app.funding.bundles import RETROFIT
from app.funding.objective import Standing, shares_of, total_of
from app.risk.building_risk import part_of
from app.risk.measures import default_effects, treat
from app.risk.risk_draws import RiskDraws, draw_blocks
from app.risk.risk_state import Outcome, RiskState, World
from app.risk.school_sums import SchoolSums
from app.workflows.evaluate_bundles import State, retrofits_of

if TYPE_CHECKING:
    from app.risk.risk_draws import Laws
    from app.workflows.sensitivity_inputs import Inputs

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
TODAY: tuple[str, ...] = ()
Part = tuple[IntArray, tuple[str, ...]]
"""Rows of buildings, and the measures on each of them."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a year costs each school in each draw, shape (schools, draws)."""

    fatalities: FloatArray
    loss_som: FloatArray


def draw_benefits(
    inputs: Inputs, laws: Laws, draws: int, rng: np.random.Generator, report: Callable[[float], None]
) -> NDArray[np.float32]:
    """Return the benefit of each offer in each draw, shape (offers, draws): shares of the country in that draw."""
    drawn = _Drawn(inputs, laws, draws, rng)
    found, done = np.empty((len(inputs.row), draws), dtype=np.float32), 0
    for size in draw_blocks(draws):
        found[:, done : done + size] = drawn.next_block(size)
        done += size
        report(done / draws)
    return found


def parts_of(inputs: Inputs, measures: tuple[str, ...]) -> list[Part]:
    """Return the buildings by what is done at each of them: a full retrofit is of its building's kind."""
    if RETROFIT not in measures:
        return [(np.arange(len(inputs.portfolio.school)), measures)]
    kinds = retrofits_of(inputs.portfolio, inputs.catalogue, inputs.parameters)
    return [
        (np.flatnonzero(kinds == kind), tuple(str(kind) if code == RETROFIT else code for code in measures))
        for kind in np.unique(kinds)
    ]


def passes_of(inputs: Inputs, measures: tuple[str, ...]) -> BoolArray:
    """Return what ``measures`` make pass, shape (buildings, criteria)."""
    found = np.zeros(inputs.portfolio.codes.shape, dtype=bool)
    for rows, own in parts_of(inputs, measures):
        for code in own:
            if code in inputs.catalogue.interventions:
                columns = inputs.catalogue.interventions[code].passes(inputs.portfolio.standard.codes)
                found[np.ix_(rows, np.flatnonzero(columns))] = True
    return found


class _Drawn:
    """Worlds of a ranking, and what its offers bring in them."""

    def __init__(self, inputs: Inputs, laws: Laws, draws: int, rng: np.random.Generator) -> None:
        portfolio, self.inputs, self.rng = inputs.portfolio, inputs, rng
        building, schools = portfolio.inputs, portfolio.schools
        self.sums = SchoolSums(
            portfolio.school, portfolio.share, portfolio.replacement_som, building.persons, building.presence, schools
        )
        self.value_som = np.bincount(portfolio.school, np.nan_to_num(portfolio.replacement_som), schools)
        works = [TODAY, *(bundle.measures for bundle in inputs.bundles)]
        self.indices = _indices(inputs, works, draws, rng)
        self.risk = RiskDraws(building, self.sums, inputs.parameters, laws, rng)
        self.effect = [tuple(code for code in own if code in default_effects() or code == RETROFIT) for own in works]
        self.states = {own: self._states(own) for own in dict.fromkeys(self.effect)}
        self.at = [np.flatnonzero(inputs.row == number) for number in range(len(inputs.bundles))]

    def _states(self, measures: tuple[str, ...]) -> list[RiskState]:
        if measures == TODAY:
            return [self.risk.state]
        standing, inputs, found = self.risk.state, self.inputs, []
        for rows, own in parts_of(inputs, measures):
            treated, changed = treat(part_of(inputs.portfolio.inputs, rows), own, inputs.parameters)
            found.append(RiskState(treated, changed, standing.slope, standing, rows))
        return found

    def next_block(self, size: int) -> NDArray[np.float32]:
        """Return the benefits of the next draws, shape (offers, size)."""
        inputs, world = self.inputs, self.risk.next_world(size)
        chosen = self.rng.integers(0, self.indices.shape[2], (size, inputs.portfolio.schools)).T
        today = self._totals(TODAY, world)
        people = np.nan_to_num(inputs.portfolio.pupils)
        index = np.take_along_axis(self.indices[0], chosen, axis=1).astype(float)
        known = inputs.today.today
        whole = Standing(
            _total(today.fatalities, known.fatalities), _total(today.loss_som, known.loss_som),
            _total(people[:, None] * (100 - index), known.conformity),
        )  # fmt: skip
        found = np.zeros((len(inputs.row), size), dtype=np.float32)
        states: dict[tuple[str, ...], Totals] = {}
        for number, at in enumerate(self.at):
            key, own = self.effect[number + 1], inputs.column[at]
            if key not in states:
                states = {key: self._totals(key, world)}  # bundles of one effect follow each other, mostly
            after = states[key]
            later = np.take_along_axis(self.indices[number + 1][own], chosen[own], axis=1)
            drawn = self._blanked(
                Standing(after.fatalities[own], after.loss_som[own], later), inputs.today.after[number], own
            )
            now = Standing(today.fatalities[own], today.loss_som[own], index[own])
            found[at] = shares_of(now, drawn, whole, people[own, None], inputs.parameters).benefit
        return found

    def _blanked(self, drawn: Standing, after: State, own: IntArray) -> Standing:
        """Return ``drawn`` with what the plan takes for unknown of the schools ``own`` made so, in place."""
        known = self.inputs.today.today
        for name, values in zip(Standing._fields, drawn, strict=True):
            values[np.isnan(getattr(known, name)[own]) | np.isnan(getattr(after, name)[own])] = np.nan
        return drawn

    def _totals(self, measures: tuple[str, ...], world: World) -> Totals:
        """Return lives and loss of each school after ``measures``."""
        count = len(self.inputs.portfolio.school)
        loss, harm = np.empty((count, world.draws), np.float32), np.empty((count, world.draws), np.float32)
        for state in self.states[measures]:
            outcome: Outcome = state.outcome(world)
            rows = slice(None) if state.rows is None else state.rows
            loss[rows], harm[rows] = outcome.loss, outcome.harm
        lives = self.sums.equivalent_fatalities(harm) * world.occupancy
        return Totals(lives, self.sums.loss_ratio(loss) * self.value_som[:, None])


def _indices(inputs: Inputs, works: list[tuple[str, ...]], draws: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return drawn indices after each of ``works``, shape (works, schools, realisations)."""
    portfolio, parameters = inputs.portfolio, inputs.parameters
    return draw_indices(
        portfolio.codes,
        portfolio.verified,
        inputs.is_shared,
        portfolio.school,
        pupil_weights(portfolio.school, portfolio.share, portfolio.schools),
        portfolio.schools,
        portfolio.standard,
        filled(portfolio.pass_rates, parameters["conformity.prior_pass_rate"]),
        parameters["conformity.unverified_trust"],
        min(draws, int(parameters["uncertainty.answer_realisations"])),
        [passes_of(inputs, own) for own in works],
        rng,
    )


def _total(values: FloatArray, known: FloatArray) -> FloatArray:
    """Return the sum over the schools of which a part is known, by draw; 1 where it is 0."""
    return total_of(values[~np.isnan(known)])
