"""Weights one at a time up and down: whole thousandths within bounds, and who stays among the first."""

from __future__ import annotations

import numpy as np
import pytest

from app.prioritisation.errors import InvalidSchemeError
from app.prioritisation.scheme import load_scheme, weight_bounds
from app.prioritisation.weight_steps import MOVES, STANDINGS, move_weights, moved_weights, units_of
from app.prioritisation.weights import Bounds

WIDE = Bounds(("C1", "C2"), (0, 0), (1000, 1000))
NO_RISK = np.zeros(3)


def standings(found):
    return [STANDINGS[number] for number in found.standing]


def test_a_weight_moves_by_its_share_and_the_others_keep_their_proportions():
    bounds = Bounds(("C1", "C2", "C3"), (0, 0, 0), (1000, 1000, 1000))

    found = moved_weights([500, 300, 200], bounds, 0.2)

    assert list(found) == ["C1-", "C1+", "C2-", "C2+", "C3-", "C3+"]
    assert found["C1-"] == [400, 360, 240]  # 600 left, as 3 to 2
    assert found["C1+"] == [600, 240, 160]
    assert found["C3+"] == [475, 285, 240]  # 760 left, as 5 to 3


def test_a_bound_that_is_nearer_stops_the_weight_and_what_it_cannot_give_the_others_give():
    bounds = Bounds(("C1", "C2", "C3"), (450, 0, 180), (550, 1000, 220))

    found = moved_weights([500, 300, 200], bounds, 0.2)

    assert found["C1-"] == [450, 330, 220]
    assert found["C2+"] == [457, 360, 183]
    assert all(sum(units) == 1000 for units in found.values())


def test_every_move_of_the_shipped_scheme_stays_within_its_bounds():
    scheme = load_scheme("default")
    low, high = (tuple(round(1000 * value) for value in bound) for bound in weight_bounds(scheme))
    units = units_of(scheme.weight_array)

    moved = moved_weights(units, Bounds(scheme.factors, low, high), 0.2)

    assert list(moved) == [move for move in MOVES if move[:-1] in scheme.factors]
    for name, weights in moved.items():
        place = scheme.factors.index(name[:-1])
        wanted = units[place] * (0.8 if name.endswith("-") else 1.2)
        assert weights[place] == pytest.approx(min(max(wanted, low[place]), high[place]), abs=1)
        assert sum(weights) == 1000
        assert all(least <= value <= most for value, least, most in zip(weights, low, high, strict=True))


def test_who_stays_falls_enters_and_remains_outside():
    # points at 500/500: 90, 55, 52, 10. At C1 600 the second has 57 and the third 49.6; at C1 400 it is 53 and 54.4.
    values = np.array([[0.9, 0.9], [0.65, 0.45], [0.40, 0.64], [0.1, 0.1]])
    ranks = np.array([1, 2, 3, 4])

    found = move_weights(values, [500, 500], WIDE, 0.2, ranks, 2, 0.5, np.zeros(4), np.zeros(4))

    assert standings(found) == ["stays", "falls", "enters", "outside"]
    assert [found.moves[column] for column in np.flatnonzero(found.changes[1])] == ["C1-", "C2+"]
    assert [found.moves[column] for column in np.flatnonzero(found.changes[2])] == ["C1-", "C2+"]


def test_an_unknown_value_counts_as_in_the_ranking():
    # 0.5 for what is unknown: 50 points however the weights stand, above the second in every move
    values = np.array([[np.nan, np.nan], [0.4, 0.55], [0.1, 0.1]])

    found = move_weights(values, [500, 500], WIDE, 0.2, np.array([1, 2, 3]), 1, 0.5, NO_RISK, NO_RISK)

    assert standings(found) == ["stays", "outside", "outside"]


def test_the_whole_list_is_the_first_n_of_itself():
    found = move_weights(np.eye(3)[:, :2], [500, 500], WIDE, 0.2, np.array([1, 2, 3]), 3, 0.5, NO_RISK, NO_RISK)

    assert standings(found) == ["stays"] * 3


def test_weights_of_three_thirds_are_thousandths_that_sum_to_one():
    assert sorted(units_of(np.full(3, 1 / 3))) == [333, 333, 334]


def test_bounds_that_leave_no_weights_are_refused():
    with pytest.raises(InvalidSchemeError):
        moved_weights([500, 500], Bounds(("C1", "C2"), (600, 600), (700, 700)), 0.2)
