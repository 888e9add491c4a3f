"""What a survey is worth: nothing where it changes no decision, most where much is unknown near the shadow price."""

from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import update

from app.funding.bundles import Bundle
from app.funding.information import of_normal, of_normals
from app.risk.parameters import default_parameters
from app.workflows.evaluate_bundles import Evaluated, State, objective
from app.workflows.rank_schools import rank_schools
from app.workflows.ranking_survey import REASONS, worth_of_surveys
from geodata.models import Building
from geodata.queries import survey_values
from tests.factories.country import make_country
from tests.support import golden

CASES = [case["input"] for case in golden.load("K_voi")["cases"] if "benefit_mean" in case["input"]]


@pytest.fixture
def country(session):
    return make_country(session)


def values(session):
    run = rank_schools(session)
    return {row.code: row for row in survey_values.list_values(session, run.run_id)}


def test_many_schools_at_once_are_worth_what_each_is_by_the_known_answers():
    mean, deviation, price = (
        np.array([case[name] for case in CASES], dtype=float)
        for name in ("benefit_mean", "benefit_sd", "shadow_price_times_cost")
    )
    found = of_normals(mean, deviation, price)

    for at, case in enumerate(golden.load("K_voi")["cases"][: len(CASES)]):
        assert found.gross[at] == pytest.approx(case["expected"]["voi"], abs=1e-6)
        assert found.switches[at] == pytest.approx(case["expected"]["p_switch"], rel=1e-6)


@pytest.mark.parametrize(("mean", "price"), [(10.0, 7.0), (10.0, 13.0), (0.0, 0.0)])
def test_what_is_known_is_worth_nothing_and_what_is_unknown_stays_unknown(mean, price):
    known = of_normals(np.array([mean, np.nan]), np.zeros(2), np.array([price, price]))

    assert known.gross[0] == of_normal(mean, 0.0, price, 0.0).gross == 0
    assert known.switches[0] == 0
    assert np.isnan([known.gross[1], known.switches[1]]).all()


def test_every_school_of_a_run_has_a_worth_and_a_reason_in_one_place(session, country):
    found = values(session)

    assert set(found) == {"S1", "S2", "S3", "S4"}
    for row in found.values():
        if row.reason == "not_computed":
            assert row.net_som is None
        else:
            assert row.net_som == pytest.approx(row.gross_som - row.survey_som)


def test_where_no_area_is_known_nothing_is_invented(session, country):
    found = values(session)["S4"]

    assert (found.reason, found.survey_som, found.net_som) == ("not_computed", None, None)


def test_enough_money_for_everybody_makes_every_survey_a_cost(session, country):
    """Four schools cost less than the budget of the parameter: whatever is found, all of it is done."""
    found = values(session)["S1"]

    assert found.reason == "money_for_all"
    assert found.net_som == -found.survey_som
    assert found.switches == 0


def test_near_the_shadow_price_an_unknown_type_is_worth_a_survey(session, country, monkeypatch):
    """A budget that buys a part of the measures; the type of one building is unknown."""
    real = default_parameters()
    small = replace(real, constants={**real.constants, "survey.budget_som": 3_000_000.0})
    monkeypatch.setattr("app.workflows.rank_schools.default_parameters", lambda: small)
    before = values(session)
    session.execute(
        update(Building).where(Building.school_id == country.schools["S1"].id).values(building_type="KG-UNK")
    )
    after = values(session)

    assert after["S1"].gross_som > before["S1"].gross_som
    assert after["S1"].unknown_part == "risk"
    assert after["S1"].reason in ("may_enter", "may_leave", "may_change", "decided")


def evaluated(lives_after, lower, upper, cost):
    """Return schools that lose one life a year each, with measures (rows) that leave ``lives_after`` of it."""
    schools = len(cost[0])
    nothing = np.zeros((schools, 2))

    def state(lives, low, high):
        bounds = {"fatalities": np.stack([low, high], axis=1), "loss_som": nothing, "conformity": nothing}
        return State(np.array(lives, dtype=float), np.zeros(schools), np.zeros(schools), bounds)

    return Evaluated(
        bundles=tuple(Bundle((code,)) for code in ("RET", "REP")[: len(cost)]),
        today=state(np.ones(schools), np.ones(schools), np.ones(schools)),
        offered=np.ones((len(cost), schools), dtype=bool),
        cost_som=np.array(cost, dtype=float),
        after=tuple(state(*row) for row in zip(lives_after, lower, upper, strict=True)),
        costs=None,
        rule=None,
    )


PARAMETERS = {
    "objective.life": 1.0, "objective.loss": 0.0, "objective.conformity": 0.0,
    "survey.budget_som": 1_500.0, "survey.interval_deviations": 2.0,
}  # fmt: skip
SURVEY_SOM = np.array([10.0, 10.0, 10.0])


def worth(found):
    pupils = np.zeros(3)
    benefit = objective(found, pupils, PARAMETERS)
    return worth_of_surveys(found, benefit, pupils, SURVEY_SOM, PARAMETERS), benefit


def test_with_one_measure_it_is_the_formula_of_the_method():
    """Benefits 0.3, 0.2 and 0.1 of 3 lives for 1,000 som each; the money buys one and a half: 0.2 a thousand som."""
    found = evaluated([[0.1, 0.4, 0.7]], [[0.1, 0.3, 0.4]], [[0.1, 0.5, 1.0]], [[1_000, 1_000, 1_000]])
    made, benefit = worth(found)
    price = benefit[0, 1] / 1_000
    by_hand = [of_normal(benefit[0, at], sd / 3, 1_000 * price, 0.0) for at, sd in enumerate((0.0, 0.1, 0.3))]

    assert benefit[0] == pytest.approx([0.3, 0.2, 0.1])
    assert made.deviation == pytest.approx([0.0, 0.1 / 3, 0.1])
    assert made.gross_som == pytest.approx([value.gross / price for value in by_hand])
    assert made.switches[1:] == pytest.approx([value.switches for value in by_hand[1:]])
    assert made.net_som == pytest.approx(made.gross_som - 10)
    assert [REASONS[at] for at in made.reason] == ["decided", "may_enter", "may_enter"]


def test_what_two_measures_share_cancels_and_what_only_one_of_them_hangs_on_is_worth_a_visit():
    """At the first school both measures gain as much more or less together; at the second the dearer one alone."""
    lives = [[0.1, 0.1, 0.9], [0.05, 0.05, 0.9]]
    lower, upper = [[0.0, 0.1, 0.9], [-0.05, -0.2, 0.9]], [[0.2, 0.1, 0.9], [0.15, 0.3, 0.9]]
    made, _ = worth(evaluated(lives, lower, upper, [[500, 500, 900], [900, 900, 900]]))

    assert made.gross_som[0] == pytest.approx(0, abs=1e-6)
    assert made.gross_som[1] > 1
    assert REASONS[made.reason[1]] in ("may_change", "decided")
