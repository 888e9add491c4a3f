"""Relations that hold between two rankings, on random portfolios: the functions are those that a ranking calls."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.assessment.answers import FAILS, MEETS, MISSING, PARTLY
from app.assessment.grades import CLASSES, GRADES, Cuts
from app.assessment.schools import score_all
from app.prioritisation.factors import SchoolFacts
from app.prioritisation.index import prioritise
from app.prioritisation.ranking import rank_schools
from app.prioritisation.scheme import load_scheme
from app.risk.building_risk import BuildingInputs, assess_buildings, assess_schools
from app.risk.damage import annual_rate, exceedance_probability
from app.risk.hazard_curve import power_law_rates
from app.risk.parameters import default_parameters
from app.risk.people import mean_persons_present, presence_of_pupil
from app.risk.vulnerability import unit_outputs
from app.workflows.canonical import canonical_hash
from tests.support import golden

P, SCHEME, STANDARD = default_parameters(), load_scheme("default"), golden.small_standard()
UNKNOWN_TYPE = len(P.types)
HAZARDS = ("flood", "mudflow", "landslide", "avalanche")
CHAINS = [("KG-ADB", "KG-URM-W", "KG-URM-C", "KG-URM-S", "KG-CM"), ("KG-RCF-I", "KG-RCF-M", "KG-RCW")]
GREEN = GRADES.index("A")
TOLERANCE = 1e-9

seeds = st.integers(0, 2**32 - 1)
portfolios = settings(max_examples=200, deadline=None)
"""At least two hundred random portfolios a relation."""


@dataclasses.dataclass
class Portfolio:
    """Schools of one building each; what a ranking reads, as arrays."""

    kind: np.ndarray
    a475_g: np.ndarray
    levels: np.ndarray
    codes: np.ndarray
    shift_pupils: np.ndarray
    staff: np.ndarray
    seats: np.ndarray
    poverty: np.ndarray
    value_som: np.ndarray

    def rows(self, chosen):
        return Portfolio(*(getattr(self, field.name)[chosen] for field in dataclasses.fields(self)))


def draw(seed, count=12):
    rng = np.random.default_rng(seed)
    codes = rng.choice([MISSING, FAILS, PARTLY, MEETS], (count, len(STANDARD.codes)), p=[0.2, 0.1, 0.2, 0.5])
    return Portfolio(
        kind=rng.integers(0, UNKNOWN_TYPE + 1, count),
        a475_g=rng.uniform(0.05, 0.6, count),
        levels=rng.integers(0, 5, (count, len(HAZARDS))).astype(np.int8),
        codes=codes.astype(np.int8),
        shift_pupils=np.stack([rng.integers(20, 900, count), rng.integers(0, 2, count) * 300], axis=1).astype(float),
        staff=rng.integers(3, 90, count).astype(float),
        seats=rng.integers(50, 900, count).astype(float),
        poverty=rng.random(count),
        value_som=rng.uniform(1e6, 1e8, count),
    )


@dataclasses.dataclass
class Outcome:
    """What a ranking says of each school."""

    risk: object
    scores: object
    priorities: object
    rank: np.ndarray

    def canonical(self):
        bounds = np.stack([getattr(self.priorities, name) for name in ("lower", "central", "upper")], axis=1)
        rows = [[str(number) for number in row] for row in np.round(bounds, 9).tolist()]
        return canonical_hash({"rows": rows, "ranks": self.rank.tolist()})


def rank(found, scheme=SCHEME):
    count = len(found.kind)
    each = np.arange(count)
    _, scores = score_all(found.codes, found.codes > 0, each, np.ones(count), count, STANDARD, Cuts())
    hours = P["occupancy.hours_secondary"]
    persons = mean_persons_present((found.shift_pupils * hours).sum(axis=1), found.staff, P)
    inputs = BuildingInputs(
        building_type=found.kind,
        modifiers=np.zeros(count, dtype=np.int64),
        a475_g=found.a475_g,
        levels={name: found.levels[:, column] for column, name in enumerate(HAZARDS)},
        counted=("earthquake", *HAZARDS, "fire"),
        persons=persons,
        presence=np.full(count, presence_of_pupil(np.array(hours), P)),
    )
    risk = assess_schools(each, assess_buildings(inputs, P), np.ones(count), found.value_som, count)
    facts = SchoolFacts(
        individual_risk=risk.individual_risk[:, :3],
        equivalent_fatalities=risk.equivalent_fatalities[:, :3],
        loss_ratio=risk.loss_ratio[:, :3],
        index=np.stack([scores.central, scores.lower, scores.upper], axis=1),
        completeness=scores.completeness,
        basic_deficiency=scores.basic_deficiency,
        basic_completeness=scores.basic_completeness,
        pupils=found.shift_pupils.sum(axis=1),
        seats=found.seats,
        minutes_to_alternative=np.full(count, np.nan),
        poverty_index=found.poverty,
    )
    priorities = prioritise(facts, scheme)
    ranks = rank_schools(priorities.central, risk.individual_risk[:, 0], risk.equivalent_fatalities[:, 0])
    return Outcome(risk, scores, priorities, ranks)


def others(seed, count=12):
    """Return one school, and all others."""
    chosen = seed % count
    return chosen, np.arange(count) != chosen


def not_less(after, before):
    return (np.asarray(after) >= np.asarray(before) - TOLERANCE).all()


@portfolios
@given(seeds, st.floats(1.01, 3.0))
def test_l01_more_shaking_never_lowers_and_leaves_others_alone(seed, factor):
    found = draw(seed)
    chosen, rest = others(seed)
    more = dataclasses.replace(found, a475_g=np.where(rest, found.a475_g, found.a475_g * factor))
    before, after = rank(found), rank(more)

    for part in ("individual_risk", "equivalent_fatalities", "loss_ratio"):
        assert not_less(getattr(after.risk, part)[chosen], getattr(before.risk, part)[chosen])
        assert (getattr(after.risk, part)[rest] == getattr(before.risk, part)[rest]).all()
    assert not_less(after.priorities.central[chosen], before.priorities.central[chosen])
    assert (after.priorities.central[rest] == before.priorities.central[rest]).all()


@portfolios
@given(st.floats(0.03, 1.2), st.floats(0.6, 1.0), st.sampled_from(CHAINS), st.sampled_from([0, 1]))
def test_l02_a_worse_type_never_has_less_risk(a475, modifier, chain, model):
    rows = [P.types.index(kind) for kind in chain]
    outputs = unit_outputs(P, modifier)[model, rows] * a475 ** P["seismic.k"]

    assert (np.diff(outputs, axis=0) <= 0).all()


@portfolios
@given(seeds, st.integers(0, len(STANDARD.codes) - 1), st.sampled_from([(MEETS, PARTLY), (PARTLY, FAILS)]))
def test_l03_a_worse_answer_never_raises_the_index_nor_lowers_the_priority(seed, criterion, step):
    found = draw(seed)
    chosen, _ = others(seed)
    better, worse = (found.codes.copy() for _ in range(2))
    better[chosen, criterion], worse[chosen, criterion] = step
    before, after = (rank(dataclasses.replace(found, codes=codes)) for codes in (better, worse))

    for bound in ("lower", "central", "upper"):
        assert not_less(getattr(before.scores, bound)[chosen], getattr(after.scores, bound)[chosen])
        assert not_less(getattr(after.priorities, bound)[chosen], getattr(before.priorities, bound)[chosen])


@portfolios
@given(seeds, st.sampled_from(np.flatnonzero(STANDARD.is_critical).tolist()))
def test_l04_a_failed_red_flag_caps_the_index(seed, criterion):
    found = draw(seed)
    found.codes[:, criterion] = FAILS
    after = rank(found)

    assert (after.scores.upper <= STANDARD.cap[criterion] + TOLERANCE).all()
    assert (np.array((*GRADES, None))[after.scores.grade] == "E").all()


@portfolios
@given(seeds, st.integers(0, len(STANDARD.codes) - 1))
def test_l05_and_l22_a_forgotten_answer_widens_and_never_gives_a_pass(seed, criterion):
    found = draw(seed)
    found.codes[:, criterion] = np.where(found.codes[:, criterion] == MISSING, MEETS, found.codes[:, criterion])
    forgotten = found.codes.copy()
    forgotten[:, criterion] = MISSING
    before, after = rank(found), rank(dataclasses.replace(found, codes=forgotten))

    for level in (after.scores, after.priorities):
        former = before.scores if level is after.scores else before.priorities
        assert not_less(former.lower, level.lower)
        assert not_less(level.upper, former.upper)
        assert not_less(former.central, level.lower)
        assert not_less(level.upper, former.central)
    short = after.scores.completeness < Cuts().completeness
    assert not (short & (after.scores.grade == GREEN)).any()
    assert not (short & (after.scores.conformity_class == CLASSES.index("conforming"))).any()


@portfolios
@given(seeds)
def test_l22_an_unknown_type_or_level_widens_around_the_known_one(seed):
    found = draw(seed)
    found.kind[found.kind == UNKNOWN_TYPE] = 0
    found.levels[found.levels == 0] = 1
    before = rank(found)
    unknown_type = rank(dataclasses.replace(found, kind=np.full_like(found.kind, UNKNOWN_TYPE)))
    unknown_level = rank(dataclasses.replace(found, levels=np.zeros_like(found.levels)))

    for after in (unknown_type, unknown_level):
        assert not_less(before.priorities.central, after.priorities.lower)
        assert not_less(after.priorities.upper, before.priorities.central)
        assert not_less(
            after.priorities.upper - after.priorities.lower, before.priorities.upper - before.priorities.lower
        )


@portfolios
@given(seeds)
def test_l09_money_in_thousands_changes_no_score_rank_or_hash(seed):
    found = draw(seed)
    before, after = rank(found), rank(dataclasses.replace(found, value_som=found.value_som / 1000))

    assert (before.rank == after.rank).all()
    assert before.canonical() == after.canonical()


@portfolios
@given(st.floats(0.03, 1.2), st.floats(0.05, 1.5), st.floats(0.3, 0.9), st.floats(1.8, 2.7))
def test_l10_the_unit_of_acceleration_changes_no_rate(a475, median, beta, k):
    def rate(unit):
        motion = np.geomspace(P["seismic.grid_low_g"], P["seismic.grid_high_g"], int(P["seismic.grid_points"])) * unit
        rates = power_law_rates(motion, np.array([a475 * unit]), k, P["seismic.reference_rate"])
        return annual_rate(rates, exceedance_probability(motion, np.array([median * unit]), beta, motion[0]))

    assert rate(9.80665) == pytest.approx(rate(1.0), rel=1e-9)


@portfolios
@given(seeds, seeds)
def test_l11_a_new_school_moves_no_other_score(seed, other):
    found, new = draw(seed), draw(other, 1)
    both = Portfolio(
        *(np.concatenate([getattr(part, field.name) for part in (found, new)]) for field in dataclasses.fields(found))
    )
    before, after = rank(found), rank(both)

    for bound in ("lower", "central", "upper"):
        assert (getattr(after.priorities, bound)[:-1] == getattr(before.priorities, bound)).all()


@portfolios
@given(seeds)
def test_l12_a_copy_has_the_same_score_and_stands_next_by_the_tie_rule(seed):
    found = draw(seed)
    chosen, _ = others(seed)
    after = rank(found.rows(np.append(np.arange(len(found.kind)), chosen)))

    assert after.priorities.central[-1] == after.priorities.central[chosen]
    assert after.rank[-1] == after.rank[chosen] + 1


@portfolios
@given(seeds)
def test_l13_the_order_of_rows_changes_nothing(seed):
    found = draw(seed)
    order = np.random.default_rng(seed).permutation(len(found.kind))
    back = np.argsort(order)
    before, after = rank(found), rank(found.rows(order))

    assert (after.priorities.central[back] == before.priorities.central).all()
    assert (after.rank[back] == before.rank).all()
    after.priorities = type(after.priorities)(*(values[back] for values in after.priorities))
    after.rank = after.rank[back]
    assert after.canonical() == before.canonical()


@portfolios
@given(seeds, st.floats(0.01, 100))
def test_l14_weights_scaled_by_one_factor_and_normalised_give_the_same_list(seed, factor):
    scaled = [float(weight) * factor for weight in SCHEME.weights]
    same = dataclasses.replace(SCHEME, weights=tuple(weight / sum(scaled) for weight in scaled))
    before, after = rank(draw(seed)), rank(draw(seed), same)

    assert after.priorities.central == pytest.approx(before.priorities.central, abs=1e-8)
    assert (after.rank == before.rank).all()


@portfolios
@given(seeds)
def test_l15_twice_the_people_twice_the_deaths_and_nothing_else(seed):
    found = draw(seed)
    twice = dataclasses.replace(found, shift_pupils=found.shift_pupils * 2, staff=found.staff * 2)
    before, after = rank(found), rank(twice)

    assert after.risk.equivalent_fatalities == pytest.approx(2 * before.risk.equivalent_fatalities)
    assert (after.risk.individual_risk == before.risk.individual_risk).all()
    assert (after.risk.loss_ratio == before.risk.loss_ratio).all()


@portfolios
@given(seeds, st.integers(1, 900))
def test_l16_a_second_shift_raises_deaths_and_not_the_risk_of_a_first_shift_pupil(seed, pupils):
    found = draw(seed)
    found.shift_pupils[:, 1] = 0
    with_second = found.shift_pupils.copy()
    with_second[:, 1] = pupils
    before, after = rank(found), rank(dataclasses.replace(found, shift_pupils=with_second))

    assert (after.risk.equivalent_fatalities[:, 0] > before.risk.equivalent_fatalities[:, 0]).all()
    assert (after.risk.individual_risk == before.risk.individual_risk).all()


@portfolios
@given(seeds)
def test_l25_the_same_inputs_give_the_same_bytes(seed):
    assert rank(draw(seed)).canonical() == rank(draw(seed)).canonical()
