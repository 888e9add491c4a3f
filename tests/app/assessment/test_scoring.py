"""Conformity against known answers, and what must hold for any answers."""

from __future__ import annotations

import numpy as np
import pytest

from app.assessment.answers import FAILS, MEETS, MISSING, NOT_APPLICABLE, PARTLY
from app.assessment.errors import InvalidStandardError
from app.assessment.grades import CLASSES, GRADES, Cuts
from app.assessment.schools import score_all
from app.assessment.standard import Standard
from tests.support import golden

STANDARD = golden.small_standard()
F = golden.load("F_conformity")["cases"]


def score(codes, *, school=None, share=None, standard=STANDARD, verified=None):
    codes = np.asarray(codes, dtype=np.int8)
    school = np.arange(len(codes)) if school is None else np.asarray(school)
    share = np.ones(len(codes)) if share is None else np.asarray(share, dtype=float)
    verified = codes > 0 if verified is None else verified
    return score_all(codes, verified, school, share, school.max() + 1, standard, Cuts())


@pytest.mark.parametrize("case", F, ids=["all met", "flag failed", "flags missing", "partly and NA", "nothing known"])
def test_index_equals_the_known_answer(case):
    buildings, schools = score([golden.codes_of(STANDARD, case["input"]["scores"])])

    expected = case["expected"]
    found = (schools.lower[0], schools.central[0], schools.upper[0], schools.completeness[0])
    wanted = [expected[name] for name in ("lower", "central", "upper", "completeness")]
    assert found == pytest.approx(wanted, abs=1e-9)
    flags = [code for code, failed in zip(STANDARD.codes, schools.failed_flags[0], strict=True) if failed]
    assert flags == expected["red_flags"]
    assert CLASSES[schools.conformity_class[0]] == expected["class"]
    only = buildings.conformity.assessed_only[0]
    assert np.isnan(only) if expected["assessed_only"] is None else only == pytest.approx(expected["assessed_only"])


def test_twelve_schools_have_the_conformity_of_the_reference_implementation():
    case = golden.load("O_end_to_end")
    _, found = score([golden.codes_of(STANDARD, school["standard"]) for school in case["input"]["schools"]])

    expected = [answer["baseline"] for answer in case["expected"]["per_school"]]
    for name in ("lower", "central", "upper", "completeness"):
        assert getattr(found, name) == pytest.approx([row["conformity"][name] for row in expected], abs=1e-9)
    assert found.basic_deficiency[:, 0] == pytest.approx([row["basic"] for row in expected], abs=1e-9)


def test_basic_services_are_assessed_apart_from_the_rest():
    codes = np.zeros((3, len(STANDARD.codes)), dtype=np.int8)
    codes[:] = MISSING
    services = np.flatnonzero(STANDARD.is_basic_service)
    others = np.flatnonzero(STANDARD.is_physical & ~STANDARD.is_basic_service)
    codes[1, others[0]] = MEETS
    codes[2, services[0]] = FAILS
    _, found = score(codes)

    assert (found.completeness > 0).tolist() == [False, True, True]
    assert (found.basic_completeness > 0).tolist() == [False, False, True]
    weight = STANDARD.weight[services]
    assert found.basic_completeness[2] == pytest.approx(weight[0] / weight.sum())
    assert found.basic_deficiency[:2, 0] == pytest.approx([0.5, 0.5])


def with_index(**changed):
    """Weights of 1, one red flag; codes by counts of met, partly, failed, missing."""
    size = sum(changed.values())
    standard = Standard(
        tuple(f"K{n}" for n in range(size)), np.ones(size), np.full(size, np.nan), ("A",) * size, ("physical",) * size
    )
    order = {"meets": MEETS, "partly": PARTLY, "fails": FAILS, "missing": MISSING}
    return standard, [[order[state] for state, number in changed.items() for _ in range(number)]]


@pytest.mark.parametrize(
    ("answers", "label", "letter"),
    [
        pytest.param({"meets": 8, "fails": 2}, "conforming", "A", id="80 of 100 and complete"),
        pytest.param({"meets": 79, "fails": 21}, "partly_conforming", "B", id="79"),
        pytest.param({"meets": 59, "fails": 41}, "non_conforming", "C", id="59"),
        pytest.param({"meets": 39, "fails": 61}, "critical", "D", id="39"),
        pytest.param({"meets": 79, "missing": 21}, "conforming_incomplete", "B", id="79 % assessed: not green"),
        pytest.param({"meets": 80, "missing": 20}, "conforming", "A", id="80 % assessed is enough"),
        pytest.param({"meets": 30, "missing": 70}, "insufficient_data", None, id="too little known"),
        pytest.param({"fails": 61, "missing": 39}, "critical", "D", id="critical whatever is missing"),
        pytest.param({"fails": 21, "meets": 40, "missing": 39}, "non_conforming", "C", id="known badly enough"),
    ],
)
def test_class_and_grade(answers, label, letter):
    standard, codes = with_index(**answers)
    _, found = score(codes, standard=standard)

    assert CLASSES[found.conformity_class[0]] == label
    assert GRADES[found.grade[0]] == letter


def test_the_lowest_cap_of_failed_flags_counts():
    scores = dict.fromkeys(STANDARD.codes, 1) | {"S09": 0, "S05": 0}
    _, found = score([golden.codes_of(STANDARD, scores)])

    assert found.upper[0] == 35
    assert GRADES[found.grade[0]] == "E"


def random_codes(seed=7, count=400):
    return np.random.default_rng(seed).choice(5, size=(count, 18), p=[0.2, 0.15, 0.15, 0.45, 0.05]).astype(np.int8)


def test_a_worse_answer_never_raises_the_index():
    codes = random_codes()
    _, before = score(codes)
    for criterion in range(18):
        worse = codes.copy()
        column = worse[:, criterion]
        worse[:, criterion] = np.where(column == MEETS, PARTLY, np.where(column == PARTLY, FAILS, column))
        _, after = score(worse)
        for name in ("lower", "central", "upper"):
            assert (getattr(after, name) <= getattr(before, name) + 1e-9).all()


def test_losing_an_answer_widens_the_bounds_and_never_makes_a_school_green():
    codes = random_codes()
    _, before = score(codes)
    for criterion in range(18):
        fewer = codes.copy()
        fewer[:, criterion] = np.where(codes[:, criterion] == NOT_APPLICABLE, NOT_APPLICABLE, MISSING)
        _, after = score(fewer)
        assert (after.lower <= before.lower + 1e-9).all()
        assert (after.upper >= before.upper - 1e-9).all()
        assert not ((after.grade == GRADES.index("A")) & (after.completeness < 0.8 - 1e-9)).any()


def test_central_lies_within_the_bounds():
    _, found = score(random_codes())

    assert (found.lower <= found.central + 1e-9).all()
    assert (found.central <= found.upper + 1e-9).all()


def test_the_order_of_schools_changes_nothing_and_another_school_moves_none():
    codes = random_codes()
    order = np.random.default_rng(1).permutation(len(codes))
    _, one = score(codes)
    _, other = score(codes[order])
    _, fewer = score(codes[:-1])

    assert (one.central[order] == other.central).all()
    assert (one.central[:-1] == fewer.central).all()


def test_a_school_is_the_mean_of_its_pupils_and_the_worst_of_its_buildings():
    good = golden.codes_of(STANDARD, dict.fromkeys(STANDARD.codes, 1))
    bad = golden.codes_of(STANDARD, dict.fromkeys(STANDARD.codes, 1) | {"S03": 0})
    unsafe = golden.codes_of(STANDARD, dict.fromkeys(STANDARD.codes, 1) | {"S02": 0})
    _, found = score([good, bad, good, unsafe], school=[0, 0, 1, 1], share=[0.75, 0.25, 1.0, 0.0])

    assert found.central == pytest.approx([0.75 * 100 + 0.25 * 94, 100])
    assert [GRADES[letter] for letter in found.grade] == ["A", "E"]
    assert found.failed_flags[1, STANDARD.codes.index("S02")]


def test_no_grade_is_worse_than_c_and_better_than_d():
    nothing = golden.codes_of(STANDARD, {})
    half = golden.codes_of(STANDARD, dict.fromkeys(STANDARD.codes, 0.5))
    critical = [FAILS if np.isnan(cap) else PARTLY for cap in STANDARD.cap]
    _, found = score([half, nothing, nothing, critical], school=[0, 0, 1, 1])

    assert [GRADES[letter] for letter in found.grade] == [None, "D"]


def test_management_is_shown_apart_and_protection_is_refused():
    groups = ("physical", "management")
    standard = Standard(("A1", "B1"), np.array([1.0, 5.0]), np.array([np.nan, 25.0]), ("A", "B"), groups)
    _, found = score([[MEETS, FAILS]], standard=standard)

    assert found.central[0] == 100
    assert GRADES[found.grade[0]] == "A"
    assert found.domain_index[0, :, 1].tolist() == [100, 0]
    with pytest.raises(InvalidStandardError):
        Standard(("A1",), np.ones(1), np.full(1, np.nan), ("A",), ("protection",))


def test_a_domain_of_which_nothing_applies_has_no_index():
    standard = Standard(("A1", "B1"), np.ones(2), np.full(2, np.nan), ("A", "B"), ("physical",) * 2)
    _, found = score([[MEETS, NOT_APPLICABLE]], standard=standard)

    assert np.isnan(found.domain_index[0, 1]).all()
    assert found.completeness[0] == 1


def test_verified_completeness_counts_verified_answers_only():
    codes = np.full((1, 18), MEETS, dtype=np.int8)
    verified = np.zeros((1, 18), dtype=bool)
    verified[0, :2] = True
    _, found = score(codes, verified=verified)

    assert found.completeness[0] == 1
    assert found.verified_completeness[0] == pytest.approx(0.24)


def trusted(codes, verified, trust):
    codes, verified = np.array([codes], dtype=np.int8), np.array([verified])
    size = codes.shape[1]
    standard = Standard(
        tuple(f"K{n}" for n in range(size)), np.ones(size), np.full(size, np.nan), ("A",) * size, ("physical",) * size
    )
    return score_all(codes, verified, np.zeros(1, int), np.ones(1), 1, standard, Cuts(), 0.5, trust)[1]


def test_the_part_of_an_unverified_answer_that_is_not_believed_is_open():
    # by hand, weight 1 each: own "meets" earns 0.8, "fails" 0, "partly" 0.4; open are 3 x 0.2; verified "meets" earns 1
    found = trusted([MEETS, FAILS, PARTLY, MEETS], [False, False, False, True], 0.8)

    assert found.lower[0] == pytest.approx(100 * (0.8 + 0.4 + 1) / 4)
    assert found.central[0] == pytest.approx(100 * (0.8 + 0.4 + 1 + 0.6 * 0.5) / 4)
    assert found.upper[0] == pytest.approx(100 * (0.8 + 0.4 + 1 + 0.6) / 4)
    assert found.completeness[0] == 1


def test_verification_moves_the_index_towards_what_was_answered_and_narrows_it():
    own = trusted([MEETS, MEETS, FAILS, MISSING], [False] * 4, 0.8)
    checked = trusted([MEETS, MEETS, FAILS, MISSING], [True] * 4, 0.8)

    assert own.lower[0] < checked.lower[0] <= checked.upper[0] < own.upper[0]
    assert abs(own.central[0] - 50) < abs(checked.central[0] - 50)
    assert own.completeness[0] == checked.completeness[0] == 0.75


def test_with_full_trust_nobody_asks_who_answered():
    answers = [MEETS, FAILS, PARTLY, NOT_APPLICABLE, MISSING]
    own, checked = trusted(answers, [False] * 5, 1.0), trusted(answers, [True] * 5, 1.0)

    assert (own.lower, own.central, own.upper) == (checked.lower, checked.central, checked.upper)


def test_what_does_not_apply_is_not_doubted():
    assert trusted([MEETS, NOT_APPLICABLE], [True, False], 0.5).central[0] == 100
