"""What would change a rank, on a list of five schools worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from app.prioritisation.explanation import explain_changes, rank_at, share_score, smallest_change

CODES = ("C1", "C4", "C6")
WEIGHTS = np.array([0.5, 0.3, 0.2])
OTHERS = np.array([80.0, 60.0, 40.0, 20.0])
# own score: 100 x (0.5 x 0.6 + 0.3 x 0.5 (unknown) + 0.2 x 0.25) = 30 + 15 + 5 = 50, rank 3 of 5
VALUES = np.array([0.6, np.nan, 0.25])


def changes(step: int = 1):
    return {one.code: one for one in explain_changes(CODES, VALUES, WEIGHTS, 0.5, 50.0, OTHERS, step)}


def test_a_rank_counts_who_stands_higher():
    assert [rank_at(score, OTHERS) for score in (90.0, 60.0, 50.0, 0.0)] == [1, 2, 3, 5]


def test_each_factor_at_its_anchors():
    found = changes()

    assert (found["C1"].rank_if_best, found["C1"].rank_if_worst) == (4, 2)  # 20 ties with 20: before it; 70
    assert (found["C4"].rank_if_best, found["C4"].rank_if_worst) == (4, 2)  # 35 and 65
    assert (found["C6"].rank_if_best, found["C6"].rank_if_worst) == (3, 2)  # 45 and 65


def test_the_value_that_moves_one_place():
    found = changes()

    assert found["C1"].value_up == pytest.approx(0.8)  # 10 points of 50
    assert found["C1"].value_down == pytest.approx(0.4)
    assert found["C6"].value_up == pytest.approx(0.75)
    assert found["C6"].value_down is None  # 10 points are more than it has


def test_the_first_and_the_last_cannot_move_further():
    found = changes(step=3)

    assert all(one.value_up is None and one.value_down is None for one in found.values())


def test_the_smallest_change_is_of_a_known_factor():
    found = list(changes().values())

    assert smallest_change(found, VALUES, upwards=True).code == "C1"
    assert smallest_change(found, VALUES, upwards=False).code == "C1"
    assert smallest_change(list(changes(step=3).values()), VALUES, upwards=True) is None


def test_the_shares_of_a_score_sum_to_it():
    shares = share_score(CODES, np.array([30.0, 15.0, 5.0]), np.array([True, True, True]), 0.6)

    assert shares == pytest.approx((9.0 + 5.0, 30.0, 6.0))
    nothing = share_score(CODES, np.array([25.0, 15.0, 10.0]), np.zeros(3, dtype=bool), 0.0)
    assert nothing == pytest.approx((0.0, 0.0, 50.0))
