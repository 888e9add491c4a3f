"""On what a total rests: shares by finite difference, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from app.funding.provenance import Moved, item_shares, shares_by_status, total_move, total_shares

BASE = np.array([6.0, 4.0])


def test_a_total_moves_by_the_farthest_of_its_ends_and_what_cancels_cancels():
    # Low: 5 + 4 = 9, one less. Middle: 6 + 4. High: 9 + 5 = 14, four more of ten.
    both = Moved("k", "proposal", np.array([[5.0, 4.0], [6.0, 4.0], [9.0, 5.0]]))
    exchange = Moved("weight", "proposal", np.array([[8.0, 2.0], [4.0, 6.0]]))

    assert total_move(BASE, both) == pytest.approx(4.0)
    assert total_move(BASE, exchange) == pytest.approx(0.0), "the total does not depend on it"
    assert total_shares(BASE, [both, exchange]) == pytest.approx([0.4, 0.0])
    # Items: 6 moves by 3 and by 2, 4 by 1 and by 2.
    assert item_shares(BASE, [both, exchange])["proposal"] == pytest.approx([5 / 6, 3 / 4])


def test_facts_of_schools_move_apart_so_that_nothing_cancels():
    facts = Moved("missing", "missing", np.array([[8.0, 2.0], [4.0, 6.0]]))

    assert total_move(BASE, facts) == pytest.approx(4.0)


def test_movements_of_a_status_are_added_and_end_at_the_whole():
    third = Moved("a", "proposal", np.array([[4.0, 2.0]]))
    most = Moved("b", "proposal", np.array([[0.5, 1.5]]))
    other = Moved("c", "recalled", np.array([[6.0, 3.5]]))

    assert shares_by_status(BASE, [third, most, other]) == pytest.approx({"proposal": 1.0, "recalled": 0.05})
    assert shares_by_status(BASE, [third, other]) == pytest.approx({"proposal": 0.4, "recalled": 0.05})


def test_of_nothing_no_share_is_known_and_an_unknown_value_moves_nothing():
    nothing = np.array([0.0, 4.0])
    moved = Moved("a", "proposal", np.array([[1.0, np.nan]]))

    assert total_move(nothing, moved) == pytest.approx(1.0)
    assert np.isnan(item_shares(nothing, [moved])["proposal"][0])
    assert item_shares(nothing, [moved])["proposal"][1] == 0.0
    assert np.isnan(shares_by_status(np.zeros(2), [moved])["proposal"])
