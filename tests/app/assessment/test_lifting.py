"""The smallest set of criteria that lifts a grade; the working stands beside each number."""

import numpy as np
import pytest

from app.assessment.answers import FAILS, MEETS, MISSING, NOT_APPLICABLE, PARTLY
from app.assessment.grades import GRADES, Cuts
from app.assessment.lifting import find_lift, grades_of
from app.assessment.standard import Standard

WEIGHTS = np.array([5.0, 4.0, 3.0, 2.0, 1.0])
STANDARD = Standard(
    codes=("F", "A", "B", "C", "D"),
    weight=WEIGHTS,
    cap=np.array([25.0, np.nan, np.nan, np.nan, np.nan]),
    domain=("X",) * 5,
    group=("physical",) * 5,
)


def lift(*codes, trust=1.0):
    row = np.array(codes, dtype=np.int8)
    return find_lift(0, row, np.full(5, trust == 1.0), STANDARD, Cuts(), 0.5, trust)


def test_a_failed_red_flag_comes_first_whatever_weighs_more():
    # F alone met: 15 of 15 less D, B, C, A failed -> 5/15 = 33 < 40: D. With the flag failed it is E.
    found = lift(FAILS, FAILS, FAILS, FAILS, FAILS)

    assert (found.criteria, GRADES[found.grade]) == ((0,), "D")


def test_the_fewest_and_heaviest_lift_a_grade():
    # F met 5, A B fail 7, C D met 3: 8/15 = 53, C. With A met 12/15 = 80: A; with B alone 11/15 = 73 would be B.
    found = lift(MEETS, FAILS, FAILS, MEETS, MEETS)

    assert (found.criteria, GRADES[found.grade]) == ((1,), "A")


def test_partly_and_missing_count_for_what_they_add():
    # F met 5; A partly 2 of 4; B fails 3; C, D fail. 7/15 = 47: C. B adds 3, A and C add 2. B: 10/15 = 67: B.
    found = lift(MEETS, PARTLY, FAILS, FAILS, FAILS)

    assert (found.criteria, GRADES[found.grade]) == ((2,), "B")


def test_the_best_grade_and_what_does_not_apply_need_nothing():
    assert lift(MEETS, MEETS, MEETS, MEETS, NOT_APPLICABLE) is None
    assert lift(*(NOT_APPLICABLE,) * 5) is None


def test_an_unassessed_building_has_a_way_to_a_grade():
    # Nothing known: central 50 with bounds 0 and 25 (missing flag) .. 100, completeness 0: no grade.
    found = lift(*(MISSING,) * 5)

    assert found is not None
    assert GRADES[found.grade] in ("A", "B")


@pytest.mark.parametrize("trust", [1.0, 0.8])
def test_no_smaller_set_reaches_as_much(trust):
    """Against every set of criteria of a size less: none of them lifts the grade."""
    from itertools import combinations

    rng = np.random.default_rng(7)
    for _ in range(60):
        codes = rng.choice([FAILS, PARTLY, MEETS], 5).astype(np.int8)
        verified = np.full(5, trust == 1.0)
        now = grades_of(codes[None], verified[None], STANDARD, Cuts(), 0.5, trust)[0]
        found = lift(*codes, trust=trust)
        open_ones = [at for at in range(5) if codes[at] != MEETS]
        smaller = len(found.criteria) - 1 if found else len(open_ones)
        for chosen in combinations(open_ones, smaller):
            tried = codes.copy()
            tried[list(chosen)] = MEETS
            assert grades_of(tried[None], verified[None], STANDARD, Cuts(), 0.5, trust)[0] >= now
