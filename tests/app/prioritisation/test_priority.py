"""Priorities and ranks against known answers, and the promises that a list makes."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from app.prioritisation.confidence import ConfidenceRule, confidence
from app.prioritisation.errors import InvalidSchemeError, UnknownSchemeError
from app.prioritisation.factors import FACTORS, SchoolFacts
from app.prioritisation.index import prioritise, weigh
from app.prioritisation.ranking import rank_bounds, rank_schools, rank_within
from app.prioritisation.scheme import SCHEME_FOLDER, list_schemes, load_scheme
from app.prioritisation.value_functions import ValueFunction
from app.risk.parameters import default_parameters
from tests.support import golden

SCHEME = load_scheme("default")


def certain(x):
    return np.repeat(np.asarray(x, dtype=float)[:, :, None], 3, axis=2)


@pytest.mark.parametrize("case", golden.load("G_weighted_sum_topsis")["cases"], ids=["six schools", "ten schools"])
def test_values_contributions_priority_and_rank_equal_the_known_answer(case):
    x, expected = case["input"]["x"], case["expected"]
    found = weigh(certain(x), np.array(case["input"]["weights"]), SCHEME.functions)

    assert [FACTORS[code].key for code in SCHEME.factors] == case["input"]["criteria"]
    assert found.value == pytest.approx(np.array(expected["value_matrix"]), abs=1e-9)
    assert found.contribution == pytest.approx(np.array(expected["contributions"]), abs=1e-9)
    assert found.central == pytest.approx(expected["priority_0_100"], abs=1e-9)
    assert rank_schools(found.central, found.raw[:, 0], found.raw[:, 1]).tolist() == expected["rank_priority"]


def test_twelve_schools_have_the_priority_and_rank_of_the_reference_implementation():
    expected = golden.load("O_end_to_end")["expected"]["per_school"]
    found = weigh(certain([row["criteria"] for row in expected]), SCHEME.weight_array, SCHEME.functions)

    assert found.central == pytest.approx([row["priority"] for row in expected], abs=1e-8)
    ranks = rank_schools(found.central, found.raw[:, 0], found.raw[:, 1])
    assert ranks.tolist() == [row["rank"] for row in expected]


def facts(seed=3, count=300, unknown=0.15):
    """Random schools with bounds around the central values and some unknown facts."""
    draw = np.random.default_rng(seed)

    def band(low, high):
        centre = np.exp(draw.uniform(np.log(low), np.log(high), count))
        values = centre[:, None] * np.array([1.0, 0.6, 1.5])
        values[draw.random(count) < unknown] = np.nan
        return values

    def single(low, high):
        return np.where(draw.random(count) < unknown, np.nan, draw.uniform(low, high, count))

    index = np.sort(draw.uniform(0, 100, (count, 3)), axis=1)[:, [1, 0, 2]]
    services = np.sort(draw.uniform(0, 1, (count, 3)), axis=1)[:, [1, 0, 2]]
    return SchoolFacts(
        individual_risk=band(1e-7, 1e-3),
        equivalent_fatalities=band(1e-5, 0.5),
        loss_ratio=band(1e-4, 0.05),
        index=index,
        completeness=np.full(count, 0.6),
        basic_deficiency=services,
        basic_completeness=np.full(count, 0.6),
        pupils=single(50, 2000),
        seats=single(50, 1000),
        minutes_to_alternative=single(0, 90),
        poverty_index=single(0, 1),
    )


def changed(found, **values):
    return SchoolFacts(**({name: getattr(found, name) for name in SchoolFacts.__slots__} | values))


def test_bounds_enclose_the_score_and_parts_sum_to_it():
    found = prioritise(facts(), SCHEME)

    assert (found.lower <= found.central + 1e-9).all()
    assert (found.central <= found.upper + 1e-9).all()
    assert found.contribution.sum(axis=1) == pytest.approx(found.central, abs=1e-7)


def test_an_unknown_factor_stands_at_half_at_none_and_at_all():
    known = facts(unknown=0.0)
    before = prioritise(known, SCHEME)
    after = prioritise(changed(known, minutes_to_alternative=np.full(300, np.nan)), SCHEME)

    column = SCHEME.factors.index("C7")
    assert not after.known[:, column].any()
    assert np.isnan(after.value[:, column]).all()
    assert (after.contribution[:, column] == 2.5).all()
    own = before.contribution[:, column]
    assert after.lower == pytest.approx(before.lower - own, abs=1e-7)
    assert after.upper == pytest.approx(before.upper - own + 5, abs=1e-7)
    assert ((after.lower <= before.central + 1e-7) & (before.central <= after.upper + 1e-7)).all()


def test_what_nobody_assessed_is_unknown_and_stands_at_the_prior():
    start = facts(unknown=0.0)
    nothing = np.arange(300) % 3 == 0
    before = prioritise(start, SCHEME)
    after = prioritise(
        changed(
            start,
            completeness=np.where(nothing, 0.0, 0.01),
            basic_completeness=np.where(np.arange(300) % 2 == 0, np.nan, 0.01),
        ),
        SCHEME,
    )

    whole, services = SCHEME.factors.index("C4"), SCHEME.factors.index("C5")
    assert (after.known[:, whole] == ~nothing).all()
    assert (after.known[:, services] == (np.arange(300) % 2 == 1)).all()
    assert np.delete(after.known, [whole, services], axis=1).all()
    for name in ("lower", "central", "upper", "raw", "value", "contribution"):
        assert (getattr(after, name) == getattr(before, name)).all(), name


def test_the_prior_is_the_value_of_the_unknown_as_pages_and_the_workbook_say():
    parameters = default_parameters()

    assert parameters["conformity.prior_pass_rate"] == 1 - parameters["priority.unknown_value"]


def test_worse_facts_never_lower_the_priority():
    start = facts()
    before = prioritise(start, SCHEME)
    worse = {
        "individual_risk": start.individual_risk * 1.5,
        "equivalent_fatalities": start.equivalent_fatalities * 1.5,
        "loss_ratio": start.loss_ratio * 1.5,
        "index": start.index * 0.9,
        "basic_deficiency": np.minimum(start.basic_deficiency * 1.2, 1),
        "pupils": start.pupils * 1.3,
        "minutes_to_alternative": start.minutes_to_alternative + 5,
        "poverty_index": np.minimum(start.poverty_index * 1.2, 1),
    }
    for name, values in worse.items():
        after = prioritise(changed(start, **{name: values}), SCHEME)
        for bound in ("lower", "central", "upper"):
            assert (getattr(after, bound) >= getattr(before, bound)).all(), name
        assert (after.central > before.central).any(), name


def test_adding_a_school_moves_nobody_and_order_does_not_matter():
    start = facts()
    whole = prioritise(start, SCHEME)
    first = prioritise(changed(start, **{name: getattr(start, name)[:-1] for name in SchoolFacts.__slots__}), SCHEME)
    order = np.random.default_rng(5).permutation(300)
    mixed = prioritise(changed(start, **{name: getattr(start, name)[order] for name in SchoolFacts.__slots__}), SCHEME)

    for bound in ("lower", "central", "upper"):
        assert (getattr(whole, bound)[:-1] == getattr(first, bound)).all()
        assert (getattr(whole, bound)[order] == getattr(mixed, bound)).all()


def test_ties_are_decided_by_c1_then_c2_then_code():
    priority = np.array([50.0, 50.0, 60.0, 50.0, 50.0])
    first = np.array([1e-5, 2e-5, 0.0, 1e-5, np.nan])
    second = np.array([0.1, 0.1, 0.0, 0.2, 9.0])

    assert rank_schools(priority, first, second).tolist() == [4, 2, 1, 3, 5]
    same = np.ones(3)
    assert rank_schools(same, same, same).tolist() == [1, 2, 3]


def test_rank_within_areas_keeps_the_national_order():
    national = np.array([4, 1, 5, 2, 3])
    assert rank_within(np.array([7, 9, 7, 9, -1]), national).tolist() == [1, 1, 2, 2, 0]


def test_rank_within_areas_is_the_same_whatever_their_numbers():
    draw = np.random.default_rng(7)
    area, national = draw.integers(-1, 40, 500), draw.permutation(500) + 1

    assert (
        rank_within(np.where(area < 0, -1, area * 100_000), national).tolist() == rank_within(area, national).tolist()
    )


def test_many_ties_are_broken_by_risk_and_then_by_code():
    draw = np.random.default_rng(5)
    priority, first, second = (draw.integers(0, 4, 5_000).astype(float) for _ in range(3))
    by_hand = sorted(range(5_000), key=lambda row: (-priority[row], -first[row], -second[row], row))

    assert np.argsort(rank_schools(priority, first, second)).tolist() == by_hand


def test_rank_bounds_hold_for_every_score_within_the_bounds():
    draw = np.random.default_rng(11)
    lower = draw.uniform(0, 80, 60)
    upper = lower + draw.uniform(0, 15, 60)
    low, high = rank_bounds(lower, upper)

    assert (low >= 1).all()
    assert (high <= 60).all()
    for _ in range(200):
        ranks = rank_schools(draw.uniform(lower, upper), np.zeros(60), np.zeros(60))
        assert ((low <= ranks) & (ranks <= high)).all()
    exact_low, exact_high = rank_bounds(lower, lower)
    assert (exact_low == exact_high).all()


@pytest.mark.parametrize(
    ("width", "facts_of_school", "expected"),
    [
        pytest.param(5, {}, 4, id="all fine"),
        pytest.param(5, {"firm": 0.79}, 3, id="not enough that is verified and not expired"),
        pytest.param(5, {"complete": 0.79}, 3, id="not complete enough"),
        pytest.param(15, {}, 3, id="15 percent of the list"),
        pytest.param(16, {}, 2, id="wider"),
        pytest.param(41, {}, 1, id="wider than 40 percent"),
        pytest.param(0, {"insufficient": True}, 1, id="insufficient data"),
    ],
)
def test_confidence(width, facts_of_school, expected):
    given = {"complete": 1.0, "firm": 1.0, "insufficient": False} | facts_of_school
    low = np.ones(100, dtype=np.int64)
    found = confidence(
        low,
        low + width,
        np.full(100, given["complete"]),
        np.full(100, given["firm"]),
        np.full(100, given["insufficient"]),
        ConfidenceRule(),
    )

    assert found[0] == expected


def test_value_functions_are_zero_and_one_at_their_anchors():
    for function in SCHEME.functions:
        assert function(np.array([function.x0, function.x1])) == pytest.approx([0, 1])
        assert function(np.array([function.inverse(0.5)])) == pytest.approx([0.5])
    log = ValueFunction("log", 1e-7, 1e-4)
    assert log(np.array([0.0, -1.0])).tolist() == [0, 0]
    assert np.isnan(log(np.array([np.nan]))).all()


def test_every_scheme_is_valid():
    for name in list_schemes():
        assert sum(load_scheme(name).weights) == Decimal(1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('C8 = "0.05"', 'C8 = "0.06"', id="sum above 1"),
        pytest.param('C8 = "0.05"', 'C9 = "0.05"', id="no such factor"),
        pytest.param('C8 = "0.05"', "", id="a factor without a weight"),
        pytest.param('C1 = "0.30"', 'C1 = "0.46"', id="outside its bounds"),
        pytest.param('"rockfall",', '"rockfall", "cold",', id="a hazard without an annual rate"),
    ],
)
def test_an_invalid_scheme_is_refused(tmp_path, before, after):
    text = (SCHEME_FOLDER / "default.toml").read_text(encoding="utf-8")
    (tmp_path / "wrong.toml").write_text(text.replace(before, after), encoding="utf-8")

    with pytest.raises(InvalidSchemeError):
        load_scheme("wrong", tmp_path)


def test_an_unknown_scheme_is_refused():
    with pytest.raises(UnknownSchemeError):
        load_scheme("../secrets")
