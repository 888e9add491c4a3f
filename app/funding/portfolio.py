"""What can be bought and under which rules: measures of schools, the money, and who must not be left out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from app.funding.equity import gini
from app.funding.errors import CrossedLimitsError, FloorsAboveBudgetError, NegativeMoneyError

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

NO_LIMIT = np.iinfo(np.int64).max
THOUSAND_SOM = 1_000.0


@dataclass(frozen=True, slots=True)
class Offers:
    """One row an offered bundle, grouped by school: rows of one school follow each other.

    A bundle whose cost is unknown is no offer: it is shown, and never funded by a computation.
    """

    school: IntArray
    """Position of the school, 0 to ``schools`` - 1, not falling."""
    cost_som: IntArray
    """Whole som at the price date, above zero."""
    benefit: FloatArray
    """Benefit of the objective (method 10), not below zero."""
    is_safety: BoolArray
    """Counts for a school that must be acted on."""
    schools: int

    def __post_init__(self) -> None:
        """Refuse costs that are no costs.

        Raises:
            NegativeMoneyError: A cost of zero or below.
        """
        wrong = np.flatnonzero(self.cost_som <= 0)
        if wrong.size:
            raise NegativeMoneyError("cost", int(wrong[0]), int(self.cost_som[wrong[0]]))

    def __len__(self) -> int:
        """Return the number of bundles."""
        return len(self.school)


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """One more rule over some bundles: ``low <= sum of weight <= high``, all whole numbers.

    ``weight``: shape (offers,), som or a count. ``name`` stands for the rule where rules conflict.
    """

    name: str
    weight: IntArray
    low: int = 0
    high: int = NO_LIMIT
    is_money: bool = True

    def of(self, rows: IntArray) -> Limit:
        """Return the limit over some rows of the offers."""
        return Limit(self.name, self.weight[rows], self.low, self.high, self.is_money)

    def is_kept(self, chosen: IntArray) -> bool:
        """Return whether a plan keeps it, counted in whole numbers."""
        return self.low <= int(self.weight[chosen].sum()) <= self.high


@dataclass(frozen=True, slots=True)
class Rules:
    """The envelope of one year and its rules; regions are positions 0 to n - 1."""

    budget_som: int
    region: IntArray
    """Region of each school."""
    pupils: FloatArray
    """Pupils of each region."""
    floor_som: IntArray
    ceiling_som: IntArray
    gini_most: float | None = None
    """Largest Gini coefficient of the money per pupil; None: no limit."""
    must_act: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """Positions of the schools that must get a safety bundle."""
    limits: tuple[Limit, ...] = ()
    """Rules that the preview does not know: sources and years, rayons, capacity, must-act schools with slack."""

    def of(self, rows: IntArray) -> Rules:
        """Return the rules over some rows of the offers."""
        return self if not self.limits else replace(self, limits=tuple(limit.of(rows) for limit in self.limits))

    def __post_init__(self) -> None:
        """Refuse rules that contradict themselves.

        Raises:
            NegativeMoneyError, CrossedLimitsError, FloorsAboveBudgetError: See there.
        """
        if self.budget_som < 0:
            raise NegativeMoneyError("budget", 0, self.budget_som)
        for what, values in (("floor", self.floor_som), ("ceiling", self.ceiling_som)):
            wrong = np.flatnonzero(values < 0)
            if wrong.size:
                raise NegativeMoneyError(what, int(wrong[0]), int(values[wrong[0]]))
        crossed = np.flatnonzero(self.floor_som > self.ceiling_som)
        if crossed.size:
            at = int(crossed[0])
            raise CrossedLimitsError(at, int(self.floor_som[at]), int(self.ceiling_som[at]))
        if int(self.floor_som.sum()) > self.budget_som:
            raise FloorsAboveBudgetError(int(self.floor_som.sum()), self.budget_som)


def open_rules(budget_som: int, schools: int) -> Rules:
    """Return rules of one region without floor, ceiling or any other limit than the budget."""
    return Rules(
        budget_som=budget_som,
        region=np.zeros(schools, dtype=np.int64),
        pupils=np.ones(1),
        floor_som=np.zeros(1, dtype=np.int64),
        ceiling_som=np.full(1, NO_LIMIT),
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """A set of bundles and how good it is known to be. ``chosen`` holds rows of ``Offers``, rising."""

    chosen: IntArray
    benefit: float
    cost_som: int
    bound: float
    """No plan under these rules has more benefit."""
    is_proven: bool
    """The solver proved the plan within its gap; else it is the best found in time, or a preview."""
    status: str
    is_unique: bool = False
    """The ties were broken to the end: cheapest of the best, then the higher ranks."""

    @property
    def gap(self) -> float:
        """Share of the bound that the plan may miss, 0 when both are 0."""
        return 0.0 if self.bound <= 0 else max(0.0, (self.bound - self.benefit) / self.bound)


def plan_of(offers: Offers, chosen: IntArray, bound: float, *, is_proven: bool, status: str) -> Plan:
    """Return the plan of some rows of ``offers``; benefit and cost are summed here, never taken from a solver."""
    rows = np.sort(chosen)
    return Plan(
        chosen=rows,
        benefit=float(offers.benefit[rows].sum()),
        cost_som=int(offers.cost_som[rows].sum()),
        bound=bound,
        is_proven=is_proven,
        status=status,
    )


def spend_by_region(offers: Offers, rules: Rules, chosen: IntArray) -> IntArray:
    """Return the som of each region in a plan, exact."""
    spent = np.zeros(len(rules.pupils), dtype=np.int64)
    np.add.at(spent, rules.region[offers.school[chosen]], offers.cost_som[chosen])
    return spent


def keeps_rules(offers: Offers, rules: Rules, chosen: IntArray) -> bool:
    """Return whether a set of bundles keeps every rule, counted in whole som; one bundle a school among them."""
    spent, schools = spend_by_region(offers, rules, chosen), offers.school[chosen]
    is_within = int(spent.sum()) <= rules.budget_som and bool((spent <= rules.ceiling_som).all())
    served = schools[offers.is_safety[chosen]]
    evenness = 0.0 if rules.gini_most is None or not spent.any() else gini(spent.astype(float), rules.pupils)
    return (
        is_within
        and bool((spent >= rules.floor_som).all())
        and len(np.unique(schools)) == len(schools)
        and bool(np.isin(rules.must_act, served).all())
        and (rules.gini_most is None or evenness <= rules.gini_most)
        and all(limit.is_kept(chosen) for limit in rules.limits)
    )
