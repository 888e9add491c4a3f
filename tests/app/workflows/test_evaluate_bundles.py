"""Known answer O: twelve schools, their bundles, benefits and funded plan, by the functions that the product calls."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest

from app.assessment.grades import Cuts
from app.funding.allocation import allocate
from app.funding.bundles import RETROFIT, bundles
from app.funding.catalogue import default_catalogue
from app.funding.portfolio import Offers, open_rules
from app.risk.building_risk import BuildingInputs, assess_buildings
from app.risk.measures import treat
from app.risk.parameters import default_parameters
from app.risk.people import mean_persons_present, presence_of_pupil
from app.workflows.evaluate_bundles import Portfolio, evaluate, objective
from tests.support import golden

P = default_parameters()
CASE = golden.load("O_end_to_end")
SCHOOLS = CASE["input"]["schools"]
CUTS = Cuts(0.8, 40, 60, 80)


def small_catalogue():
    """The catalogue with the criteria of the small standard; costs without overheads, as the case has them."""
    with (golden.FOLDER / "standard_18.csv").open(encoding="utf-8") as file:
        block = {row["id"]: row["block"] for row in csv.DictReader(file)}
    spared = {"REP": {"site", "preparedness"}, "REL": {"preparedness"}}
    passes = {code: [one for one in block if block[one] not in without] for code, without in spared.items()}
    structural = [one for one in block if block[one] == "structural"]
    passes |= {"RET-S": structural, "RET-RC": structural, "RET-P": ["S02"], "MIT-FL": ["S05"]}
    passes["WASH"] = [one for one in block if block[one] == "wash"]
    catalogue = default_catalogue()
    own = {
        code: replace(found, patterns=tuple(passes.get(code, ()))) for code, found in catalogue.interventions.items()
    }
    return replace(catalogue, interventions=own)


def portfolio():
    hazards = sorted({name for school in SCHOOLS for name in school["hazards"]})
    hours = np.array([sum(shift["pupils"] * shift["hours"] for shift in school["shifts"]) for school in SCHOOLS])
    standard = golden.small_standard()
    codes = np.array([golden.codes_of(standard, school["standard"]) for school in SCHOOLS], dtype=np.int8)
    area = np.array([float(school["area_m2"]) for school in SCHOOLS])
    return Portfolio(
        inputs=BuildingInputs(
            building_type=np.array([P.types.index(school["building_type"]) for school in SCHOOLS]),
            modifiers=np.zeros(len(SCHOOLS), dtype=np.int64),
            a475_g=np.array([school["a475_g"] for school in SCHOOLS]),
            levels={
                name: np.array([school["hazards"].get(name, 1) for school in SCHOOLS], dtype=np.int8)
                for name in hazards
            },
            counted=["earthquake", *hazards],
            persons=mean_persons_present(hours, np.array([float(school["staff"]) for school in SCHOOLS]), P),
            presence=presence_of_pupil(np.array([school["shifts"][0]["hours"] for school in SCHOOLS]), P),
        ),
        school=np.arange(len(SCHOOLS)),
        share=np.ones(len(SCHOOLS)),
        area_m2=area,
        replacement_som=area * P["replacement.som_per_m2"],
        is_condemned=np.zeros(len(SCHOOLS), dtype=bool),
        pupils=np.array([float(sum(shift["pupils"] for shift in school["shifts"])) for school in SCHOOLS]),
        codes=codes,
        verified=np.ones(codes.shape, dtype=bool),
        standard=standard,
    )


@pytest.fixture(scope="module")
def evaluated():
    return evaluate(portfolio(), bundles(only_proven=True), small_catalogue(), CUTS, P, 0.0)


def named(number, at, found):
    """The code of a bundle at a school, with the retrofit of its type."""
    kind = default_catalogue().retrofit[SCHOOLS[at]["building_type"]]
    return (
        found.bundles[number].code.replace(RETROFIT + "+", kind + "+")
        if RETROFIT + "+" in found.bundles[number].code
        else (kind if found.bundles[number].code == RETROFIT else found.bundles[number].code)
    )


def test_each_school_is_offered_the_bundles_of_the_reference(evaluated):
    for at, answer in enumerate(CASE["expected"]["per_school"]):
        mine = {named(number, at, evaluated) for number in np.flatnonzero(evaluated.offered[:, at])}
        assert mine == {bundle["code"] for bundle in answer["bundles"]}, SCHOOLS[at]["id"]


def test_cost_risk_loss_conformity_and_benefit_after_each_bundle(evaluated):
    benefit = objective(evaluated, portfolio().pupils, P)
    for at, answer in enumerate(CASE["expected"]["per_school"]):
        wanted = {bundle["code"]: bundle for bundle in answer["bundles"]}
        for number in np.flatnonzero(evaluated.offered[:, at]):
            one, after = wanted[named(number, at, evaluated)], evaluated.after[number]
            place = (SCHOOLS[at]["id"], one["code"])
            assert evaluated.cost_som[number, at] == one["cost"], place
            assert after.fatalities[at] == pytest.approx(one["ef_after"], rel=1e-3), place
            assert after.loss_som[at] == pytest.approx(one["eal_after"], rel=1e-3), place
            assert after.conformity[at] == pytest.approx(one["conformity_after"], abs=0.05), place
            assert benefit[number, at] == pytest.approx(one["benefit"], rel=1e-3, abs=1e-9), place


def test_the_funded_plan_is_the_proven_optimum(evaluated):
    benefit = objective(evaluated, portfolio().pupils, P)
    school, number = np.nonzero(evaluated.offered.T)
    offers = Offers(
        school=school,
        cost_som=evaluated.cost_som[number, school].astype(np.int64),
        benefit=benefit[number, school],
        is_safety=np.ones(len(school), dtype=bool),
        schools=len(SCHOOLS),
    )

    rank = np.array([answer["rank"] for answer in CASE["expected"]["per_school"]])
    plan = allocate(offers, open_rules(CASE["input"]["budget_kgs"], len(SCHOOLS)), rank, gap=0.0)

    assert plan.benefit == pytest.approx(CASE["expected"]["optimum_benefit"], rel=1e-4)
    assert plan.is_proven
    assert plan.cost_som == CASE["expected"]["optimal_cost"]
    chosen = {SCHOOLS[school[row]]["id"]: named(number[row], school[row], evaluated) for row in plan.chosen}
    assert chosen == CASE["expected"]["optimal_selection"]


@pytest.mark.parametrize("measure", ["RET-S", "RET-RC", "RET-P", "REP", "NST", "FIRE", "ELEC", "MIT-FL", "PREP"])
def test_l17_no_measure_raises_loss_or_deaths(measure):
    given = replace(portfolio().inputs, counted=["earthquake", "flood", "mudflow", "landslide", "avalanche", "fire"])
    if measure == "REP":  # a building that is better than a new one is not replaced
        given = replace(given, building_type=np.zeros(len(SCHOOLS), dtype=np.int64))

    before, after = assess_buildings(given, P), assess_buildings(*treat(given, (measure,), P))

    assert (after.loss_ratio[:, :3] <= before.loss_ratio[:, :3] + 1e-15).all()
    assert (after.equivalent_fatalities[:, :3] <= before.equivalent_fatalities[:, :3] + 1e-15).all()


def test_l18_a_safe_site_has_no_more_deaths_by_slides_and_flows():
    given = replace(portfolio().inputs, counted=["landslide", "mudflow", "flood", "avalanche"])

    before, after = assess_buildings(given, P), assess_buildings(*treat(given, ("REL",), P))

    assert (after.equivalent_fatalities[:, 0] <= before.equivalent_fatalities[:, 0]).all()
    assert (after.equivalent_fatalities[:, 0] < before.equivalent_fatalities[:, 0]).any()
