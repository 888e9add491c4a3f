"""Levels of raters: what their answers weigh, and when they are calibrated again."""

import pytest

from app.assessment.raters import advice_of, weight_of


@pytest.mark.parametrize(("level", "weight"), [("none", 0.8), ("trained", 1), ("calibrated", 1), ("certified", 1)])
def test_who_has_no_level_weighs_like_the_school_itself(level, weight):
    assert weight_of(level, 0.8) == weight


@pytest.mark.parametrize(
    ("equal", "compared", "advice"),
    [
        pytest.param(29, 29, "too_few", id="full agreement in too few answers says nothing"),
        pytest.param(24, 30, "agrees", id="four of five are enough"),
        pytest.param(23, 30, "differs", id="less are not"),
        pytest.param(0, 0, "too_few", id="nothing compared"),
    ],
)
def test_advice(equal, compared, advice):
    assert advice_of(equal, compared, 0.8, 30) == advice
