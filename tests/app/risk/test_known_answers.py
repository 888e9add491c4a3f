"""Risk against answers from OpenQuake, closed forms, HAZUS tables and hand calculation."""

from __future__ import annotations

import numpy as np
import pytest

from app.risk.building_risk import BuildingInputs, assess_buildings
from app.risk.damage import (
    annual_rate,
    exceedance_probability,
    grade_probability,
    macroseismic_law,
    mean_damage,
    occurrence_rate,
    probability_in_years,
    state_probability,
)
from app.risk.hazard_curve import motion_grid, power_law_rates
from app.risk.other_hazards import sum_rates
from app.risk.parameters import default_parameters
from app.risk.people import casualties, equivalent_fatalities, mean_persons_present, presence_of_pupil
from tests.support import golden

P = default_parameters()
A1 = golden.load("A1_openquake_classical")
NAMES = ("none", "slight", "moderate", "extensive", "complete")


def exceedance_rates(facts, motion):
    rates = power_law_rates(motion, np.array([facts["a475_g"]]), facts["k"], 1 / 475)
    return annual_rate(rates, exceedance_probability(motion, facts["median_pga_g"], facts["beta"], 0.05))[0]


@pytest.mark.parametrize("case", A1["cases"], ids=lambda case: case["input"]["town"])
def test_annual_damage_equals_openquake_classical_damage(case):
    motion = np.array(A1["iml_g"])
    rates = power_law_rates(motion, np.array([case["input"]["a475_g"]]), case["input"]["k"], 1 / 475)[0]
    damage = exceedance_probability(motion, case["input"]["median_pga_g"], case["input"]["beta"], 0.05)
    without_tail = annual_rate(rates, damage) - rates[-1] * damage[-1]

    found = state_probability(probability_in_years(without_tail, 1))

    expected = [case["expected"]["oq_classical_damage_1yr"][name] for name in NAMES]
    assert found == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("case", A1["cases"], ids=lambda case: case["input"]["town"])
def test_annual_rates_and_loss_equal_the_exact_integral(case):
    found = exceedance_rates(case["input"], motion_grid(P))

    exact = case["expected"]
    assert found == pytest.approx([exact["exact_annual_exceedance_rate"][name] for name in NAMES[1:]], rel=1e-2)
    loss = occurrence_rate(found) @ P.loss_states * case["input"]["replacement_kgs"]
    assert loss == pytest.approx(exact["exact_eal_kgs"], rel=1e-2)
    assert loss == pytest.approx(exact["oq_classical_risk_avg_loss_kgs_per_yr"], rel=5e-2)


@pytest.mark.parametrize("case", golden.load("A2_openquake_scenario")["cases"], ids=lambda case: case["id"])
def test_scenario_damage_and_loss_equal_openquake(case):
    facts, expected = case["input"], case["expected"]

    damage = state_probability(exceedance_probability(facts["pga_g"], facts["median_pga_g"], facts["beta"])).mean(0)

    assert damage == pytest.approx([expected["oq_scenario_damage"][name] for name in NAMES], abs=1e-4)
    assert damage[1:] @ P.loss_states * facts["replacement_kgs"] == pytest.approx(
        expected["exact_mean_loss_kgs"], rel=1e-9
    )


@pytest.mark.parametrize("case", golden.load("A3_exact_rate")["cases"], ids=lambda case: str(case["input"]["k"]))
def test_rate_equals_the_closed_form_of_the_power_law(case):
    facts = case["input"]
    motion = motion_grid(P)
    rates = power_law_rates(motion, np.array([facts["a475_g"]]), facts["k"], 1 / 475)

    found = annual_rate(rates, exceedance_probability(motion, [facts["median_g"]], facts["beta"], facts["a_min_g"]))

    assert found[0, 0] == pytest.approx(case["expected"]["annual_rate"], rel=1e-2)


@pytest.mark.parametrize(
    "case",
    golden.load("A4_hazus_points")["cases"],
    ids=lambda case: f"{case['input']['hazus']} beta {case['input']['beta']} at {case['input']['pga_g']} g",
)
def test_damage_at_a_motion_equals_hazus(case):
    facts = case["input"]

    found = exceedance_probability(np.array([facts["pga_g"]]), facts["median_g"], facts["beta"])[0]

    assert found == pytest.approx(case["expected"]["poe"], abs=1e-9)
    assert state_probability(found) == pytest.approx(case["expected"]["ds_prob"], abs=1e-9)


@pytest.mark.parametrize(
    "case",
    golden.load("B_macroseismic")["cases"],
    ids=lambda case: f"class {case['input']['ems_class']} at {case['input']['intensity']}",
)
def test_macroseismic_grades_equal_the_incomplete_beta(case):
    intensity, index = np.array(case["input"]["intensity"]), np.array(case["input"]["V"])

    law = macroseismic_law(P)
    found = grade_probability(intensity, index, law)

    assert mean_damage(intensity, index, law) == pytest.approx(case["expected"]["mu_D"], abs=1e-8)
    assert found == pytest.approx(case["expected"]["P_D0_to_D5"], abs=1e-8)
    assert found[1:] @ P.loss_grades == pytest.approx(case["expected"]["loss_ratio_irma"], abs=1e-8)


@pytest.mark.parametrize("case", golden.load("C_casualties")["cases"], ids=lambda case: case["input"]["building_type"])
def test_people_and_casualties_equal_the_hand_calculation(case):
    facts, expected = case["input"], case["expected"]
    rates = np.array(facts["annual_exceedance_rate"])
    by_state = P.casualties[P.types.index(facts["building_type"])]
    pupil_hours = sum(shift["pupils"] * shift["hours_per_day"] for shift in facts["shifts"])

    persons = mean_persons_present(np.array(pupil_hours), np.array(facts["staff"]), P)
    harmed = casualties(rates, by_state, float(persons))
    presence = presence_of_pupil(np.array(facts["shifts"][0]["hours_per_day"]), P)

    assert persons == pytest.approx(expected["mean_persons_present"], rel=1e-9)
    assert harmed == pytest.approx(expected["annual_casualties_S1_S4"], rel=1e-9)
    assert equivalent_fatalities(harmed, P) == pytest.approx(expected["equivalent_fatalities"], rel=1e-9)
    assert presence * (occurrence_rate(rates) @ by_state[:, 3]) == pytest.approx(
        expected["individual_risk_pupil_first_shift"], rel=1e-9
    )


def test_other_hazards_add_up_as_by_hand():
    case = golden.load("D_multihazard")["cases"][0]
    facts = case["input"]
    columns = ("annual_rate", "loss_ratio", "death_given_event_occupied")
    rate, loss, death = (np.array([row[name] for row in facts["hazards"]]) for name in columns)

    eal, deaths, total = sum_rates(rate, loss, death, facts["replacement_kgs"], facts["mean_persons_present"])

    expected = case["expected"]
    assert eal == pytest.approx(expected["eal_kgs"], rel=1e-12)
    assert deaths == pytest.approx(expected["expected_deaths_per_yr"], rel=1e-12)
    assert probability_in_years(np.array(total), 1) == pytest.approx(expected["p_any_event_1yr"], rel=1e-12)
    assert probability_in_years(np.array(total), 50) == pytest.approx(expected["p_any_event_50yr"], rel=1e-12)


def test_twelve_schools_have_the_risk_of_the_reference_implementation():
    case = golden.load("O_end_to_end")
    schools = case["input"]["schools"]
    hazards = sorted({name for school in schools for name in school["hazards"]})
    hours = np.array([sum(shift["pupils"] * shift["hours"] for shift in school["shifts"]) for school in schools])

    found = assess_buildings(
        BuildingInputs(
            building_type=np.array([P.types.index(school["building_type"]) for school in schools]),
            modifiers=np.zeros(len(schools), dtype=np.int64),
            a475_g=np.array([school["a475_g"] for school in schools]),
            levels={
                name.lower(): np.array([school["hazards"].get(name, 1) for school in schools], dtype=np.int8)
                for name in hazards
            },
            counted=["earthquake", *(name.lower() for name in hazards)],
            persons=mean_persons_present(hours, np.array([float(school["staff"]) for school in schools]), P),
            presence=presence_of_pupil(np.array([school["shifts"][0]["hours"] for school in schools]), P),
        ),
        P,
    )

    expected = [answer["baseline"] for answer in case["expected"]["per_school"]]
    assert found.individual_risk[:, 0] == pytest.approx([answer["ir"] for answer in expected], rel=1e-9)
    assert found.equivalent_fatalities[:, 0] == pytest.approx([answer["ef"] for answer in expected], rel=1e-9)
    assert found.loss_ratio[:, 0] == pytest.approx([answer["ealr_total"] for answer in expected], rel=1e-9)
