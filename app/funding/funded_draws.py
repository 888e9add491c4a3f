"""How often a school gets money while costs and benefits are drawn: P(funded), by the fast preview (method 8).

Arithmetic only: whoever calls draws, and solves each draw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from app.funding.errors import FundingError
from app.funding.portfolio import BoolArray, FloatArray, IntArray, Offers


class Funded(NamedTuple):
    """``share``: of the solved draws in which each school gets a bundle; NaN where nothing can be bought for it.

    ``kept``: of those, the share in which it gets the bundle that it has in the plan; NaN where it has none there.
    ``refused``: draws in which the rules of the plan could not be kept at all.
    """

    share: FloatArray
    kept: FloatArray
    solved: int
    refused: int


def probability_of_money(offers: Offers, planned: IntArray, draws: Iterable[Callable[[], IntArray]]) -> Funded:
    """Return how often each school is funded.

    Args:
        offers: Of the plan that stands; each draw has the same rows. ``planned``: rows of that plan.
        draws: Solves one draw and returns the rows of its offers that are bought, one a school at most; raises
            FundingError where the rules cannot be kept.
    """
    count, kept = np.zeros(offers.schools, dtype=np.int64), np.zeros(offers.schools, dtype=np.int64)
    in_plan = np.full(offers.schools, -1, dtype=np.int64)
    in_plan[offers.school[planned]] = planned
    solved = refused = 0
    for solve in draws:
        try:
            rows = solve()
        except FundingError:
            refused += 1
            continue
        solved += 1
        school = offers.school[rows]
        count[school] += 1
        kept[school[in_plan[school] == rows]] += 1
    has_offer: BoolArray = np.bincount(offers.school, minlength=offers.schools) > 0
    total = solved or np.nan
    return Funded(
        np.where(has_offer, count / total, np.nan), np.where(in_plan >= 0, kept / total, np.nan), solved, refused
    )
