"""Schools around the cut: wins, central weights and confidence counted by hand, and known exact shares (SMAA)."""

from __future__ import annotations

import numpy as np
import pytest

from app.prioritisation.rivals import CutSums, near_cut, places_of
from app.prioritisation.stability import draw_weights, ranks_of


def sums_of(values, weights, near, top):
    """Return what is added up of fixed ``values`` (schools, factors) under ``weights`` (draws, factors)."""
    found = CutSums(np.array(near), top, values.shape[1])
    scores = weights @ values.T
    found.add(scores, ranks_of(scores), weights)
    return found


def test_wins_and_central_weights_are_those_counted_by_hand():
    values = np.array([[1.0, 0.0], [0.0, 1.0], [0.4, 0.4]])
    weights = np.array([[0.9, 0.1], [0.7, 0.3], [0.5, 0.5], [0.2, 0.8]])
    # Scores by draw: 0.9 0.1 0.4 | 0.7 0.3 0.4 | 0.5 0.5 0.4 (a tie: the earlier row first) | 0.2 0.8 0.4
    # Ranks by draw: 1 3 2 | 1 3 2 | 1 2 3 | 3 1 2

    found = sums_of(values, weights, [0, 1, 2], 2).summary()

    assert found.wins == pytest.approx(np.array([[0, 3, 3], [1, 0, 2], [1, 2, 0]]) / 4)
    assert found.first_draws.tolist() == [3, 1, 0]
    assert found.first_weights[0] == pytest.approx([(0.9 + 0.7 + 0.5) / 3, (0.1 + 0.3 + 0.5) / 3])
    assert found.first_weights[1] == pytest.approx([0.2, 0.8])
    assert np.isnan(found.first_weights[2]).all(), "no draw puts it first: unknown weights, not zero"
    assert found.top_draws.tolist() == [3, 2, 3]
    assert found.top_weights[1] == pytest.approx([(0.5 + 0.2) / 2, (0.5 + 0.8) / 2])
    assert found.mean_weights == pytest.approx([2.3 / 4, 1.7 / 4])


def test_confidence_is_the_share_of_facts_that_leave_it_there_under_its_own_weights():
    values = np.array([[1.0, 0.0], [0.0, 1.0]])
    found = sums_of(values, np.array([[0.8, 0.2], [0.6, 0.4], [0.1, 0.9]]), [0, 1], 1)
    # Central weights of the first place: school 0 (0.7, 0.3), school 1 (0.1, 0.9).
    facts = np.array([
        [[1.0, 0.0], [0.2, 0.9], [0.5, 0.4], [0.0, 1.0]],  # first factor: draws by schools
        [[0.0, 1.0], [0.9, 0.1], [0.4, 0.5], [0.0, 0.0]],  # second factor
    ])  # fmt: skip
    # School 0 under (0.7, 0.3): 0.7>0.3 yes; 0.41<0.66 no; 0.47>0.43 yes; 0<0.7 no. School 1 under (0.1, 0.9):
    # 0.9>0.1 yes; 0.18<0.83 no; 0.49>0.41 yes; 0.1>0 yes.

    found.add_facts(facts)

    assert found.summary().confidence == pytest.approx([2 / 4, 3 / 4])


def test_uniform_weights_of_two_equal_rivals_give_the_exact_central_weights():
    """Weights uniform on the simplex of two parts: each rival is first in half of it, its central weight is 3/4."""
    rng = np.random.default_rng(1)
    weights = draw_weights(rng, 40_000, np.zeros(2), np.ones(2))

    found = sums_of(np.eye(2), weights, [0, 1], 1).summary()

    assert found.wins[0, 1] == pytest.approx(0.5, abs=0.01)
    assert found.first_weights == pytest.approx(np.array([[0.75, 0.25], [0.25, 0.75]]), abs=0.005)


def test_the_place_of_one_school_is_its_rank_with_ties_by_row():
    scores = np.random.default_rng(2).integers(0, 4, (50, 9)).astype(float)
    ranks = ranks_of(scores)

    for school in range(9):
        assert places_of(scores, school).tolist() == ranks[:, school].tolist()


@pytest.mark.parametrize(("top", "wanted"), [(3, [2, 3, 4, 5]), (1, [1, 2, 3]), (6, [5, 6])])
def test_as_many_within_the_cut_as_beyond_where_there_are_so_many(top, wanted):
    national = np.array([4, 2, 6, 1, 3, 5])

    found = near_cut(national, top, 2)

    assert national[found].tolist() == wanted
