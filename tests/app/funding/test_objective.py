"""The benefit of a bundle against figures worked out by hand, and what is unknown in it."""

from __future__ import annotations

import numpy as np
import pytest

from app.funding.objective import Standing, shares_of, total_of, whole_of

WEIGHTS = {"objective.life": 0.60, "objective.loss": 0.15, "objective.conformity": 0.25}
PUPILS = np.array([400.0, 100.0])
TODAY = Standing(np.array([0.03, 0.01]), np.array([900_000.0, 100_000.0]), np.array([40.0, 80.0]))


def stand(fatalities, loss_som, conformity):
    return Standing(*(np.array(values, dtype=float) for values in (fatalities, loss_som, conformity)))


def test_the_parts_are_shares_of_what_the_country_loses_today():
    after = stand([0.01, 0.01], [400_000, 100_000], [70, 90])

    found = shares_of(TODAY, after, whole_of(TODAY, PUPILS), PUPILS, WEIGHTS)

    # EF0 = 0.04, EAL0 = 1 million, need = 400 x 60 + 100 x 20 = 26 000
    assert found.life == pytest.approx([0.60 * 0.02 / 0.04, 0.0])  # 0.3
    assert found.loss == pytest.approx([0.15 * 0.5, 0.0])  # 0.075
    assert found.conformity == pytest.approx([0.25 * 400 * 30 / 26_000, 0.25 * 100 * 10 / 26_000])
    assert found.benefit == pytest.approx([0.3 + 0.075 + 0.115385, 0.009615], abs=1e-6)


def test_all_harm_gone_and_full_conformity_everywhere_is_a_benefit_of_one():
    after = stand([0, 0], [0, 0], [100, 100])

    found = shares_of(TODAY, after, whole_of(TODAY, PUPILS), PUPILS, WEIGHTS)

    assert found.benefit.sum() == pytest.approx(1.0)


def test_an_unknown_part_brings_nothing_and_leaves_the_others_alone():
    after = stand([np.nan, 0.0], [400_000, np.nan], [70, np.nan])

    found = shares_of(TODAY, after, whole_of(TODAY, PUPILS), PUPILS, WEIGHTS)

    assert found.life.tolist() == [0.0, pytest.approx(0.15)]
    assert found.benefit == pytest.approx([0.075 + 0.115385, 0.15], abs=1e-6)


def test_a_bundle_that_does_more_harm_than_good_brings_nothing():
    after = stand([0.04, 0.01], [900_000, 100_000], [40, 80])

    found = shares_of(TODAY, after, whole_of(TODAY, PUPILS), PUPILS, WEIGHTS)

    assert found.life[0] == pytest.approx(-0.15)
    assert found.benefit.tolist() == [0.0, 0.0]


def test_a_school_of_unknown_harm_leaves_the_whole_and_a_country_without_harm_divides_by_one():
    known, by_draw = total_of(np.array([2.0, np.nan, 3.0])), total_of(np.array([[1.0, 0.0], [np.nan, 0.0]]))

    assert known == 5.0
    assert by_draw.tolist() == [1.0, 1.0]
    assert total_of(np.zeros(3)) == 1.0
