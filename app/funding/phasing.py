"""Several years: which bundle of which school in which year, from which source (method 10).

Benefits begin the year after the works end, so that earlier is better; money of a year is not carried over. A measure
that needs a safe building comes with or after a structural one, unless the building is safe already.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.funding.errors import InfeasibleError, SolverStoppedError
from app.funding.portfolio import THOUSAND_SOM, BoolArray, FloatArray, IntArray, Offers
from app.funding.program import Program, solve


@dataclass(frozen=True, slots=True)
class Years:
    """The envelopes of several years. Shape of the budgets: (sources, years), whole som."""

    budget_som: IntArray
    share: FloatArray
    """Shape (offers, sources): share of a bundle's cost that each source pays; sums to 1."""
    weight: FloatArray
    """Worth of one unit of yearly benefit for works that end in each year (``benefit_years``)."""
    is_structural: BoolArray
    """Bundles of which a school gets one at most."""
    needs_safety: BoolArray
    is_safe: BoolArray
    """Schools whose building is safe as it stands."""


@dataclass(frozen=True, slots=True)
class Phased:
    """A plan over years: rows of the offers and the year (from 0) of each, with its benefit and bound."""

    chosen: IntArray
    year: IntArray
    benefit: float
    bound: float
    is_proven: bool


def benefit_years(factor: FloatArray, years: int) -> FloatArray:
    """Return for works that end in year 0, 1, ... the sum of the discount factors of the years after it.

    ``factor`` holds the discount factor of each year of the horizon, year 0 first.
    """
    return np.array([factor[year + 1 :].sum() for year in range(years)])


def phase(offers: Offers, years: Years, *, gap: float = 1e-4, seconds: float = 60.0, seed: int = 0) -> Phased:
    """Return the plan of most benefit over the years.

    Raises:
        InfeasibleError: Cannot happen without must-act schools: doing nothing keeps every rule.
        SolverStoppedError: No plan was found in time.
    """
    count = years.budget_som.shape[1]
    size = len(offers)
    program = Program(columns=size * count, integers=size * count, rows=[])
    every = np.arange(size * count).reshape(count, size)
    _one_of_each(program, offers, years, every)
    for source in range(len(years.budget_som)):
        cost = offers.cost_som * years.share[:, source] / THOUSAND_SOM
        for year in range(count):
            program.add(every[year], cost, 0.0, float(years.budget_som[source, year]) / THOUSAND_SOM)
    _precede(program, offers, years, every)
    worth = (years.weight[:, None] * offers.benefit[None, :]).ravel()
    found = solve(program, -worth, gap=gap, seconds=seconds, seed=seed)
    if found.status == "infeasible":
        raise InfeasibleError(("budget",))
    if found.values is None:
        raise SolverStoppedError(found.status)
    picked = np.flatnonzero(found.values > 0.5)
    return Phased(
        chosen=picked % size,
        year=picked // size,
        benefit=float(worth[picked].sum()),
        bound=-found.bound,
        is_proven=found.status == "optimal",
    )


def _one_of_each(program: Program, offers: Offers, years: Years, every: IntArray) -> None:
    """At most one structural bundle a school in all years, and every other bundle at most once."""
    for school in range(offers.schools):
        mine = np.flatnonzero((offers.school == school) & years.is_structural)
        if mine.size:
            columns = every[:, mine].ravel()
            program.add(columns, np.ones(len(columns)), 0.0, 1.0)
    for row in np.flatnonzero(~years.is_structural).tolist():
        program.add(every[:, row], np.ones(len(every)), 0.0, 1.0)


def _precede(program: Program, offers: Offers, years: Years, every: IntArray) -> None:
    """What needs a safe building is done in a year only if a structural bundle is done by then."""
    for row in np.flatnonzero(years.needs_safety & ~years.is_safe[offers.school]).tolist():
        structural = np.flatnonzero((offers.school == offers.school[row]) & years.is_structural)
        for year in range(len(every)):
            columns = np.concatenate([[every[year, row]], every[: year + 1][:, structural].ravel()])
            values = np.concatenate([[1.0], -np.ones(len(columns) - 1)])
            program.add(columns, values, -np.inf, 0.0)
