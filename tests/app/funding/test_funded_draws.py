"""P(funded): how often each school is bought in the draws, counted by hand."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from app.funding.errors import InfeasibleError
from app.funding.funded_draws import probability_of_money
from app.funding.portfolio import Offers, open_rules
from app.funding.preview import preview

BUDGET = 10


def offers(cost, benefit):
    """Schools 0 and 1 with one bundle each, school 2 with two, school 3 with none."""
    return Offers(np.array([0, 1, 2, 2]), np.array(cost), np.array(benefit, dtype=float), np.ones(4, dtype=bool), 4)


def solve(cost, benefit):
    return preview(offers(cost, benefit), open_rules(BUDGET, 4)).plan.chosen


def refuse():
    raise InfeasibleError(("floors",))


def test_shares_are_those_counted_by_hand():
    draws = [
        partial(solve, [10, 10, 99, 99], [2, 1, 9, 9]),  # one of the first two fits: the better, school 0
        partial(solve, [10, 10, 99, 99], [1, 3, 9, 9]),  # school 1
        partial(solve, [20, 10, 99, 99], [5, 1, 9, 9]),  # school 0 is too dear now: school 1
        partial(solve, [10, 10, 4, 9], [1, 1, 3, 8]),  # school 2, with its second bundle: 8 for 9
        refuse,
    ]

    found = probability_of_money(offers([10, 10, 9, 10], [1, 1, 1, 1]), np.array([1, 2]), draws)

    assert (found.solved, found.refused) == (4, 1)
    assert found.share[:3] == pytest.approx([1 / 4, 2 / 4, 1 / 4])
    assert np.isnan(found.share[3]), "nothing can be bought there: unknown, not never"
    assert found.kept[1:3] == pytest.approx([2 / 4, 0.0]), "school 2 gets money once, with another bundle"
    assert np.isnan(found.kept[[0, 3]]).all()


def test_without_a_solved_draw_nothing_is_known():
    found = probability_of_money(offers([10, 10, 9, 10], [1, 1, 1, 1]), np.array([1]), [refuse])

    assert (found.solved, found.refused) == (0, 1)
    assert np.isnan(found.share).all()
