"""Why a school is funded or not, on six schools whose plan can be made on paper."""

from dataclasses import replace

import numpy as np
import pytest

from app.funding.portfolio import Offers, Rules, open_rules
from app.funding.preview import preview
from app.funding.why_funded import explain, ground_of

MILLION = 1_000_000
COST = np.array([10, 10, 20, 10, 40, 10]) * MILLION
BENEFIT = np.array([0.10, 0.08, 0.12, 0.05, 0.10, 0.0])
"""Benefit for ten million: 0.1, 0.08, 0.06, 0.05, 0.025, 0; a seventh school has no measure of known cost."""
OFFERS = Offers(np.arange(6), COST, BENEFIT, np.ones(6, dtype=bool), 7)
BUDGET = 40 * MILLION
"""Pays for schools 0, 1 and 2; school 3 is first below the line, at 0.05 for ten million."""


def open_to(budget):
    return replace(open_rules(budget, 7), region=np.zeros(7, dtype=np.int64))


def ground(offers=OFFERS, rules_at=open_to, budget=BUDGET):
    price = preview(offers, rules_at(budget)).shadow_price
    return ground_of(offers, rules_at, open_to(budget), budget, price)


def funded_row(made, school):
    rows = made.with_rules.plan.chosen
    own = rows[made.offers.school[rows] == school]
    return int(own[0]) if own.size else None


def why(school, made=None):
    made = made or ground()
    return explain(made, school, funded_row(made, school))


def test_a_funded_school_gives_more_than_the_line_asks():
    found = why(0)

    assert (found.state, found.row, found.floors) == ("funded", 0, "none")
    assert found.worth == pytest.approx(0.1 / (10 * MILLION))


def test_below_the_line_the_reduction_and_the_budget_are_those_on_paper():
    """School 4 must come before school 2, the last that is paid (0.06 for ten million): below 16.7 million.

    At 20 and 19 million, the line itself and a little below, no money is left for it; at 16 there is. Schools 0 to 4
    cost 90 million together.
    """
    found = why(4)

    assert found.state == "below"
    assert found.less_som == 24 * MILLION
    assert found.enters_som == 90 * MILLION


def test_forcing_a_school_in_costs_what_it_pushes_out():
    """With 40 million school 4 takes all: 0.30 becomes 0.10."""
    assert why(4).loss_share == pytest.approx(1 - 0.10 / 0.30)


def test_a_school_on_the_line_is_worth_its_money_and_enters_with_the_next_measure():
    found = why(3)

    assert found.state == "worth"
    assert found.enters_som == 50 * MILLION
    assert found.less_som is None


def test_without_a_known_cost_or_a_gain_nothing_is_promised():
    assert why(6).state == "no_cost"
    assert why(5).state == "no_gain"
    assert why(6).enters_som is None
    assert why(5).less_som is None


def test_where_everything_is_paid_there_is_no_line_to_come_up_to():
    everything = ground(budget=500 * MILLION)

    assert everything.price == 0
    assert why(4, everything).state == "funded"


def with_floor(budget):
    region = np.array([0, 0, 0, 0, 1, 1, 1])
    return Rules(budget, region, np.ones(2), np.array([0, 40 * MILLION]), np.full(2, 10**15))


def test_the_floor_of_a_region_helps_its_school_and_hurts_the_others():
    made = ground(rules_at=with_floor)

    assert why(4, made).floors == "helped"
    assert why(4, made).state == "funded"
    assert why(0, made).floors == "hurt"
    assert why(3, made).floors == "none"
