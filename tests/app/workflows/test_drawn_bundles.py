"""Drawn benefits and costs of bundles: without spread they are the plan's own, and draws share what is uncertain."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from app.funding.bundles import bundles
from app.risk.parameters import MODELS, default_parameters
from app.risk.risk_draws import Laws, default_laws
from app.workflows.cost_bundles import Figures
from app.workflows.drawn_bundles import draw_benefits
from app.workflows.drawn_costs import DrawnCosts
from app.workflows.evaluate_bundles import evaluate, objective
from app.workflows.ranking_offers import overhead_of
from app.workflows.sensitivity_inputs import Inputs
from tests.app.workflows.test_evaluate_bundles import CUTS, portfolio, small_catalogue

DRAWS = 40


def still(model="F1"):
    """Parameters of one model in which no rate has a range and open answers are met."""
    base = default_parameters()
    hazards = {
        name: dataclasses.replace(row, rate_low=row.rate, rate_high=row.rate) for name, row in base.hazards.items()
    }
    constants = dict(base.constants) | {f"model_weight.{name}": float(name == model) for name in MODELS}
    constants |= {"conformity.prior_pass_rate": 1.0}
    return dataclasses.replace(base, constants=constants, hazards=hazards)


def calm(model="F1"):
    return Laws(tuple(float(name == model) for name in MODELS), (2.3, 2.3, 2.3), 0.0, 0.0, 0.0, 0.0, 0.0, 0.01)


def inputs_of(parameters, figures=None):
    """Return the twelve schools of case O as inputs of draws, with every bundle that is offered."""
    schools, catalogue = portfolio(), small_catalogue()
    if figures is not None:
        schools = dataclasses.replace(schools, figures=figures)
    every = bundles(only_proven=True)
    found = evaluate(schools, every, catalogue, CUTS, parameters, overhead_of(parameters))
    row, column = np.nonzero(found.offered & ~np.isnan(found.cost_som))
    shared = np.zeros(len(schools.standard.codes), dtype=bool)
    return Inputs(schools, every, catalogue, parameters, row, column, found, shared)


def draw(inputs, laws, seed=1):
    return draw_benefits(inputs, laws, DRAWS, np.random.Generator(np.random.PCG64(seed)), lambda _done: None)


@pytest.mark.parametrize("model", MODELS)
def test_without_spread_each_draw_is_the_benefit_of_the_plan(model):
    inputs = inputs_of(still(model))
    whole = objective(inputs.today, inputs.portfolio.pupils, inputs.parameters)[inputs.row, inputs.column]

    found = draw(inputs, calm(model))

    assert len(whole) > 60
    assert found == pytest.approx(np.repeat(whole[:, None], DRAWS, axis=1), rel=5e-3, abs=1e-6)


def test_benefits_are_shares_of_the_country_of_their_draw():
    inputs = inputs_of(default_parameters())

    found = draw(inputs, default_laws())
    best = np.zeros((inputs.portfolio.schools, DRAWS))
    np.maximum.at(best, inputs.column, found)

    assert (found[found.mean(axis=1) > 0].std(axis=1) > 0).all()
    assert (found >= 0).all()
    assert (best.sum(axis=0) <= 1 + 1e-6).all(), "nobody takes away more than there is"
    assert (draw(inputs, default_laws()) == found).all(), "the same seed gives the same numbers"


def test_more_works_at_one_school_never_bring_less_in_any_draw():
    inputs = inputs_of(default_parameters())
    found = draw(inputs, default_laws())
    codes = [bundle.code for bundle in inputs.bundles]
    place = {
        (codes[row], int(column)): at for at, (row, column) in enumerate(zip(inputs.row, inputs.column, strict=True))
    }

    pairs = [
        (at, place[f"{code}+WASH", school]) for (code, school), at in place.items() if (f"{code}+WASH", school) in place
    ]

    assert len(pairs) > 10
    assert all((found[more] >= found[less] - 1e-6).all() for less, more in pairs)


def test_unit_costs_move_their_measure_and_what_engineers_stated_stays():
    nothing = np.full(len(portfolio().pupils), np.nan)
    stated = nothing.copy()
    stated[0] = 7_000_000.0
    inputs = inputs_of(default_parameters(), Figures(school={"RET-P": stated}))
    costs = DrawnCosts(inputs)
    base = inputs.today.cost_som[inputs.row, inputs.column]
    step, wash = (np.array([factor if code == name else 1.0 for code in costs.measures])
                  for name, factor in (("RET-P", 2.0), ("WASH", 3.0)))  # fmt: skip
    at = {(inputs.bundles[row].code, int(column)): place
          for place, (row, column) in enumerate(zip(inputs.row, inputs.column, strict=True))}  # fmt: skip

    assert costs.costs(np.ones(len(costs.measures))) == pytest.approx(base)
    assert costs.costs(step)[at["RET-P", 0]] == 7_000_000
    assert costs.costs(step)[at["RET-P", 1]] == pytest.approx(2 * base[at["RET-P", 1]], abs=1)
    water = base[at["RET-P+WASH", 1]] - base[at["RET-P", 1]]
    assert costs.costs(wash)[at["RET-P+WASH", 1]] == pytest.approx(base[at["RET-P", 1]] + 3 * water, abs=1)
    assert costs.costs(wash)[at["RET-P+WASH", 0]] == pytest.approx(
        7_000_000 + 3 * (base[at["RET-P+WASH", 0]] - 7_000_000), abs=1
    )


def test_nothing_unknown_is_bought_off():
    """A school whose risk nobody knows gets what its requirements bring and no more, in every draw."""
    inputs = inputs_of(still())
    today = inputs.today.today
    blind = dataclasses.replace(
        today,
        fatalities=np.where(np.arange(len(today.fatalities)) == 0, np.nan, today.fatalities),
        loss_som=np.where(np.arange(len(today.loss_som)) == 0, np.nan, today.loss_som),
    )
    inputs.today = dataclasses.replace(inputs.today, today=blind)

    found = draw(inputs, calm())
    whole = objective(inputs.today, inputs.portfolio.pupils, inputs.parameters)[inputs.row, inputs.column]

    assert found == pytest.approx(np.repeat(whole[:, None], DRAWS, axis=1), rel=5e-3, abs=1e-6)
