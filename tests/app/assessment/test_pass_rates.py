"""How often surveyed buildings meet a requirement, counted by hand; thresholds of 4 answers."""

import numpy as np
import pytest

from app.assessment.answers import FAILS, MEETS, MISSING, NOT_APPLICABLE, PARTLY
from app.assessment.pass_rates import PassRates, count_rates, filled

CRITERIA = ("X", "Y")


def rates(*buildings, least=4):
    """``buildings``: codes of X and Y, type, decade, rayon, oblast."""
    codes, kind, decade, rayon, oblast = zip(*buildings, strict=True)
    found = list(count_rates(np.array(codes, dtype=np.int8), kind, np.array(decade), rayon, oblast, least))
    table = PassRates.read([{**one._asdict(), "criterion": CRITERIA[one.criterion]} for one in found])
    return {(one.area, one.decade, one.building_type, CRITERIA[one.criterion]): one for one in found}, table


def rate_of(table, rayon, oblast, kind, decade, default=0.5):
    cell, cells = table.cells_of([rayon], [oblast], [kind], np.array([decade]))
    return filled(table.columns_for(CRITERIA, cells), default)[cell[0]].tolist()


def test_a_rate_is_the_sum_of_scores_smoothed_over_meets_and_fails():
    # X: meets, partly, fails, fails: (1.5 + 1) / (4 + 2); Y is missing once and does not apply once: 2 answers are few
    found, _ = rates(
        ((MEETS, MEETS), "A", 1960, "r", "o"),
        ((PARTLY, MEETS), "A", 1960, "r", "o"),
        ((FAILS, MISSING), "A", 1960, "r", "o"),
        ((FAILS, NOT_APPLICABLE), "A", 1960, "r", "o"),
    )
    one = found["r", 1960, "A", "X"]

    assert (one.surveyed, one.met, one.rate) == (4, 1.5, pytest.approx(2.5 / 6))
    assert not any(criterion == "Y" for *_, criterion in found)


def test_each_requirement_takes_the_narrowest_group_with_enough_answers():
    _, table = rates(
        *[((MEETS, MISSING), "A", 1960, "r", "o")] * 4,
        *[((FAILS, FAILS), "A", 1960, "s", "o")] * 4,
        *[((FAILS, MISSING), "B", 1970, "t", "p")] * 2,
    )

    assert rate_of(table, "r", "o", "A", 1960) == pytest.approx([5 / 6, 1 / 6])  # Y: the oblast's, 4 of "s"
    assert rate_of(table, "u", "o", "A", 1960) == pytest.approx([5 / 10, 1 / 6])
    assert rate_of(table, "u", "q", "A", 1960) == pytest.approx([5 / 10, 1 / 6])
    assert rate_of(table, "t", "p", "B", 1970) == pytest.approx([5 / 12, 1 / 6])  # the country, all types and decades


def test_what_is_never_answered_stays_at_the_parameter():
    _, table = rates(*[((MEETS, MISSING), "A", 1960, "r", "o")] * 4)

    assert rate_of(table, "r", "o", "A", 1960, default=0.3) == pytest.approx([5 / 6, 0.3])


def test_too_few_answers_in_the_whole_country_make_no_table():
    found, table = rates(*[((MEETS, MEETS), "A", 1960, "r", "o")] * 3)

    assert found == {}
    assert rate_of(table, "r", "o", "A", 1960) == [0.5, 0.5]


def test_buildings_of_an_unknown_type_are_a_group_of_their_own():
    _, table = rates(
        *[((MEETS, MEETS), "A", 1960, "r", "o")] * 4,
        *[((FAILS, FAILS), "KG-UNK", 1960, "r", "o")] * 4,
    )

    assert rate_of(table, "r", "o", "KG-UNK", 1960) == pytest.approx([1 / 6, 1 / 6])


def test_the_order_of_buildings_is_irrelevant():
    rng = np.random.default_rng(3)
    codes = rng.integers(0, 5, (40, 2)).astype(np.int8)
    kind, rayon = rng.choice(["A", "B"], 40), rng.choice(["r", "s", ""], 40)
    decade, oblast, order = rng.choice([0, 1960], 40), np.full(40, "o"), rng.permutation(40)

    straight = list(count_rates(codes, kind, decade, rayon, oblast, 4))
    shuffled = list(count_rates(codes[order], kind[order], decade[order], rayon[order], oblast[order], 4))

    assert straight
    assert straight == shuffled
