"""An engineer's figure takes the place of the estimate, and a decision that of the rule; the old estimate stays."""

from dataclasses import replace

import numpy as np
import pytest

from app.funding.bundles import bundles
from app.workflows.cost_bundles import Figures
from app.workflows.evaluate_bundles import evaluate
from tests.app.workflows.test_evaluate_bundles import CUTS, SCHOOLS, P, portfolio, small_catalogue

BUNDLES = bundles(only_proven=True)
ROW = {bundle.code: number for number, bundle in enumerate(BUNDLES)}


def evaluated(**changes):
    return evaluate(replace(portfolio(), **changes), BUNDLES, small_catalogue(), CUTS, P, 0.0)


def one(value, at=0):
    found = np.full(len(SCHOOLS), np.nan)
    found[at] = value
    return found


@pytest.fixture(scope="module")
def estimated():
    return evaluated()


@pytest.mark.parametrize("place", ["school", "building"])
def test_a_figure_for_a_measure_counts_in_every_bundle_that_holds_it(estimated, place):
    """The known answer's first school has one building, so that both ways are the same sum."""
    found = evaluated(figures=Figures(**{place: {"RET": one(12_345_678)}}))

    rest = estimated.cost_som[ROW["RET+WASH"], 0] - estimated.cost_som[ROW["RET"], 0]
    assert found.cost_som[ROW["RET"], 0] == 12_345_678
    assert found.cost_som[ROW["RET+WASH"], 0] == 12_345_678 + rest
    assert found.costs.estimate_som[ROW["RET"], 0] == estimated.cost_som[ROW["RET"], 0]
    assert found.costs.is_figure[ROW["RET"]].tolist() == [True] + [False] * (len(SCHOOLS) - 1)
    assert not found.costs.is_figure[ROW["REP"]].any()
    assert np.array_equal(found.cost_som[:, 1:], estimated.cost_som[:, 1:], equal_nan=True)


def test_a_figure_for_a_bundle_stands_above_those_for_its_measures():
    found = evaluated(figures=Figures({"RET": one(10_000_000), "RET+WASH": one(11_000_000)}))

    assert found.cost_som[ROW["RET+WASH"], 0] == 11_000_000
    assert found.cost_som[ROW["RET"], 0] == 10_000_000


def test_a_figure_has_no_bounds_but_itself_and_an_estimate_has_those_of_its_unit_costs(estimated):
    found = evaluated(figures=Figures({"RET": one(10_000_000)}))
    row = ROW["RET"]

    assert found.costs.low_som[row, 0] == found.costs.high_som[row, 0] == 10_000_000
    assert (estimated.costs.low_som[row] <= estimated.cost_som[row]).all()
    assert (estimated.cost_som[row] < estimated.costs.high_som[row]).all()


def test_a_figure_makes_an_unknown_cost_known():
    area = portfolio().area_m2.copy()
    area[0] = np.nan
    unknown, known = evaluated(area_m2=area), evaluated(area_m2=area, figures=Figures({}, {"RET": one(9_000_000)}))

    assert np.isnan(unknown.cost_som[ROW["RET"], 0])
    assert known.cost_som[ROW["RET"], 0] == 9_000_000
    assert np.isnan(known.costs.estimate_som[ROW["RET"], 0])


def test_a_dear_retrofit_by_an_engineer_is_not_offered_any_more_by_the_rule():
    value = portfolio().replacement_som[0]
    found = evaluated(figures=Figures({"RET": one(round(0.61 * value))}))

    assert not found.offered[ROW["RET"], 0]
    assert found.offered[ROW["REP"], 0]
    assert found.rule.retrofit_som[0] == round(0.61 * value)


@pytest.mark.parametrize(
    ("choice", "offered"),
    [("retrofit", {"RET", "RET-P"}), ("replace", {"REP"}), ("relocate", {"REL"})],
)
def test_a_decision_stands_in_place_of_the_rule(choice, offered):
    decided = np.array([choice] + [""] * (len(SCHOOLS) - 1))
    condemned = np.array([True] + [False] * (len(SCHOOLS) - 1))
    found = evaluated(choice=decided, is_condemned=condemned)

    alone = {code for code in ("RET", "RET-P", "REP", "REL") if found.offered[ROW[code], 0]}
    assert alone == offered
    assert found.rule.choice[0] == choice
