"""When an answer expires, and how much of what is known still holds."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from app.assessment.shelf_life import NEVER, expires_on, expiry_days, share_of_weight

EPOCH = date(1970, 1, 1)
CASES = [
    pytest.param(date(2024, 5, 14), 12, date(2025, 5, 14), id="a year"),
    pytest.param(date(2024, 8, 31), 6, date(2025, 2, 28), id="the month has no 31st"),
    pytest.param(date(2023, 8, 31), 6, date(2024, 2, 29), id="leap year"),
    pytest.param(date(2024, 2, 29), 60, date(2029, 2, 28), id="five years after a leap day"),
    pytest.param(date(2024, 12, 1), 1, date(2025, 1, 1), id="over the year's end"),
    pytest.param(date(1969, 11, 30), 3, date(1970, 2, 28), id="before 1970"),
]


@pytest.mark.parametrize(("evidence", "months", "expected"), CASES)
def test_both_forms_of_the_rule_say_the_same_day(evidence, months, expected):
    days = expiry_days(np.array([(evidence - EPOCH).days]), np.array([float(months)]))

    assert expires_on(evidence, months) == expected
    assert days[0] == (expected - EPOCH).days


def test_every_day_of_five_years_agrees_in_both_forms():
    days = np.arange(18_000, 18_000 + 1827)
    for months in (1, 6, 13, 60):
        found = expiry_days(days, np.full(len(days), float(months)))
        for day, end in zip(days.tolist(), found.tolist(), strict=True):
            expected = expires_on(date.fromordinal(EPOCH.toordinal() + day), months)
            assert expected is not None
            assert end == (expected - EPOCH).days


def test_without_a_shelf_life_nothing_expires():
    assert expires_on(date(1990, 1, 1), None) is None
    assert expiry_days(np.array([0]), np.array([np.nan]))[0] == NEVER


def test_the_share_is_of_what_applies_and_unknown_where_nothing_does():
    holds = np.array([[True, False], [True, True], [False, False]])
    found = share_of_weight(holds, np.array([3.0, 1.0]), np.array([4.0, 4.0, 0.0]))

    assert found[:2].tolist() == [0.75, 1.0]
    assert np.isnan(found[2])
