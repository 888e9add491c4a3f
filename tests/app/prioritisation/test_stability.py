"""Rank acceptability against exact geometry, and what draws of weights may and may not do."""

from __future__ import annotations

import numpy as np
import pytest

from app.prioritisation.errors import InvalidSchemeError, TooManyDrawsError
from app.prioritisation.stability import (
    LABELS,
    LabelCuts,
    acceptability,
    draw_weights,
    holistic_acceptability,
    labels_of,
    probability_of_top,
    rank_interval,
    ranks_of,
    room_for_ranks,
    top_count,
)
from tests.support import golden

CASES = golden.load("H_smaa_exact")["cases"]


def simplex(factors, draws, seed=1):
    return draw_weights(np.random.default_rng(seed), draws, np.zeros(factors), np.ones(factors))


@pytest.mark.parametrize("case", CASES, ids=["three schools", "four schools", "five schools"])
def test_acceptability_equals_exact_geometry(case):
    values, expected = np.array(case["input"]["value_matrix"]), case["expected"]

    found = acceptability(values, simplex(values.shape[1], 40_000))

    assert found.rank_acceptability == pytest.approx(np.array(expected["rank_acceptability"]), abs=0.01)
    assert found.pairwise_winning == pytest.approx(np.array(expected["pairwise_winning"]), abs=0.01)
    assert found.rank_acceptability[:, :2].sum(axis=1) == pytest.approx(expected["p_top2"], abs=0.01)
    assert holistic_acceptability(found.rank_acceptability) == pytest.approx(
        expected["holistic_acceptability"], abs=0.01
    )
    for mine, known in zip(found.central_weights, expected["central_weights"], strict=True):
        if known is None:
            assert np.isnan(mine).all()
        else:
            assert mine == pytest.approx(known, abs=0.01)


def test_weights_stay_in_their_bounds_and_sum_to_one():
    low, high = np.array([0.15, 0.05, 0.10, 0.0]), np.array([0.45, 0.25, 0.60, 0.3])
    found = draw_weights(np.random.default_rng(3), 5_000, low, high)

    assert found.shape == (5_000, 4)
    assert ((found >= low) & (found <= high)).all()
    assert found.sum(axis=1) == pytest.approx(np.ones(5_000))
    assert (found.std(axis=0) > 0.02).all()


@pytest.mark.parametrize(
    ("low", "high"),
    [
        pytest.param([0.6, 0.6], [1.0, 1.0], id="lower bounds above 1"),
        pytest.param([0.1, 0.1], [0.4, 0.4], id="upper bounds below 1"),
        pytest.param([0.5, 0.1], [0.4, 0.9], id="lower above upper"),
    ],
)
def test_bounds_without_weights_are_refused(low, high):
    with pytest.raises(InvalidSchemeError):
        draw_weights(np.random.default_rng(1), 10, np.array(low), np.array(high))


def test_a_dominated_school_is_never_first_and_never_beats_its_dominator():
    values = np.array([[0.5, 0.6, 0.2], [0.5, 0.5, 0.2], [0.1, 0.9, 0.4]])  # L21
    found = acceptability(values, simplex(3, 5_000))

    assert found.rank_acceptability[1, 0] == 0
    assert found.pairwise_winning[1, 0] == 0


def test_twice_the_draws_of_one_stream_change_little():
    values = np.random.default_rng(5).random((12, 4))  # L20
    weights = simplex(4, 20_000, seed=9)
    half, whole = (acceptability(values, part).rank_acceptability for part in (weights[:10_000], weights))

    assert (np.abs(half - whole) < 4 * np.sqrt(whole * (1 - whole) / 10_000) + 0.002).all()


def test_the_same_seed_gives_the_same_bytes():
    values = np.random.default_rng(5).random((30, 8))  # L25
    first, second = (acceptability(values, simplex(8, 2_000, seed=4)).rank_acceptability for _ in range(2))

    assert first.tobytes() == second.tobytes()


def test_ranks_are_dense_and_ties_keep_the_order_of_rows():
    assert ranks_of(np.array([[1.0, 3.0, 3.0], [2.0, 2.0, 5.0]])).tolist() == [[3, 1, 2], [2, 3, 1]]


def test_interval_and_probability_come_from_the_draws():
    ranks = np.stack([np.arange(1, 101), np.full(100, 7)], axis=1).astype(np.uint16)

    low, high = rank_interval(ranks, 0.9)

    assert (low[0], high[0]) == (5, 96)
    assert (low[1], high[1]) == (7, 7)
    assert probability_of_top(ranks, 10).tolist() == [0.1, 1.0]


def test_labels_follow_the_probability():
    found = labels_of(np.array([1.0, 0.9, 0.89, 0.5, 0.49, 0.1, 0.09, 0.0]), LabelCuts())

    words = [LABELS[number] for number in found]
    assert words == ["robust", "robust", "likely", "likely", "contested", "contested", "unlikely", "unlikely"]


def test_the_top_is_a_share_of_the_list_and_one_school_at_least():
    assert (top_count(2_209, 0.1), top_count(4, 0.1)) == (221, 1)


def test_too_many_draws_are_refused_with_how_many_fit():
    with pytest.raises(TooManyDrawsError, match="at most 800 fit"):
        room_for_ranks(150_000, 10_000)
    assert room_for_ranks(70_000, 2).dtype == np.uint32
