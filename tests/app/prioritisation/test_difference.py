"""Reality, rule or data: what moved a school between two lists, on numbers worked out by hand."""

import numpy as np
import pytest

from app.prioritisation.difference import (
    REASONS,
    ListParts,
    SchoolsDifferError,
    exchange_in_turn,
    split_difference,
    split_evenly,
    under_weights,
)

OLD_WEIGHTS, NEW_WEIGHTS = np.array([0.6, 0.4]), np.array([0.5, 0.5])


def parts(values, weights, rank, known=None):
    values = np.array(values, dtype=float)
    known = np.ones(values.shape, bool) if known is None else np.array(known)
    return ListParts(np.array(rank), 100 * values * weights, known)


def split(old, new, ruled=None, whole=(True, True), moved=None, later=None):
    none = np.zeros(old.contribution.shape, bool)
    return split_difference(
        old,
        new,
        old.contribution if ruled is None else ruled,
        np.array(whole),
        none if moved is None else np.array(moved),
        none if later is None else np.array(later),
    )


def reasons(found):
    return [REASONS[number] for number in found.reason]


def test_other_weights_on_the_same_facts_are_the_rule_alone():
    old = parts([[0.5, 0.2], [0.1, 0.9]], OLD_WEIGHTS, [1, 2])
    new = parts([[0.5, 0.2], [0.1, 0.9]], NEW_WEIGHTS, [2, 1])
    found = split(old, new, under_weights(old.contribution, OLD_WEIGHTS, NEW_WEIGHTS))

    # 100 x (0.5 x -0.1 + 0.2 x 0.1) = -3; 100 x (0.1 x -0.1 + 0.9 x 0.1) = 8
    assert found.rule == pytest.approx([-3, 8])
    assert [found.data.tolist(), found.reality.tolist(), found.undivided.tolist()] == [[0, 0]] * 3
    assert reasons(found) == ["rule", "rule"]


def test_a_known_value_by_later_evidence_is_reality_and_by_older_evidence_knowledge():
    old = parts([[0.5, 0.2], [0.5, 0.2], [0.5, 0.2]], OLD_WEIGHTS, [1, 2, 3])
    known = [[True, True], [True, True], [False, True]]
    old = old._replace(known=np.array(known))
    new = parts([[0.7, 0.2], [0.7, 0.2], [0.7, 0.2]], OLD_WEIGHTS, [1, 2, 3])
    later = [[True, False], [False, False], [True, False]]
    found = split(old, new, moved=later, later=later)

    assert found.reality == pytest.approx([12, 0, 0])
    assert found.data == pytest.approx([0, 12, 12]), "what was unknown before is knowledge, whatever its day"
    assert reasons(found) == ["reality", "data", "data"]
    assert found.factor.tolist() == [0, 0, 0]


def test_rule_and_facts_that_moved_together_are_given_to_neither():
    old = parts([[0.5, 0.2], [0.5, 0.2]], OLD_WEIGHTS, [1, 2])
    new = parts([[0.7, 0.2], [0.7, 0.2]], OLD_WEIGHTS, [1, 2])
    moved = [[True, False], [False, False]]
    found = split(old, new, whole=(False, False), moved=moved, later=moved)

    assert found.undivided == pytest.approx([12, 0])
    assert found.rule == pytest.approx([0, 12]), "no fact was touched, so that the rule did it"


def test_who_comes_goes_stays_or_is_only_passed_by():
    old = parts([[0.5, 0.2]] * 4, OLD_WEIGHTS, [0, 1, 2, 3])
    new = parts([[0.5, 0.2]] * 4, OLD_WEIGHTS, [1, 0, 2, 4])
    gone = np.full(2, np.nan)
    old.contribution[0], new.contribution[1] = gone, gone
    found = split(old, new)

    assert reasons(found) == ["new", "left", "same", "others"]
    assert np.isnan(found.rule[:2]).all()
    assert found.factor.tolist() == [-1] * 4


def test_parts_sum_to_the_whole_movement():
    rng = np.random.default_rng(7)
    old, new = (parts(rng.random((50, 2)), weights, rng.permutation(50) + 1) for weights in (OLD_WEIGHTS, NEW_WEIGHTS))
    ruled = under_weights(old.contribution, OLD_WEIGHTS, NEW_WEIGHTS)
    found = split(old, new, ruled, (True, False), rng.random((50, 2)) < 0.5, rng.random((50, 2)) < 0.5)

    whole = new.contribution.sum(axis=1) - old.contribution.sum(axis=1)
    assert found.rule + found.data + found.reality + found.undivided == pytest.approx(whole)


def test_groups_are_exchanged_in_the_order_that_is_stated():
    def score(inputs):
        return np.array([inputs["a"] * inputs["b"]])

    old, new = {"a": 2.0, "b": 3.0}, {"a": 5.0, "b": 7.0}

    assert {name: part[0] for name, part in exchange_in_turn(score, old, new, ("a", "b")).items()} == {"a": 9, "b": 20}
    assert {name: part[0] for name, part in exchange_in_turn(score, old, new, ("b", "a")).items()} == {"b": 8, "a": 21}


def test_the_mean_over_all_orders_gives_equal_parts_of_what_moves_together():
    old, new = {"a": 2.0, "b": 3.0}, {"a": 5.0, "b": 7.0}

    def score(exchanged):
        inputs = {name: (new if name in exchanged else old)[name] for name in old}
        return np.array([inputs["a"] * inputs["b"]])

    # a first: 3 x 3 = 9, last: 3 x 7 = 21, mean 15; b first: 2 x 4 = 8, last: 5 x 4 = 20, mean 14; together 29
    assert {name: part[0] for name, part in split_evenly(score, ("a", "b")).items()} == {"a": 15, "b": 14}


@pytest.mark.parametrize("groups", [1, 2, 3, 4])
def test_parts_of_any_number_of_groups_sum_to_the_whole_and_no_order_is_preferred(groups):
    rng = np.random.default_rng(groups)
    names = [f"g{number}" for number in range(groups)]
    table = {}

    def score(exchanged):
        return table.setdefault(exchanged, rng.random(30))

    parts = split_evenly(score, names)
    other = split_evenly(score, names[::-1])

    assert sum(parts.values()) == pytest.approx(table[frozenset(names)] - table[frozenset()])
    assert all(parts[name] == pytest.approx(other[name]) for name in names)
    assert len(table) == 2**groups, "each mixture is ranked once"


def test_what_did_not_move_is_zero_without_a_sign():
    old = parts([[0.1, 0.7], [0.3, 0.9]], OLD_WEIGHTS, [1, 2])
    found = split(old, old, under_weights(old.contribution, OLD_WEIGHTS, OLD_WEIGHTS.copy()))

    assert [str(part) for part in found.rule] == ["0.0", "0.0"]
    assert not np.signbit(found.data).any()


def test_lists_of_other_schools_are_refused():
    with pytest.raises(SchoolsDifferError):
        split(parts([[0.1, 0.2]], OLD_WEIGHTS, [1]), parts([[0.1, 0.2]] * 2, OLD_WEIGHTS, [1, 2]))
