"""Unit costs that people stated: the narrower place wins, an unknown altitude is told of nowhere, faults have names."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from app.funding.bundles import Bundle, bundles
from app.funding.catalogue import cost_som, default_catalogue
from app.funding.prices import Places, Price, faults_of, local_costs, with_general

OBLAST, RAYON = 7, 70
PLACES = Places(
    areas=np.array([[OBLAST, RAYON, 0], [OBLAST, 71, 0], [8, 80, 0], [0, 0, 0]]),
    altitude_m=np.array([800.0, 2_600.0, 2_000.0, np.nan]),
)
DAY = date(2026, 6, 1)


def price(som, level=0, area=None, altitude=None, index="1", measure="ACC"):
    low, high = (None, None) if som is None else (som // 2, som * 2)
    return Price(measure, level, area, altitude, low, som, high, Decimal(index))


def unit_costs(*prices):
    catalogue = with_general(default_catalogue(), prices)
    local = local_costs(catalogue, prices, PLACES).get("ACC")
    everywhere = np.full(4, catalogue.interventions["ACC"].unit_som)
    return (everywhere if local is None else local[:, 1]).tolist()


def test_a_cost_that_is_stated_for_everywhere_replaces_that_of_the_table():
    assert unit_costs(price(1_000_000)) == [1_000_000] * 4


def test_the_narrower_place_wins_in_whatever_order_they_come():
    prices = [price(2_000, 1, OBLAST), price(3_000, 2, RAYON), price(1_000)]

    assert unit_costs(*prices) == unit_costs(*reversed(prices)) == [3_000, 2_000, 1_000, 1_000]


def test_the_highest_altitude_that_is_reached_counts_and_an_unknown_one_reaches_none():
    prices = [price(1_000), price(1_500, altitude=2_000), price(1_900, altitude=2_500)]

    assert unit_costs(*prices) == [1_000, 1_900, 1_500, 1_000]


def test_a_cost_of_an_area_stands_before_one_of_an_altitude():
    assert unit_costs(price(1_000), price(1_500, altitude=500), price(900, 1, OBLAST)) == [900, 900, 1_500, 1_000]


def test_where_somebody_says_that_nobody_knows_the_cost_is_unknown():
    found = unit_costs(price(None, 1, OBLAST), price(1_000))

    assert np.isnan(found[:2]).all()
    assert found[2:] == [1_000, 1_000]


def test_the_index_brings_a_price_to_todays_money_rounded_up_once():
    assert price(1_001, index="1.1").costs == (550.0, 1_102.0, 2_203.0)  # 500 x 1.1, 1101.1, 2202.2


def test_costs_of_places_are_multiplied_and_rounded_as_those_of_the_table():
    measure = default_catalogue().interventions["ACC"]
    found = cost_som(measure, np.array([2.0, 1.0]), 1.0, 0.19, np.array([1_001.0, np.nan]))

    assert found[0] == 2_383  # 2 x 1001 x 1.19 = 2382.38
    assert np.isnan(found[1])


def test_a_measure_without_a_cost_is_offered_once_somebody_states_one():
    catalogue = with_general(default_catalogue(), [price(900, measure="M20")])

    assert catalogue.priced_alone() == ("M20",)
    assert default_catalogue().priced_alone(["M04"]) == ("M04",)
    assert Bundle(("M20",)) in bundles(alone=catalogue.priced_alone())


@pytest.mark.parametrize(
    ("costs", "faults"),
    [
        ((1, 2, 3), ()),
        ((0, 2, 3), ("not_above_zero",)),
        ((1, -2, 3), ("not_above_zero", "order")),
        ((3, 2, 4), ("order",)),
        ((1, 5, 4), ("order",)),
        ((1, None, 3), ("costs_missing",)),
        ((1, 2, 10**13), ("too_large",)),
        ((None, None, None), ("status_and_costs",)),
    ],
)
def test_what_is_wrong_with_costs_is_named(costs, faults):
    assert faults_of(*costs, "proposal", Decimal(1), DAY) == faults


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"status": "sure"}, "status"),
        ({"status": "not known"}, "status_and_costs"),
        ({"index": Decimal(0)}, "index"),
        ({"index": Decimal(11)}, "index"),
        ({"price_date": None}, "date_missing"),
        ({"price_date": date(1990, 1, 1)}, "date"),
    ],
)
def test_what_is_wrong_beside_the_costs_is_named(changed, fault):
    given = {"status": "proposal", "index": Decimal(1), "price_date": DAY} | changed

    assert faults_of(1, 2, 3, **given) == (fault,)
