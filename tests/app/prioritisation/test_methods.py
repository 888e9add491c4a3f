"""Three published methods: who stands first by each, what is unknown, and how ties are broken."""

from __future__ import annotations

import numpy as np
import pytest

from app.assessment.grades import GRADE_A, GRADE_C, GRADE_D, GRADE_E, NO_GRADE
from app.prioritisation.methods import UNRANKED, best_benefit_cost, best_of_offers, compare_methods, rank_known

UNKNOWN = np.nan


def test_safety_first_goes_from_e_to_a_and_leaves_no_ungraded_school_behind_a_conforming_one():
    grade = np.array([GRADE_A, NO_GRADE, GRADE_E, GRADE_D, GRADE_C, GRADE_E])
    risk = np.array([9e-5, 5e-5, 1e-5, 5e-5, 5e-5, 2e-5])
    nothing = np.full(6, UNKNOWN)

    found = compare_methods(grade, nothing, nothing, nothing, risk, nothing)

    assert found.safety_rank.tolist() == [6, 4, 2, 3, 5, 1]
    assert found.gap_rank.tolist() == [UNRANKED] * 6


def test_the_gap_is_points_times_pupils_and_unknown_stands_nowhere():
    index, pupils = np.array([40.0, 90.0, UNKNOWN, 70.0]), np.array([100.0, 900.0, 500.0, 200.0])
    risk = np.array([1e-5, 2e-5, 3e-5, 1e-5])
    none = np.zeros(4)

    found = compare_methods(np.zeros(4, dtype=int), index, pupils, none, risk, none)

    assert found.gap_points[[0, 1, 3]].tolist() == [6000.0, 9000.0, 6000.0]
    assert found.gap_rank.tolist() == [2, 1, UNRANKED, 3]


def test_ties_stand_by_risk_to_life_then_people_then_code():
    same = np.ones(4)

    ranks = rank_known(same, np.array([1e-5, 2e-5, 2e-5, 1e-5]), np.array([0.1, 0.1, 0.2, 0.1]))

    assert ranks.tolist() == [3, 2, 1, 4]


def test_the_best_measure_gives_the_ratio_and_a_measure_without_cost_gives_none():
    # two measures: (200 + 1000 x 1) / 4000 = 0.3 and (100 + 1000 x 2) / 3000 = 0.7; the second school knows one cost
    ratio, which = best_benefit_cost(
        np.array([[200.0, 100.0], [200.0, 100.0], [200.0, 100.0]]),
        np.array([[1.0, 2.0], [1.0, 2.0], [1.0, UNKNOWN]]),
        np.array([[4000.0, 3000.0], [4000.0, UNKNOWN], [UNKNOWN, 3000.0]]),
        1000.0,
    )

    assert ratio[:2] == pytest.approx([0.7, 0.3])
    assert np.isnan(ratio[2])
    assert which.tolist() == [1, 0, -1]


def test_the_best_offer_gives_the_ratio_and_only_what_is_offered_at_a_known_cost_counts():
    # b/c of three bundles at three schools; the dear one is the best where the cheap one is not offered
    benefit = np.array([[0.002, 0.002, UNKNOWN], [0.012, 0.012, UNKNOWN], [0.5, 0.5, 0.5]])
    cost = np.array([[1e6, 1e6, 1e6], [8e6, 8e6, 8e6], [1e6, UNKNOWN, UNKNOWN]])
    is_offered = np.array([[True, False, True], [True, True, True], [False, True, True]])

    ratio, which = best_of_offers(benefit, cost, is_offered)

    assert ratio[:2] == pytest.approx([2e-9, 1.5e-9])
    assert np.isnan(ratio[2]), "no cost, or nothing known of the benefit"
    assert which.tolist() == [0, 1, -1]
