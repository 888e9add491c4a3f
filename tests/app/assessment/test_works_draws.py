"""Indices before and after works under the same open answers: ends, monotony, and no chance in a difference."""

from __future__ import annotations

import numpy as np
import pytest

from app.assessment.answer_draws import draw_answers
from app.assessment.answers import FAILS, MEETS, MISSING, NOT_APPLICABLE
from app.assessment.works_draws import draw_indices
from tests.app.assessment.test_answer_draws import BUILDING_OWN, CRITERIA, SCHOOLS, STANDARD, portfolio, scores


def draw(codes, school, pupils, works, *, draws=96, prior=0.5, trust=1.0, verified=None, seed=3):
    verified = np.ones(codes.shape, dtype=bool) if verified is None else verified
    rng = np.random.default_rng(seed)
    return draw_indices(
        codes, verified, BUILDING_OWN, school, pupils, SCHOOLS, STANDARD, prior, trust, draws, works, rng
    )


def test_as_it_stands_the_draws_spread_as_those_of_answers():
    codes, school, pupils = portfolio()
    rng, verified = np.random.default_rng(3), np.ones(codes.shape, dtype=bool)
    nothing = np.zeros(codes.shape, dtype=bool)

    found = draw(codes, school, pupils, [nothing], draws=2000)[0]
    other, _ = draw_answers(codes, verified, BUILDING_OWN, school, pupils, SCHOOLS, STANDARD, 0.5, 1.0, 2000, rng)

    assert found.mean(axis=1) == pytest.approx(other.mean(axis=1), abs=1.0)
    assert found.std(axis=1) == pytest.approx(other.std(axis=1), abs=1.0)


@pytest.mark.parametrize("trust", [1.0, 0.8])
def test_works_that_pass_everything_leave_nothing_open(trust):
    codes, school, pupils = portfolio()
    verified = np.random.default_rng(4).random(codes.shape) < 0.5
    everything = np.ones(codes.shape, dtype=bool)

    found = draw(codes, school, pupils, [everything], trust=trust, verified=verified)

    assert found == pytest.approx(100.0)


def test_at_an_end_each_state_is_the_score_of_its_answers():
    codes, school, pupils = portfolio()
    works = np.zeros(codes.shape, dtype=bool)
    works[:, : CRITERIA // 2] = True
    known = np.where(codes == MISSING, FAILS, codes).astype(np.int8)
    after = np.where(works & (codes != NOT_APPLICABLE), MEETS, known).astype(np.int8)

    found = draw(codes, school, pupils, [np.zeros_like(works), works], draws=3, prior=0.0)

    for state, answers in zip(found, (known, after), strict=True):
        whole = scores(answers, school, pupils).central
        assert state == pytest.approx(np.repeat(whole[:, None], 3, axis=1), abs=1e-3)


def test_works_never_take_from_the_index_in_any_draw():
    codes, school, pupils = portfolio()
    works = np.random.default_rng(5).random(codes.shape) < 0.3

    before, after = draw(codes, school, pupils, [np.zeros_like(works), works])

    assert (after >= before - 1e-3).all()
    assert (after > before + 1).any()
    same = draw(codes, school, pupils, [np.zeros_like(works)] * 2)
    assert (same[0] == same[1]).all()
