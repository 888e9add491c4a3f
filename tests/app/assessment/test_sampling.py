"""The stratified sample of schools for a second rater."""

from __future__ import annotations

from collections import Counter

import pytest

from app.assessment.errors import InvalidSampleError
from app.assessment.sampling import Candidate, draw_sample


def schools(**sizes):
    return [Candidate(f"{rayon}{number:03}", (rayon, "D")) for rayon, size in sizes.items() for number in range(size)]


def strata(codes):
    return Counter(code[0] for code in codes)


def test_every_stratum_has_its_share_and_the_smallest_one_school():
    drawn = draw_sample(schools(A=700, B=250, C=49, D=1), 100, seed=7)

    assert len(drawn) == len(set(drawn)) == 100
    found = strata(drawn)
    assert found["D"] == 1
    assert found["A"] == pytest.approx(70, abs=2)
    assert found["B"] == pytest.approx(25, abs=2)


def test_the_same_seed_draws_the_same_schools_in_whatever_order_they_come():
    listed = schools(A=40, B=30)

    assert draw_sample(listed, 12, seed=3) == draw_sample(reversed(listed), 12, seed=3)
    assert draw_sample(listed, 12, seed=3) != draw_sample(listed, 12, seed=4)


def test_a_new_school_in_one_stratum_leaves_the_others_alone():
    before = draw_sample(schools(A=40, B=40), 10, seed=1)
    after = draw_sample(schools(A=40, B=41), 10, seed=1)

    assert [code for code in before if code.startswith("A")] == [code for code in after if code.startswith("A")]


def test_a_sample_larger_than_the_list_is_the_list():
    listed = schools(A=3, B=2)

    assert draw_sample(listed, 50, seed=1) == sorted(one.code for one in listed)


def test_fewer_places_than_strata_go_to_the_largest_strata():
    assert strata(draw_sample(schools(A=9, B=5, C=2), 2, seed=1)) == {"A": 1, "B": 1}


def test_a_sample_of_none_is_refused():
    with pytest.raises(InvalidSampleError):
        draw_sample(schools(A=1), 0, seed=1)


def test_without_schools_nothing_is_drawn():
    assert draw_sample([], 5, seed=1) == []
