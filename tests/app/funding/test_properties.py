"""Relations that every allocation keeps: L06, L07, L08, L19, L23, L24, and what is refused (method 10)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.funding.allocation import allocate
from app.funding.core import price_losses
from app.funding.economics import annuity, evaluate
from app.funding.errors import CrossedLimitsError, FloorsAboveBudgetError, InfeasibleError, NegativeMoneyError
from app.funding.hull import steps_of
from app.funding.phasing import Years, phase
from app.funding.portfolio import Offers, open_rules, spend_by_region
from app.funding.preview import preview

FEW = settings(max_examples=15, deadline=None, derandomize=True)


@st.composite
def portfolios(draw):
    """Return offers of a few schools in two regions with whole-number benefits, and rules without limits."""
    schools = draw(st.integers(2, 6))
    counts = [draw(st.integers(1, 4)) for _ in range(schools)]
    school = np.repeat(np.arange(schools), counts)
    cost = np.array([draw(st.integers(1, 60)) for _ in school])
    benefit = np.array([float(draw(st.integers(0, 200))) for _ in school])
    offers = Offers(school, cost, benefit, np.ones(len(school), dtype=bool), schools)
    rules = replace(
        open_rules(draw(st.integers(5, 150)), schools),
        region=np.arange(schools) % 2,
        pupils=np.array([100.0, 300.0]),
        floor_som=np.zeros(2, dtype=np.int64),
        ceiling_som=np.full(2, np.iinfo(np.int64).max),
    )
    return offers, rules


def best(offers, rules):
    try:
        return allocate(offers, rules, np.arange(1, offers.schools + 1), gap=0.0).benefit
    except InfeasibleError:
        return -np.inf


@FEW
@given(portfolios(), st.integers(1, 80))
def test_l06_more_money_is_never_worse(given_portfolio, more):
    offers, rules = given_portfolio

    assert best(offers, replace(rules, budget_som=rules.budget_som + more)) >= best(offers, rules)


@FEW
@given(portfolios(), st.integers(0, 40), st.floats(0.05, 0.9))
def test_l07_no_rule_of_fairness_makes_the_plan_better(given_portfolio, floor, gini_most):
    offers, rules = given_portfolio
    free = best(offers, rules)
    floor = min(floor, rules.budget_som)

    assert best(offers, replace(rules, floor_som=np.array([floor, 0]))) <= free
    assert best(offers, replace(rules, ceiling_som=np.array([floor, rules.budget_som]))) <= free
    assert best(offers, replace(rules, gini_most=gini_most)) <= free


@FEW
@given(portfolios(), st.integers(1, 60), st.integers(0, 200))
def test_l08_one_more_offer_is_never_worse(given_portfolio, cost, benefit):
    offers, rules = given_portfolio
    last = offers.schools - 1
    more = Offers(
        np.append(offers.school, last),
        np.append(offers.cost_som, cost),
        np.append(offers.benefit, float(benefit)),
        np.append(offers.is_safety, True),
        offers.schools,
    )

    assert best(more, rules) >= best(offers, rules)


@FEW
@given(portfolios())
def test_l19_what_is_funded_stays_in_an_optimum_when_it_becomes_cheaper(given_portfolio):
    offers, rules = given_portfolio
    plan = allocate(offers, rules, np.arange(1, offers.schools + 1), gap=0.0)
    dear = [row for row in plan.chosen if offers.cost_som[row] > 1]
    if not dear:
        return
    row = dear[0]
    cost = offers.cost_som.copy()
    cost[row] -= 1
    cheaper = replace(offers, cost_som=cost)
    others = np.flatnonzero((cheaper.school != cheaper.school[row]) | (np.arange(len(cheaper)) == row))
    forced = Offers(
        cheaper.school[others], cost[others], cheaper.benefit[others],
        (cheaper.school[others] != cheaper.school[row]) | (others == row), cheaper.schools,
    )  # fmt: skip

    with_it = best(forced, replace(rules, must_act=np.array([cheaper.school[row]])))

    assert with_it == pytest.approx(best(cheaper, rules))


@FEW
@given(st.floats(0.01, 0.15), st.floats(0.001, 0.1), st.integers(1, 60))
def test_l23_a_higher_discount_rate_never_raises_a_present_value(rate, more, years):
    assert annuity(rate + more, years) <= annuity(rate, years)
    values = [
        evaluate(1e6, 1e5, 0.01, 1e4, rate=r, years_structural=years, years_energy=20, value_of_life_som=25e6)
        for r in (rate, rate + more)
    ]
    assert values[1].benefit_som <= values[0].benefit_som
    assert values[1].benefit_cost_ratio <= values[0].benefit_cost_ratio


@FEW
@given(portfolios(), st.lists(st.booleans(), min_size=6, max_size=6), st.integers(1, 3))
def test_l24_comfort_never_comes_before_structural_work_in_an_unsafe_building(given_portfolio, safe, count):
    offers, rules = given_portfolio
    first = np.concatenate([[True], offers.school[1:] != offers.school[:-1]])  # the others are measures for comfort
    years = Years(
        budget_som=np.full((1, count), rules.budget_som),
        share=np.ones((len(offers), 1)),
        weight=np.linspace(1.0, 0.5, count),
        is_structural=first,
        needs_safety=~first,
        is_safe=np.array(safe)[: offers.schools],
    )

    plan = phase(offers, years, gap=0.0)

    done = dict(zip(plan.chosen.tolist(), plan.year.tolist(), strict=True))
    for row, year in done.items():
        school = offers.school[row]
        if not first[row] and not years.is_safe[school]:
            assert any(first[other] and offers.school[other] == school and at <= year for other, at in done.items())


@FEW
@given(portfolios())
def test_the_steps_of_a_school_fall_in_worth_and_end_at_its_best_bundle(given_portfolio):
    offers, _rules = given_portfolio
    nothing = np.zeros(offers.schools, dtype=np.int64)

    steps = steps_of(offers, nothing, nothing.astype(float))

    for school in range(offers.schools):
        mine = np.flatnonzero(steps.school == school)
        worth = steps.worth[mine]
        assert (np.diff(worth) < 0).all()
        most = offers.benefit[offers.school == school].max()
        assert steps.benefit[mine].sum() == pytest.approx(max(most, 0.0))


@FEW
@given(portfolios())
def test_the_preview_is_between_nothing_and_its_bound_and_the_bound_above_the_optimum(given_portfolio):
    offers, rules = given_portfolio

    found = preview(offers, rules)

    assert 0 <= found.plan.benefit <= best(offers, rules) + 1e-9 <= found.plan.bound + 2e-9
    assert found.plan.cost_som <= rules.budget_som
    assert (spend_by_region(offers, rules, found.plan.chosen) <= rules.ceiling_som).all()


@FEW
@given(portfolios(), st.integers(0, 40))
def test_what_is_left_out_before_solving_is_in_no_best_plan(given_portfolio, floor):
    offers, rules = given_portfolio
    rules = replace(rules, floor_som=np.array([min(floor, rules.budget_som), 0]))
    try:
        plan = allocate(offers, replace(rules, gini_most=1.0), np.arange(1, offers.schools + 1), gap=0.0)  # all rows
        quick = preview(offers, rules)
    except InfeasibleError:
        return

    losses, bound = price_losses(offers, rules, quick.shadow_price, quick.region_price)

    assert bound >= plan.benefit * (1 - 1e-9)
    assert (losses[plan.chosen] <= bound - plan.benefit * (1 - 1e-9) + 1e-9).all()
    assert allocate(offers, rules, np.arange(1, offers.schools + 1), gap=0.0).benefit == pytest.approx(plan.benefit)


def test_rows_in_another_order_of_schools_give_the_same_plan():
    generator = np.random.default_rng(7)
    cost, benefit = generator.integers(5, 60, 24), generator.integers(10, 90, 24).astype(float)
    offers = Offers(np.repeat(np.arange(8), 3), cost, benefit, np.ones(24, dtype=bool), 8)
    turned = Offers(np.repeat(np.arange(8), 3), cost.reshape(8, 3)[::-1].ravel(),
                    benefit.reshape(8, 3)[::-1].ravel(), np.ones(24, dtype=bool), 8)  # fmt: skip
    rank = np.arange(1, 9)

    one = allocate(offers, open_rules(150, 8), rank, gap=0.0)
    other = allocate(turned, open_rules(150, 8), rank[::-1], gap=0.0)

    back = np.sort(3 * (7 - turned.school[other.chosen]) + other.chosen % 3)
    assert one.is_unique
    assert one.chosen.tolist() == back.tolist()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        pytest.param({"budget_som": -1}, NegativeMoneyError, id="budget below zero"),
        pytest.param({"floor_som": np.array([-1, 0])}, NegativeMoneyError, id="floor below zero"),
        pytest.param({"floor_som": np.array([60, 60])}, FloorsAboveBudgetError, id="floors above the budget"),
        pytest.param(
            {"floor_som": np.array([9, 0]), "ceiling_som": np.array([5, 99])}, CrossedLimitsError, id="crossed"
        ),
    ],
)
def test_rules_that_contradict_themselves_are_refused(change, error):
    rules = replace(
        open_rules(100, 2), region=np.array([0, 1]), pupils=np.ones(2),
        floor_som=np.zeros(2, dtype=np.int64), ceiling_som=np.full(2, 100),
    )  # fmt: skip

    with pytest.raises(error):
        replace(rules, **change)


@pytest.mark.parametrize("cost", [0, -5])
def test_a_cost_that_is_no_cost_is_refused(cost):
    with pytest.raises(NegativeMoneyError) as raised:
        Offers(np.array([0]), np.array([cost]), np.array([1.0]), np.array([True]), 1)

    assert (raised.value.what, raised.value.value) == ("cost", cost)


def test_a_school_that_must_be_acted_on_without_a_safety_measure_is_named():
    offers = Offers(np.array([0, 1]), np.array([5, 5]), np.array([1.0, 1.0]), np.array([True, False]), 2)

    with pytest.raises(InfeasibleError) as raised:
        allocate(offers, replace(open_rules(100, 2), must_act=np.array([1])), np.array([1, 2]))

    assert raised.value.conflict == ("must_act:1",)
