"""Money by source and year: what a plan may spend, and who pays what of each school (method 10).

A local budget pays at most its own share of a school; money tied to a region pays there only, and never the local
share; every other source pays anything. Which of them pay what is a flow of money, so that a set of works can be
paid exactly if no cut is above its money: for each set of the limited sources, what they cannot pay of the works is
at most what all others have. These cuts are rows of whole som; no source is bound to a school before the plan is made.
Money of a year is not carried over.

Parents and boards of trustees are no source: collecting money in schools is prohibited.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from app.funding.errors import EnvelopeError
from app.funding.portfolio import FloatArray, IntArray, Limit, Offers

SOURCES = ("republican_budget", "local_budget", "stimulating_grant", "development_fund", "donor")
"""In the order in which they pay what others leave; who pays its own share only comes first."""

LOCAL = "local_budget"
MOST_YEARS = 5
MOST_TIED = 4
"""Sources of one year that are tied to a region: the cuts double with each."""

PERMILLE = 1_000


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whole som of one source in one year; ``region``: position of the region that it is tied to, None = anywhere."""

    source: str
    year: int
    som: int
    region: int | None = None

    def __post_init__(self) -> None:
        """Refuse what is no money of this plan.

        Raises:
            EnvelopeError: An unknown source (parents and boards of trustees among them), or money below zero.
        """
        if self.source not in SOURCES:
            raise EnvelopeError("source", self.source)
        if self.som < 0:
            raise EnvelopeError("money", str(self.som))


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Offers of several years: one row a bundle and year, in the order of schools; ``row``: of the plain offers."""

    offers: Offers
    row: IntArray
    year: IntArray
    """From 0."""


@dataclass(frozen=True, slots=True)
class Payment:
    """What one source pays of one row of a plan."""

    row: int
    source: str
    year: int
    som: int


def spread(offers: Offers, weight: FloatArray) -> Spread:
    """Return the offers in each year; ``weight``: worth of a unit of benefit whose works end in each year."""
    years = len(weight)
    row = np.repeat(np.arange(len(offers)), years)
    year = np.tile(np.arange(years), len(offers))
    wide = Offers(
        offers.school[row], offers.cost_som[row], offers.benefit[row] * weight[year], offers.is_safety[row],
        offers.schools,
    )  # fmt: skip
    return Spread(wide, row, year)


def local_part(cost_som: IntArray, permille: IntArray) -> IntArray:
    """Return the whole som of each cost that local budgets may pay; ``permille``: their share of each, rounded down."""
    return cost_som * permille // PERMILLE


def years_of(envelopes: Iterable[Envelope]) -> tuple[int, ...]:
    """Return the years of the envelopes, from the first to the last.

    Raises:
        EnvelopeError: More years than ``MOST_YEARS``.
    """
    named = {one.year for one in envelopes}
    years = tuple(range(min(named), max(named) + 1))
    if len(years) > MOST_YEARS:
        raise EnvelopeError("years", str(len(years)))
    return years


def money_of(envelopes: Iterable[Envelope], years: Sequence[int]) -> IntArray:
    """Return the whole som of each year, all sources together."""
    total = np.zeros(len(years), dtype=np.int64)
    for one in envelopes:
        total[years.index(one.year)] += one.som
    return total


def limited_of(envelopes: Iterable[Envelope], year: int) -> dict[tuple[str, int | None], int]:
    """Return the money of a year that cannot pay everything: the local budgets, and what is tied to one region.

    Raises:
        EnvelopeError: Local money tied to a region, two sources tied to one region, or too many of them.
    """
    found: dict[tuple[str, int | None], int] = {}
    for one in envelopes:
        if one.year != year or (one.source != LOCAL and one.region is None):
            continue
        if one.source == LOCAL and one.region is not None:
            raise EnvelopeError("tied", one.source)
        key = (one.source, one.region)
        if one.region is not None and any(region == one.region and source != one.source for source, region in found):
            raise EnvelopeError("tied twice", one.source)
        found[key] = found.get(key, 0) + one.som
    if len(found) > MOST_TIED + 1:
        raise EnvelopeError("tied", str(len(found)))
    return found


def money_limits(wide: Spread, local_som: IntArray, region: IntArray, envelopes: Sequence[Envelope]) -> list[Limit]:
    """Return the cuts of every year: works that keep them all can be paid from the envelopes to the som.

    Args:
        local_som: Shape (rows of the spread,): what local budgets may pay of each. ``region``: of each row.
    """
    found = []
    years = years_of(envelopes)
    for at, (year, total) in enumerate(zip(years, money_of(envelopes, years).tolist(), strict=True)):
        cost = np.where(wide.year == at, wide.offers.cost_som, 0)
        limited = limited_of(envelopes, year)
        for count in range(len(limited) + 1):
            for sources in combinations(limited, count):
                weight = cost.copy()
                for source, tied in sources:
                    weight -= np.where(cost > 0, _payable(source, tied, cost, local_som, region), 0)
                left = total - sum(limited[one] for one in sources)
                found.append(Limit(":".join(["money", str(year), *(source for source, _ in sources)]), weight, 0, left))
    return found


def _payable(source: str, tied: int | None, cost: IntArray, local_som: IntArray, region: IntArray) -> IntArray:
    return local_som if source == LOCAL else np.where(region == tied, cost - local_som, 0)


def pay(
    rows: Sequence[int], cost_som: IntArray, local_som: IntArray, region: IntArray, year: IntArray,
    envelopes: Sequence[Envelope],
) -> list[Payment]:  # fmt: skip
    """Return who pays what of each chosen row, in the order of ``rows``; the sums are the costs, to the som.

    Limited sources pay all that they can, in that order; the others follow in the order of ``SOURCES``.

    Args:
        rows: Positions of the chosen rows. The arrays hold an entry for each row; ``year`` is a calendar year.

    Raises:
        EnvelopeError: The works cannot be paid: they break a cut.
    """
    paid: list[Payment] = []
    for now in years_of(envelopes):
        limited = limited_of(envelopes, now)
        left = dict.fromkeys(SOURCES, 0)
        for one in envelopes:
            if one.year == now and one.source != LOCAL and one.region is None:
                left[one.source] += one.som
        for row in rows:
            if int(year[row]) != now:
                continue
            open_som = int(cost_som[row])
            own, rest = int(local_som[row]), int(cost_som[row] - local_som[row])
            shares: dict[str, int] = {}
            for (source, tied), som in limited.items():
                most = own if source == LOCAL else rest if tied == int(region[row]) else 0
                shares[source] = shares.get(source, 0) + min(most, som)
                limited[source, tied] = som - min(most, som)
                open_som -= min(most, som)
            for source in SOURCES:
                part = min(open_som, left[source])
                shares[source] = shares.get(source, 0) + part
                left[source] -= part
                open_som -= part
            if open_som:
                raise EnvelopeError("unpaid", str(open_som))
            paid += [Payment(row, source, now, shares[source]) for source in SOURCES if shares.get(source)]
    return paid
