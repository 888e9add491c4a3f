"""Envelopes: who pays what to the som, years, must-act schools with slack, and sources that are none."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.funding.allocation import allocate, most_served
from app.funding.cofinancing import OwnShare, permille_of
from app.funding.conflict import smallest_conflict
from app.funding.envelope_preview import Money, stage
from app.funding.envelopes import Envelope, local_part, money_limits, money_of, pay, spread, years_of
from app.funding.errors import EnvelopeError, InfeasibleError
from app.funding.portfolio import Limit, Offers, open_rules

FEW = settings(max_examples=25, deadline=None, derandomize=True)
NO_MUST = np.empty(0, dtype=np.int64)


def offers_of(cost, benefit, schools=None):
    school = np.arange(len(cost)) if schools is None else np.array(schools)
    return Offers(
        school, np.array(cost), np.array(benefit, dtype=float), np.ones(len(cost), dtype=bool), int(school[-1]) + 1
    )


@st.composite
def problems(draw):
    """Return offers of three to five schools, one bundle each, in two regions, and envelopes of one or two years."""
    count = draw(st.integers(3, 5))
    cost = [draw(st.integers(1, 40)) for _ in range(count)]
    benefit = [draw(st.integers(1, 90)) for _ in range(count)]
    permille = np.array([draw(st.sampled_from([0, 100, 333, 1000])) for _ in range(count)])
    region = np.array([draw(st.integers(0, 1)) for _ in range(count)])
    envelopes = []
    for year in range(2027, 2027 + draw(st.integers(1, 2))):
        envelopes += [
            Envelope("republican_budget", year, draw(st.integers(0, 40))),
            Envelope("local_budget", year, draw(st.integers(0, 20))),
            Envelope("donor", year, draw(st.integers(0, 30)), region=draw(st.integers(0, 1))),
        ]
    return offers_of(cost, benefit), local_part(np.array(cost), permille), region, tuple(envelopes)


def can_be_paid(rows, cost, local, region, money):
    """Say by trying whole som one by one whether three sources can pay some works: no cuts, no flows."""
    local_most, donor, tied, total = money["local_budget"], *money["donor"], sum(cost[row] for row in rows)
    own = sum(local[row] for row in rows)
    rest = sum(cost[row] - local[row] for row in rows if region[row] == tied)
    return total - min(own, local_most) - min(rest, donor) <= money["republican_budget"]


@FEW
@given(problems())
def test_the_best_plan_over_years_and_sources_is_the_one_that_trying_all_finds(given_problem):
    offers, local, region, envelopes = given_problem
    years = years_of(envelopes)
    weight = np.array([1.0, 0.5])[: len(years)]
    wide = spread(offers, weight)
    limits = money_limits(wide, local[wide.row], region[wide.row], envelopes)
    rules = replace(open_rules(int(money_of(envelopes, years).sum()), offers.schools), limits=tuple(limits))

    plan = allocate(wide.offers, rules, np.arange(1, offers.schools + 1), gap=0.0)

    money = {
        year: {
            one.source: (one.som, one.region) if one.source == "donor" else one.som
            for one in envelopes
            if one.year == year
        }
        for year in years
    }
    best = 0.0
    for when in product((None, *range(len(years))), repeat=len(offers)):
        done = [[row for row in range(len(offers)) if when[row] == at] for at in range(len(years))]
        cost = offers.cost_som.tolist()
        if all(can_be_paid(rows, cost, local, region, money[year]) for rows, year in zip(done, years, strict=True)):
            best = max(best, sum(offers.benefit[row] * weight[at] for at, rows in enumerate(done) for row in rows))
    assert plan.benefit == pytest.approx(best)


@FEW
@given(problems())
def test_payments_sum_to_the_costs_and_no_source_pays_more_than_it_has_or_may(given_problem):
    offers, local, region, envelopes = given_problem
    years = years_of(envelopes)
    wide = spread(offers, np.ones(len(years)))
    cuts = money_limits(wide, local[wide.row], region[wide.row], envelopes)
    rules = open_rules(int(money_of(envelopes, years).sum()), offers.schools)
    others = money_of([one for one in envelopes if one.source != "local_budget"], years)
    money = Money(money_of(envelopes, years), others, local)

    found = stage(offers, rules, NO_MUST, np.ones(len(years)), money, wide, cuts)
    row, year = found.plan.chosen, np.array(years)[found.year]
    paid = pay(range(len(row)), offers.cost_som[row], local[row], region[row], year, envelopes)

    for at in range(len(row)):
        mine = [one for one in paid if one.row == at]
        assert sum(one.som for one in mine) == offers.cost_som[row[at]]
        assert all(one.year == year[at] for one in mine)
        assert sum(one.som for one in mine if one.source == "local_budget") <= local[row[at]]
    for envelope in envelopes:
        mine = [one for one in paid if (one.source, one.year) == (envelope.source, envelope.year)]
        assert sum(one.som for one in mine) <= envelope.som
        if envelope.region is not None:
            assert all(region[row[one.row]] == envelope.region for one in mine)
    best = allocate(wide.offers, replace(rules, limits=tuple(cuts)), np.arange(1, offers.schools + 1), gap=0.0)
    assert found.plan.benefit <= best.benefit + 1e-9 <= found.plan.bound + 2e-9


@pytest.mark.parametrize("source", ["parents", "board_of_trustees", "school_collection", ""])
def test_families_are_no_source(source):
    with pytest.raises(EnvelopeError):
        Envelope(source, 2027, 5)


@pytest.mark.parametrize(
    "envelopes",
    [
        pytest.param((("local_budget", 2027, 5, 0),), id="local money tied to a region"),
        pytest.param((("donor", 2027, 5, 0), ("development_fund", 2027, 5, 0)), id="two sources tied to one region"),
        pytest.param((("donor", 2027, 5), ("donor", 2040, 5)), id="more years than a plan has"),
    ],
)
def test_envelopes_that_cannot_be_told_apart_are_refused(envelopes):
    made = [Envelope(*one) for one in envelopes]
    wide = spread(offers_of([3], [1]), np.ones(1))

    with pytest.raises(EnvelopeError):
        money_limits(wide, np.array([0]), np.array([0]), made)


def test_the_own_share_is_the_declared_one_adjusted_to_the_capacity_of_the_smallest_area_named():
    shares = {"": OwnShare(200, 500, "proposal", "-"), "oblast": OwnShare(200, 0, "proposal", "-")}

    assert permille_of(shares, [("rayon", "oblast"), ("", "other")]).tolist() == [0, 100]
    assert local_part(np.array([999]), np.array([100])).tolist() == [99], "rounded down: nobody pays a part of a som"
    with pytest.raises(EnvelopeError):
        OwnShare(1200, 500, "proposal", "-")


def test_as_many_must_act_schools_as_the_money_allows_come_before_any_benefit():
    offers = offers_of([10, 10, 10, 15], [1, 1, 1, 99])
    must = np.array([0, 1, 2])

    most = most_served(offers, open_rules(25, 4), must, seconds=5.0)
    counted = Limit("must_act", np.array([1, 1, 1, 0]), most, is_money=False)
    plan = allocate(offers, replace(open_rules(25, 4), limits=(counted,)), np.arange(1, 5), gap=0.0)

    assert most == 2
    assert offers.school[plan.chosen].tolist() in ([0, 1], [0, 2], [1, 2])
    assert plan.cost_som == 20


def test_limits_that_conflict_are_named_and_no_others():
    offers = offers_of([10, 10, 10], [5, 5, 5])
    limits = (
        Limit("rayon_floor:a", np.array([10, 0, 0]), 10),
        Limit("capacity:0", np.array([1, 1, 0]), 0, 0, is_money=False),
        Limit("rayon_ceiling:b", np.array([0, 0, 10]), 0, 5),
    )

    with pytest.raises(InfeasibleError) as raised:
        allocate(offers, replace(open_rules(99, 3), limits=limits), np.arange(1, 4))

    assert set(raised.value.conflict) == {"rayon_floor:a", "capacity:0"}
    assert smallest_conflict(offers, replace(open_rules(99, 3), limits=limits[1:])) == ()


def test_a_bundle_is_bought_whole_or_not_at_all():
    plan = allocate(offers_of([10], [5]), open_rules(9, 1), np.array([1]))

    assert len(plan.chosen) == 0
    assert plan.bound >= 0
