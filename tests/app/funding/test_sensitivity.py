"""What hangs on an assumption: sets counted by hand, costs in whole som, a plan kept where nothing better is found."""

import numpy as np
import pytest

from app.funding.portfolio import Offers, open_rules
from app.funding.sensitivity import dearer, hanging, load_variants, moved_weights, overlap
from app.funding.variant_plan import plan_near


def schools(*numbers, of=5):
    mask = np.zeros(of, dtype=bool)
    mask[list(numbers)] = True
    return mask


def test_two_funded_sets_share_schools_and_money():
    found = overlap(schools(0, 1, 2), schools(1, 2, 3), np.array([50, 30, 20, 0, 0]))

    assert found.shared == 2
    assert found.share == pytest.approx(2 / 4)  # {1, 2} of {0, 1, 2, 3}
    assert found.money == pytest.approx(50 / 100)


def test_nothing_funded_on_either_side_is_unknown_not_zero():
    found = overlap(schools(), schools(), np.zeros(5, dtype=np.int64))

    assert found.shared == 0
    assert np.isnan(found.share)
    assert np.isnan(found.money)


def test_a_school_hangs_on_an_assumption_only_if_no_other_moves_it():
    planned = schools(0, 1, 2)
    funded = np.array([schools(0, 1, 2), schools(0, 1, 3), schools(0, 2, 3), schools(0, 1, 2, 4)])
    found = hanging(planned, funded, ["budget", "costs", "vulnerability", "budget"])

    assert found.is_no_regret.tolist() == [True, False, False, False, False]
    assert found.hangs_on == (None, "vulnerability", "costs", None, "budget")  # 3 comes in by two assumptions
    assert found.funded_in.tolist() == [4, 3, 3, 2, 1]


def test_without_a_computed_variant_no_school_hangs_on_anything():
    found = hanging(schools(0, 1), np.empty((0, 5), dtype=bool), [])

    assert found.hangs_on == (None,) * 5


def test_weights_of_the_benefit_keep_their_sum_and_their_proportion():
    found = moved_weights({"life": 0.60, "loss": 0.15, "conformity": 0.25}, "life", 0.4)

    assert found == pytest.approx({"life": 0.4, "loss": 0.225, "conformity": 0.375})  # 0.6 in the ratio 15 : 25


def test_dearer_costs_are_rounded_up_once():
    assert dearer(np.array([4, 3, 1_000_001]), 1.25).tolist() == [5, 4, 1_250_002]
    assert dearer(np.array([10, 1]), 0.75).tolist() == [8, 1]


def test_every_variant_of_the_method_is_there():
    effort, variants, _version = load_variants()
    changed = {one.change: [] for one in variants}
    for one in variants:
        changed[one.change].append(one.value if one.value is not None else one.name)

    assert changed["budget"] == [0.8, 1.2]
    assert changed["cost"] == [0.75, 1.25]
    assert changed["discount"] == [0.03, 0.10]
    assert changed["model"] == ["F1", "F2", "F3"]
    assert {"equity", "weight", "parameter", "beta"} <= changed.keys()
    assert 0 < effort.gap <= 1e-3


def test_a_plan_that_is_as_good_stays_and_a_better_one_takes_its_place():
    # Three schools of ten som, money for two. Schools 1 and 2 are alike; school 0 is the best.
    offers = Offers(np.arange(3), np.full(3, 10), np.array([3.0, 2.0, 2.0]), np.ones(3, dtype=bool), 3)
    rules = open_rules(20, 3)
    effort = {"gap": 1e-6, "seconds": 10, "loyalty": 1e-3}

    kept = plan_near(offers, rules, np.array([0, 2]), **effort)
    exchanged = plan_near(offers, rules, np.array([1, 2]), **effort)

    assert kept.chosen.tolist() == [0, 2]
    assert kept.benefit == 5.0
    assert kept.gap <= 1e-3
    assert 0 in exchanged.chosen
    assert exchanged.benefit == 5.0


def test_a_plan_that_cannot_be_paid_any_more_is_made_smaller():
    offers = Offers(np.arange(3), np.full(3, 10), np.array([3.0, 2.0, 1.0]), np.ones(3, dtype=bool), 3)

    found = plan_near(offers, open_rules(10, 3), np.array([0, 1]), gap=1e-6, seconds=10, loyalty=1e-3)

    assert found.chosen.tolist() == [0]
