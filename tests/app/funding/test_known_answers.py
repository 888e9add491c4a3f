"""Known answers I, J, K, N: money, knapsacks, several years, value of information, evenness."""

from __future__ import annotations

import numpy as np
import pytest

from app.funding import economics, equity, information
from app.funding.allocation import allocate
from app.funding.errors import InfeasibleError
from app.funding.phasing import Years, benefit_years, phase
from app.funding.portfolio import Offers, Rules, open_rules, spend_by_region
from app.funding.preview import preview
from tests.support import golden


def offers_of(schools, benefit="benefit"):
    rows = [(number, option) for number, school in enumerate(schools) for option in school["options"]]
    return Offers(
        school=np.array([number for number, _ in rows]),
        cost_som=np.array([option["cost"] for _, option in rows]),
        benefit=np.array([float(option[benefit]) for _, option in rows]),
        is_safety=np.ones(len(rows), dtype=bool),
        schools=len(schools),
    )


def small(number):
    case = golden.load("I_mckp_small")["instances"][number]
    return offers_of(case["instance"]["schools"]), case["instance"]["budget"], case["expected"]


def fair(number):
    case = golden.load("I_milp_equity")["instances"][number]
    given = case["instance"]
    regions = sorted(given["regions"])
    rules = Rules(
        budget_som=given["budget"],
        region=np.array([regions.index(school["region"]) for school in given["schools"]]),
        pupils=np.array([float(given["regions"][name]["pupils"]) for name in regions]),
        floor_som=np.array([given["regions"][name]["floor"] for name in regions]),
        ceiling_som=np.array([given["regions"][name]["ceiling"] for name in regions]),
        gini_most=given["gini_max"],
        must_act=np.array(given["must_act"]),
    )
    return offers_of(given["schools"]), rules, case["expected"], regions


@pytest.mark.parametrize("number", range(10))
def test_knapsacks_have_the_benefit_that_enumeration_finds(number):
    offers, budget, expected = small(number)

    plan = allocate(offers, open_rules(budget, offers.schools), np.arange(1, offers.schools + 1), gap=0.0)

    assert plan.benefit == expected["optimum_benefit"]
    assert plan.cost_som <= budget
    assert len(np.unique(offers.school[plan.chosen])) == len(plan.chosen)
    assert plan.is_proven
    assert plan.bound == pytest.approx(plan.benefit, abs=0.5)
    assert plan.is_unique


@pytest.mark.parametrize("number", range(10))
def test_the_preview_is_a_plan_below_the_optimum_and_its_bound_above(number):
    offers, budget, expected = small(number)

    found = preview(offers, open_rules(budget, offers.schools))

    assert found.plan.cost_som <= budget
    assert found.plan.benefit <= expected["optimum_benefit"] <= found.plan.bound + 1e-9
    assert found.plan.benefit >= 0.9 * expected["optimum_benefit"]
    assert len(np.unique(offers.school[found.plan.chosen])) == len(found.plan.chosen)


@pytest.mark.parametrize("number", range(5))
def test_fair_plans_keep_floors_ceilings_gini_and_must_act_schools(number):
    offers, rules, expected, regions = fair(number)

    plan = allocate(offers, rules, np.arange(1, offers.schools + 1), gap=0.0)
    spent = spend_by_region(offers, rules, plan.chosen)

    assert plan.benefit == expected["optimum_benefit"]
    assert (spent >= rules.floor_som).all()
    assert (spent <= rules.ceiling_som).all()
    assert equity.gini(spent.astype(float), rules.pupils) <= rules.gini_most + 1e-9
    assert set(rules.must_act) <= set(offers.school[plan.chosen])
    if plan.cost_som == expected["cost_of_that_selection"]:
        assert dict(zip(regions, spent.tolist(), strict=True)).keys() == expected["region_spend"].keys()


@pytest.mark.parametrize("number", range(5))
def test_the_preview_of_a_fair_plan_keeps_what_it_promises_and_bounds_the_optimum(number):
    offers, rules, expected, _regions = fair(number)

    found = preview(offers, rules)
    spent = spend_by_region(offers, rules, found.plan.chosen)

    assert found.plan.cost_som <= rules.budget_som
    assert (spent <= rules.ceiling_som).all()
    assert set(rules.must_act) <= set(offers.school[found.plan.chosen])
    assert found.plan.bound >= expected["optimum_benefit"] - 1e-6


@pytest.mark.parametrize("number", range(2))
def test_several_years_with_two_sources_and_precedence(number):
    case = golden.load("I_multiyear")["instances"][number]
    given = case["instance"]
    schools = given["schools"]
    offers = offers_of(schools, "annual_benefit")
    options = [option for school in schools for option in school["options"]]
    local = np.array([school["local_share"] for school in schools])[offers.school]
    factor = np.array(given["discount_factor_permille"], dtype=float)[: given["horizon_years"]]
    years = Years(
        budget_som=np.array([given["central_budget"], given["local_budget"]]),
        share=np.stack([1 - local, local], axis=1),
        weight=benefit_years(factor, given["years"]),
        is_structural=np.array([option["structural"] for option in options]),
        needs_safety=np.array([option.get("requires_structural_safety", False) for option in options]),
        is_safe=np.array([school["structurally_safe"] for school in schools]),
    )

    plan = phase(offers, years, gap=0.0)

    assert plan.benefit == pytest.approx(case["expected"]["optimum"], abs=0.5)
    assert plan.is_proven
    done = {(offers.school[row], options[row]["code"]): year for row, year in zip(plan.chosen, plan.year, strict=True)}
    for (school, code), year in done.items():
        if code == "EE" and not schools[school]["structurally_safe"]:
            assert any(at <= year for (other, kind), at in done.items() if other == school and kind != "EE")


@pytest.mark.parametrize("case", golden.load("J_bcr")["cases"])
def test_present_values_and_ratios(case):
    given, expected = case["input"], case["expected"]

    found = economics.evaluate(
        given["cost_kgs"],
        given["delta_eal_kgs_per_yr"],
        given["delta_equiv_fatalities_per_yr"],
        given["energy_saving_kgs_per_yr"],
        rate=given["discount_rate"],
        years_structural=given["horizon_structural"],
        years_energy=given["horizon_energy"],
        value_of_life_som=given["value_per_equiv_fatality_kgs"],
    )

    assert economics.annuity(given["discount_rate"], given["horizon_structural"]) == pytest.approx(
        expected["annuity_structural"], rel=1e-9
    )
    pairs = {
        "pv_benefit_money": found.benefit_som,
        "pv_benefit_life": found.lives_som,
        "npv": found.net_som,
        "bcr": found.with_lives,
        "bcr_without_lives": found.benefit_cost_ratio,
        "discounted_equiv_fatalities_avoided": found.discounted_lives_saved,
        "undiscounted_equiv_fatalities_avoided": found.lives_saved,
        "net_cost_per_discounted_equiv_fatality_avoided": found.cost_per_life_som,
    }
    for name, value in pairs.items():
        assert value == (None if expected[name] is None else pytest.approx(expected[name], rel=1e-9)), name


@pytest.mark.parametrize("case", golden.load("K_voi")["cases"])
def test_the_value_of_a_survey(case):
    given, expected = case["input"], case["expected"]
    price = given["shadow_price_times_cost"]
    if "benefit_mean" in given:
        found = information.of_normal(
            given["benefit_mean"], given["benefit_sd"], price, given["survey_cost_in_benefit_units"]
        )
        assert found.gross == pytest.approx(expected["voi"], abs=1e-6)
        assert found.net == pytest.approx(expected["net_voi"], abs=1e-6)
        assert found.switches == pytest.approx(expected["p_switch"], rel=1e-6)
        return
    counts = np.round(np.array(given["probabilities"]) * 10).astype(int)
    draws = np.repeat(np.array(given["benefit_values"], dtype=float), counts)[:, None]
    assert information.of_draws(draws, np.array([price]), np.zeros(1))[0] == pytest.approx(expected["voi"])


@pytest.mark.parametrize("case", golden.load("N_equity")["cases"])
def test_how_evenly_money_is_spread(case):
    given, expected = case["input"], case["expected"]
    spend, pupils = np.array(given["spend"], dtype=float), np.array(given["pupils"], dtype=float)

    assert equity.per_pupil(spend, pupils) == pytest.approx(expected["per_pupil"], abs=1e-9)
    assert equity.gini(spend, pupils) == pytest.approx(expected["gini"], abs=1e-9)
    assert equity.concentration(spend, pupils, np.array(given["poverty_index"])) == pytest.approx(
        expected["concentration_index_poorest_first"], abs=1e-9
    )


def test_rules_that_conflict_are_named():
    offers, rules, _expected, _regions = fair(0)
    poor = Rules(
        budget_som=int(rules.floor_som.sum()),
        region=rules.region,
        pupils=rules.pupils,
        floor_som=rules.floor_som,
        ceiling_som=rules.ceiling_som,
        gini_most=0.0,
        must_act=rules.must_act,
    )

    with pytest.raises(InfeasibleError) as raised:
        allocate(offers, poor, np.arange(1, offers.schools + 1))

    assert "gini" in raised.value.conflict
    assert 1 < len(raised.value.conflict) < 8
