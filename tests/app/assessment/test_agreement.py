"""A school's own answers against a second rater's."""

from __future__ import annotations

import numpy as np
import pytest

from app.assessment.agreement import compare_raters
from app.assessment.answers import FAILS, MEETS, MISSING, NOT_APPLICABLE, PARTLY

WEIGHT = np.array([4.0, 2.0, 1.0, 0.0])


def compare(own, other, school=(0,), share=(1.0,), schools=1):
    return compare_raters(
        np.array(own, dtype=np.int8), np.array(other, dtype=np.int8), WEIGHT, np.array(school), np.array(share), schools
    )


def test_a_school_that_flatters_itself_has_a_positive_gap():
    found = compare([[MEETS, MEETS, PARTLY, MEETS]], [[FAILS, MEETS, PARTLY, MEETS]])

    assert found.compared[0] == 4
    assert found.equal_share[0] == pytest.approx(0.75)
    assert found.index_gap[0] == pytest.approx(100 * 4 / 7)  # by hand: 4 of the 7 weights, full against nothing


def test_what_only_one_of_them_answered_is_not_compared():
    found = compare([[MEETS, MISSING, MEETS, MISSING]], [[MEETS, MEETS, MISSING, MISSING]])

    assert (found.compared[0], found.equal_share[0], found.index_gap[0]) == (1, 1.0, 0.0)


def test_nothing_compared_is_unknown_and_never_agreement():
    found = compare([[MEETS, MISSING, MISSING, MISSING]], [[MISSING, MEETS, MISSING, MISSING]])

    assert found.compared[0] == 0
    assert np.isnan(found.equal_share[0])
    assert np.isnan(found.index_gap[0])


def test_not_applicable_is_compared_as_an_answer_but_moves_no_index():
    found = compare([[NOT_APPLICABLE, MEETS, MISSING, MISSING]], [[MEETS, FAILS, MISSING, MISSING]])

    assert found.equal_share[0] == 0
    assert found.index_gap[0] == 100


def test_buildings_count_by_their_pupils_and_a_criterion_once():
    own = [[MEETS, MEETS, MEETS, MEETS]] * 2
    other = [[MEETS] * 4, [FAILS] * 4]
    found = compare(own, other, school=(0, 0), share=(0.75, 0.25))

    assert found.compared[0] == 4
    assert found.equal_share[0] == pytest.approx(0.75)
    assert found.index_gap[0] == pytest.approx(25.0)
