"""The factors C1-C8 of the priority: what each is for a school, with bounds (method 7).

A factor is a function from the facts of schools to shape (schools, 3): central, lower, upper, in the factor's
unit; NaN = unknown. To add one: write the function with ``@factor``, give it anchors, name it in a scheme.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SchoolFacts:
    """One row a school; NaN = unknown. Risk and services have columns central, lower, upper."""

    individual_risk: FloatArray
    """Annual probability of death of a first-shift pupil, (schools, 3)."""
    equivalent_fatalities: FloatArray
    """Per year, (schools, 3)."""
    loss_ratio: FloatArray
    """Expected annual loss / replacement value, (schools, 3)."""
    index: FloatArray
    """Conformity 0..100 after caps, physical group, (schools, 3)."""
    completeness: FloatArray
    """Share of the index that was assessed, 0..1, (schools,); 0 = ``index`` is the prior pass rate alone."""
    basic_deficiency: FloatArray
    """0..1, (schools, 3)."""
    basic_completeness: FloatArray
    """Share of the basic services that was assessed, 0..1, (schools,)."""
    pupils: FloatArray
    """Of all shifts, (schools,)."""
    seats: FloatArray
    minutes_to_alternative: FloatArray
    poverty_index: FloatArray
    """Of the district, 0..1."""


def part_of(facts: SchoolFacts, rows: slice) -> SchoolFacts:
    """Return some of the schools."""
    return SchoolFacts(**{found.name: getattr(facts, found.name)[rows] for found in fields(SchoolFacts)})


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor's id, key and the function that computes it."""

    id: str
    key: str
    measure: Callable[[SchoolFacts], FloatArray]
    completeness: str | None
    """The field of the facts that says how much of x was assessed; None = x is known where it is a number."""

    def rests_on_prior(self, facts: SchoolFacts) -> NDArray[np.bool_]:
        """Return where nothing of x was assessed, shape (schools,); NaN counts as nothing."""
        if self.completeness is None:
            return np.zeros(len(facts.pupils), dtype=bool)
        return ~(getattr(facts, self.completeness) > 0)


FACTORS: dict[str, Factor] = {}


def factor(
    identifier: str, key: str, completeness: str | None = None
) -> Callable[[Callable[[SchoolFacts], FloatArray]], Callable]:
    """Register a function as a factor; its id orders the columns of results."""

    def register(measure: Callable[[SchoolFacts], FloatArray]) -> Callable[[SchoolFacts], FloatArray]:
        FACTORS[identifier] = Factor(identifier, key, measure, completeness)
        return measure

    return register


def _certain(values: FloatArray) -> FloatArray:
    return np.broadcast_to(np.asarray(values, dtype=float)[:, None], (len(values), 3))


@factor("C1", "individual_risk")
def individual_risk(facts: SchoolFacts) -> FloatArray:
    """Pupils-weighted mean over buildings of the annual death probability of a first-shift pupil, 1/yr."""
    return facts.individual_risk


@factor("C2", "societal_risk")
def societal_risk(facts: SchoolFacts) -> FloatArray:
    """Sum of equivalent fatalities, 1/yr."""
    return facts.equivalent_fatalities


@factor("C3", "eal_ratio")
def eal_ratio(facts: SchoolFacts) -> FloatArray:
    """Expected annual loss over replacement value, 1/yr."""
    return facts.loss_ratio


@factor("C4", "nonconformity", completeness="completeness")
def nonconformity(facts: SchoolFacts) -> FloatArray:
    """1 - index / 100, after caps; the best index gives the lower bound."""
    return 1 - facts.index[:, [0, 2, 1]] / 100


@factor("C5", "basic_services", completeness="basic_completeness")
def basic_services(facts: SchoolFacts) -> FloatArray:
    """Deficiency of fire safety, electricity, water, toilets and heating, 0..1."""
    return facts.basic_deficiency


@factor("C6", "overload")
def overload(facts: SchoolFacts) -> FloatArray:
    """Pupils of all shifts per seat; unknown without seats."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return _certain(np.where(facts.seats > 0, facts.pupils / facts.seats, np.nan))


@factor("C7", "no_alternative")
def no_alternative(facts: SchoolFacts) -> FloatArray:
    """Minutes to the nearest safe school with places."""
    return _certain(facts.minutes_to_alternative)


@factor("C8", "equity")
def equity(facts: SchoolFacts) -> FloatArray:
    """Poverty or budget-capacity index of the district, 0..1."""
    return _certain(facts.poverty_index)
