"""Draws of open answers: at both ends they are the scores of those answers, between them within the bounds."""

from __future__ import annotations

import numpy as np
import pytest

from app.assessment.answer_draws import draw_answers
from app.assessment.answers import FAILS, MEETS, MISSING, NOT_APPLICABLE, PARTLY
from app.assessment.grades import Cuts
from app.assessment.schools import score_all
from tests.support import golden

STANDARD = golden.small_standard()
CRITERIA = len(STANDARD.codes)
BUILDING_OWN = np.zeros(CRITERIA, dtype=bool)
SCHOOLS, BUILDINGS = 20, 50


def portfolio(seed=2, missing=0.3):
    rng = np.random.default_rng(seed)
    rest = (1 - missing) / 10
    weights = [missing, rest, 2 * rest, 6 * rest, rest]
    codes = rng.choice([MISSING, FAILS, PARTLY, MEETS, NOT_APPLICABLE], (BUILDINGS, CRITERIA), p=weights)
    school = np.sort(np.concatenate([np.arange(SCHOOLS), rng.integers(0, SCHOOLS, BUILDINGS - SCHOOLS)]))
    return codes.astype(np.int8), school, rng.random(BUILDINGS)


def draw(codes, school, pupils, *, prior=0.5, trust=1.0, draws=64, verified=None, shared=BUILDING_OWN, seed=3):
    verified = np.ones(codes.shape, dtype=bool) if verified is None else verified
    rng = np.random.default_rng(seed)
    return draw_answers(codes, verified, shared, school, pupils, SCHOOLS, STANDARD, prior, trust, draws, rng)


def scores(codes, school, pupils, **changes):
    return score_all(codes, np.ones(codes.shape, bool), school, pupils, SCHOOLS, STANDARD, Cuts(), **changes)[1]


@pytest.mark.parametrize(("prior", "code"), [(1.0, MEETS), (0.0, FAILS)], ids=["all met", "all failed"])
def test_at_both_ends_draws_are_the_scores_of_those_answers(prior, code):
    codes, school, pupils = portfolio()
    known = scores(np.where(codes == MISSING, code, codes).astype(np.int8), school, pupils)

    index, deficiency = draw(codes, school, pupils, prior=prior, draws=2)

    for mine, whole in ((index, known.central), (deficiency, known.basic_deficiency[:, 0])):
        assert mine == pytest.approx(np.repeat(whole[:, None], 2, axis=1), abs=1e-4, nan_ok=True)


def test_draws_stay_within_the_bounds_and_spread_between_them():
    codes, school, pupils = portfolio()
    known = scores(codes, school, pupils)

    index, deficiency = draw(codes, school, pupils, draws=256)

    assert (index >= known.lower[:, None] - 1e-3).all()
    assert (index <= known.upper[:, None] + 1e-3).all()
    assert deficiency.mean(axis=1) == pytest.approx(known.basic_deficiency[:, 0], abs=0.1)
    assert (index.std(axis=1) > 0).any()


def test_what_is_known_is_the_same_in_every_draw():
    codes, school, pupils = portfolio(missing=0.0)
    known = scores(codes, school, pupils)

    index, _ = draw(codes, school, pupils, draws=4)

    assert index == pytest.approx(np.repeat(known.central[:, None], 4, axis=1), abs=1e-4)


def test_the_doubted_part_of_an_unverified_answer_is_drawn_and_trips_no_red_flag():
    codes = np.full((BUILDINGS, CRITERIA), MEETS, dtype=np.int8)
    _, school, pupils = portfolio()

    index, _ = draw(codes, school, pupils, trust=0.8, verified=np.zeros(codes.shape, bool), draws=128)

    assert index.min() >= 80 - 1e-3
    assert index.max() <= 100 + 1e-3
    assert index.mean() == pytest.approx(90, abs=1)


def test_a_missing_answer_of_the_school_is_one_fact_for_all_its_buildings():
    codes = np.full((BUILDINGS, CRITERIA), MEETS, dtype=np.int8)
    criterion = int(np.flatnonzero(~STANDARD.is_critical)[0])
    codes[:, criterion] = MISSING
    school, pupils = np.arange(BUILDINGS) % SCHOOLS, np.ones(BUILDINGS)
    school.sort()
    shared = np.arange(CRITERIA) == criterion

    one = draw(codes, school, pupils, shared=shared, draws=64)[0]
    each = draw(codes, school, pupils, draws=64)[0]

    assert all(len(np.unique(np.round(row, 3))) <= 2 for row in one)
    assert max(len(np.unique(np.round(row, 3))) for row in each) > 2


def test_the_same_seed_gives_the_same_bytes():
    first, second = (draw(*portfolio()) for _ in range(2))

    assert [values.tobytes() for values in first] == [values.tobytes() for values in second]
