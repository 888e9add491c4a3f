"""Winter readiness by hand: the worst building, answers that no longer speak, and unknown as a state of its own."""

from __future__ import annotations

import numpy as np
import pytest

from app.assessment.answers import FAILS, MEETS, MISSING, NOT_APPLICABLE, PARTLY
from app.assessment.winter import NO_DAY, NOT_READY, READY, UNKNOWN, cells_of_schools, readiness

SEASON, TODAY = 1000, 1200
NEVER = 10**6


def cells(codes, days, expiry=NEVER, school=None, seasonal=False):
    """One requirement, a building a row."""
    column = np.array(codes, dtype=np.int8)[:, None]
    school = np.zeros(len(codes), dtype=np.int64) if school is None else np.array(school)
    return cells_of_schools(
        column,
        np.array(days, dtype=np.int32)[:, None],
        np.full_like(column, expiry, dtype=np.int32) if np.isscalar(expiry) else np.array(expiry)[:, None],
        school,
        int(school.max()) + 1,
        np.array([seasonal]),
        SEASON,
        TODAY,
    )


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        pytest.param([MEETS, FAILS], FAILS, id="one building fails"),
        pytest.param([MEETS, PARTLY], PARTLY, id="one in part"),
        pytest.param([MEETS, MISSING], MISSING, id="one unknown building leaves it unknown"),
        pytest.param([FAILS, MISSING], FAILS, id="an unknown one hides no failure"),
        pytest.param([MEETS, NOT_APPLICABLE], MEETS, id="what does not apply is left out"),
        pytest.param([NOT_APPLICABLE, NOT_APPLICABLE], NOT_APPLICABLE, id="applies nowhere"),
    ],
)
def test_a_school_has_the_worst_of_its_buildings(codes, expected):
    days = [-NEVER if code == MISSING else 1100 for code in codes]

    assert cells(codes, days).codes.tolist() == [[expected]]


def test_what_was_met_is_unknown_past_its_shelf_life_and_a_failure_stays():
    met, failed = cells([MEETS], [1100], expiry=1200), cells([FAILS], [500], expiry=600)

    assert (met.codes[0, 0], bool(met.is_old[0, 0])) == (MISSING, True)
    assert (failed.codes[0, 0], bool(failed.is_old[0, 0]), failed.day[0, 0]) == (FAILS, False, 500)


@pytest.mark.parametrize("code", [MEETS, PARTLY, FAILS])
def test_an_answer_about_a_former_season_says_nothing_of_this_one(code):
    before, since = cells([code], [999], seasonal=True), cells([code], [1000], seasonal=True)

    assert (before.codes[0, 0], bool(before.is_old[0, 0])) == (MISSING, True)
    assert (since.codes[0, 0], bool(since.is_old[0, 0])) == (code, False)


def test_the_day_is_that_of_the_oldest_evidence_behind_the_state():
    found = cells([FAILS, FAILS, MEETS, MISSING], [1150, 1050, 900, -NEVER], school=[0, 0, 0, 1])

    assert found.day.tolist() == [[1050], [NO_DAY]]
    assert found.is_old.tolist() == [[False], [False]]


def test_unknown_is_neither_ready_nor_unready():
    codes = np.array(
        [[MEETS, NOT_APPLICABLE, FAILS], [MEETS, MISSING, MEETS], [PARTLY, MISSING, MEETS], [MEETS, FAILS, MEETS]],
        dtype=np.int8,
    )
    decides = np.array([True, True, False])

    assert readiness(codes, np.tile(decides, (4, 1))).tolist() == [READY, UNKNOWN, NOT_READY, NOT_READY]
