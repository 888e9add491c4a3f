"""A school day under the 475-year motion: bounds over models and types, and the toll of a school by hand."""

import numpy as np
import pytest

from app.risk.day_scenario import day_impact, toll
from app.risk.event import building_impact
from app.risk.parameters import MODELS, default_parameters

P = default_parameters()
UNKNOWN = len(P.types)
NONE = np.array([0])


def impact(kind, motion=0.4):
    return day_impact(np.array([motion]), np.array([kind]), NONE, P)


def test_the_middle_is_the_weighted_mean_of_three_models_and_their_spread_stands_beside():
    adobe = P.types.index("KG-ADB")
    by_model = building_impact(np.array([0.4]), np.array([adobe]), NONE, P).death[0]
    weights = [P[f"model_weight.{model}"] for model in MODELS]
    found = impact(adobe).death[0]

    assert found[:3] == pytest.approx([float(by_model @ weights)] * 3)
    assert found[3:] == pytest.approx([by_model.min(), by_model.max()])
    assert found[3] < found[0] < found[4]


def test_an_unknown_type_is_as_wide_as_all_types_and_never_the_best_alone():
    every = [impact(kind).death[0, 0] for kind in range(UNKNOWN)]
    found = impact(UNKNOWN).death[0]

    assert found[:3] == pytest.approx([np.mean(every), min(every), max(every)])


def test_stronger_shaking_never_hurts_fewer():
    motions = np.linspace(0.05, 1.0, 30)
    for kind in (P.types.index("KG-RCW"), P.types.index("KG-URM-C"), UNKNOWN):
        found = day_impact(motions, np.full(30, kind), np.zeros(30, dtype=int), P)

        assert (np.diff(found.severe[:, 0]) >= -1e-12).all()
        assert (found.death <= found.severe + 1e-12).all(), "who dies is among the badly hurt"


def test_unknown_shaking_is_unknown():
    assert np.isnan(impact(0, motion=np.nan).death).all()


def test_the_toll_of_a_school_is_the_sum_over_where_its_pupils_are():
    shares = np.array([0.75, 0.25, 0.0])
    parts = np.array([[0.10] * 5, [0.02] * 5, [np.nan] * 5])

    # 400 pupils: 300 x 0.10 + 100 x 0.02 = 32; the boiler house of unknown shaking holds nobody
    assert toll(shares, parts, 400.0) == pytest.approx([32.0] * 5)
    assert np.isnan(toll(np.array([0.75, 0.0, 0.25]), parts, 400.0)).all()
    assert np.isnan(toll(shares, parts, np.nan)).all()
    assert np.isnan(toll(np.zeros(3), parts, 400.0)).all()
