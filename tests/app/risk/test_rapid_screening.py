"""P-154 against published scores, and what an unknown fact may not do."""

from __future__ import annotations

import numpy as np
import pytest

from app.risk.errors import MissingParameterError
from app.risk.parameters import default_parameters
from app.risk.rapid_screening import (
    CODE,
    MODERATE_VERTICAL,
    NO_VERTICAL,
    POST_BENCHMARK,
    PRE_CODE,
    REGIONS,
    SEVERE_VERTICAL,
    SOIL_AB,
    SOIL_CD,
    SOIL_E,
    ScreeningFacts,
    collapse_probability,
    default_screening,
    needs_review,
    screen,
    screen_types,
    screening_facts,
    screening_table,
)
from geodata.readers.parameter_tables import ParameterTables, read_parameter_tables
from tests.support import golden

P, TABLE = default_parameters(), default_screening()
VERTICAL = {"none": NO_VERTICAL, "moderate": MODERATE_VERTICAL, "severe": SEVERE_VERTICAL}
ERAS = {"pre": PRE_CODE, "code": CODE, "post": POST_BENCHMARK}
SOILS = {"AB": SOIL_AB, "CD": SOIL_CD, "E": SOIL_E}


def facts_of(case):
    return ScreeningFacts(
        np.array([REGIONS.index(case["seismicity"])]),
        np.array([VERTICAL[case["vertical"]]]),
        np.array([case["plan_irregular"]]),
        np.array([ERAS[case["era"]]]),
        np.array([SOILS[case["soil"]]]),
        np.array([case["stories"]]),
    )


@pytest.mark.parametrize(
    "case",
    golden.load("E_p154")["cases"],
    ids=lambda case: f"{case['input']['building_type']} {case['input']['seismicity']}",
)
def test_score_equals_the_published_form(case):
    kind = np.array([TABLE.types.index(case["input"]["building_type"])])

    found = screen(facts_of(case["input"]), kind, TABLE)

    assert found.raw[0] == pytest.approx(case["expected"]["raw"], abs=1e-9)
    assert found.score[0] == pytest.approx(case["expected"]["score"], abs=1e-9)
    assert (found.score[0] < P["p154.cut_off"]) == case["expected"]["below_cutoff_2_0"]
    assert collapse_probability(found.score)[0] == pytest.approx(case["expected"]["collapse_prob_at_MCE"], abs=1e-9)


def ours(kind, msk=8.0, soil=2, vertical=False, plan=False, year=1980, storeys=2):
    number = len(P.types) if kind is None else P.types.index(kind)
    one = [np.array([value]) for value in (msk, soil, vertical, plan, year, storeys)]
    return float(screen_types(screening_facts(*one, P), np.array([number]), TABLE).score[0])


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        pytest.param({"year": 2015}, {"year": 0}, id="year"),
        pytest.param({"soil": 1}, {"soil": 0}, id="soil"),
        pytest.param({"soil": 3, "storeys": 2}, {"soil": 3, "storeys": 0}, id="storeys"),
    ],
)
def test_an_unknown_fact_never_raises_the_score(known, unknown):
    for kind in P.types:
        assert ours(kind, **unknown) <= ours(kind, **known)


def test_an_unknown_type_takes_the_lowest_of_all_candidates():
    assert ours(None) == min(ours(kind) for kind in P.types)


def test_stronger_zones_and_softer_soil_never_raise_the_score():
    for kind in P.types:
        scores = [ours(kind, msk=zone) for zone in (7.0, 8.0, 9.0, 10.0)]
        assert scores == sorted(scores, reverse=True)
        assert ours(kind, msk=9.0, soil=3) <= ours(kind, msk=9.0, soil=2)


def test_an_unknown_motion_gives_no_score_and_no_review():
    score = ours("KG-RCW", msk=np.nan)

    assert np.isnan(score)
    assert not needs_review(np.array([score]), np.array([1e-3]), P)[0]


def test_only_a_disagreement_asks_for_review():
    score, risk = np.array([3.0, 3.0, 1.0, 1.0, 3.0]), np.array([1e-6, 1e-4, 1e-4, 1e-6, np.nan])

    assert needs_review(score, risk, P).tolist() == [False, True, False, True, False]


def test_a_table_without_a_basic_score_is_refused():
    tables = read_parameter_tables()
    rows = [row for row in tables.rows["p154_level1_scores"] if (row["item"], row["building_type"]) != ("BASIC", "C1")]

    with pytest.raises(MissingParameterError, match="C1 BASIC"):
        screening_table(ParameterTables({**tables.rows, "p154_level1_scores": rows}, tables.sha256))
