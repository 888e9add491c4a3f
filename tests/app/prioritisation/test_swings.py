"""The largest swings of a school and the sums by status, on numbers worked out by hand."""

import numpy as np
import pytest

from app.prioritisation.swings import Swing, largest, ledger, width

POINTS = np.array([50.0, 20.0])
RANKS = np.array([1, 2])


def swing(name, low, high, status="proposal"):
    return Swing(name, status, 0.0, 1.0, np.array(low), np.array(high), RANKS, RANKS)


A = swing("a", [45.0, 20.0], [52.0, 20.0])
B = swing("b", [51.0, 20.0], [53.0, 26.0])
C = swing("c", [50.0, 12.0], [50.0, 20.001], "missing")


def test_a_width_holds_both_ends_and_now():
    assert width(A, POINTS) == pytest.approx([7.0, 0.0])
    assert width(B, POINTS) == pytest.approx([3.0, 6.0]), "both ends above: from now to the highest"


def test_the_largest_come_first_and_what_moves_nothing_is_not_told():
    found = [(one.school, one.place, "abc"[one.swing]) for one in largest([A, B, C], POINTS)]

    assert found == [(0, 1, "a"), (0, 2, "b"), (1, 1, "c"), (1, 2, "b")]
    assert largest([], POINTS) == []


def test_the_ledger_adds_what_values_of_a_status_pull_apart_and_stays_within_0_and_100():
    found = ledger([A, B, C, swing("d", [-90.0, 20.0], [50.0, 20.0], "recalled")], POINTS)

    assert found["proposal"][0] == pytest.approx([45.0, 20.0])
    assert found["proposal"][1] == pytest.approx([55.0, 26.0]), "2 by a and 3 by b; 6 by b"
    assert found["missing"][0] == pytest.approx([50.0, 12.0])
    assert found["recalled"][0] == pytest.approx([0.0, 20.0])
