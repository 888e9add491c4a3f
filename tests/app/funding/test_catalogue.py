"""The catalogue: every measure of the standard has a place in it, and what has no cost is never offered."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.funding.bundles import NEED_SAFETY, OfferFacts, bundles, offered
from app.funding.catalogue import QUICK_SOM, QUICK_WIN, catalogue_of, cost_som, default_catalogue
from app.funding.errors import CatalogueError
from app.risk.measures import default_effects
from app.risk.parameters import default_parameters
from geodata.readers.parameter_tables import read_parameter_tables
from geodata.validation.standard import BUDGETS

EDITION = Path(__file__).resolve().parents[3] / "geodata/reference/standards/2026-proposal"
CATALOGUE = default_catalogue()


def criteria():
    with (EDITION / "criteria.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_criterion_names_a_measure_of_the_catalogue_and_the_budget_that_owes_it():
    rows = criteria()
    with (EDITION / "responsibility.csv").open(encoding="utf-8") as file:
        owing = {row["code"]: row["owing_budget"] for row in csv.DictReader(file)}

    assert len(rows) == 119
    for row in rows:
        assert CATALOGUE.of_measure[row["measure_code"]], row["code"]
        assert owing[row["code"]] in BUDGETS, row["code"]


def test_what_nobody_knows_the_cost_of_is_in_no_bundle():
    unknown = {code for code, one in CATALOGUE.interventions.items() if not one.is_priced}

    assert {"M04", "M20", "M35"} <= unknown
    assert not unknown & {code for bundle in bundles() for code in bundle.measures}
    assert CATALOGUE.priced_alone() == ()


def test_quick_wins_cost_at_most_50_000_som_also_by_their_highest_figure():
    quick = [one for one in CATALOGUE.interventions.values() if one.group == QUICK_WIN]

    assert len(quick) >= 5
    assert all(one.is_quick and one.high_som <= QUICK_SOM for one in quick)


def test_what_passes_after_a_measure_is_in_the_standard():
    codes = [row["code"] for row in criteria()]

    for one in CATALOGUE.interventions.values():
        for pattern in one.patterns:
            assert "*" in pattern or pattern in codes, (one.code, pattern)


def test_a_criterion_passes_by_the_intervention_of_its_own_measure():
    rows = [row for row in criteria() if CATALOGUE.of_measure[row["measure_code"]]]
    codes = [row["code"] for row in rows]
    alone = {"M01", "M07", "M28"}  # surveys find out, protection serves one hazard, drills are of every year

    for at, row in enumerate(rows):
        mine = CATALOGUE.of_measure[row["measure_code"]]
        passing = {code for code in mine if CATALOGUE.interventions[code].passes(codes)[at]}
        assert passing or row["measure_code"] in alone or row["code"] == "WSH-02", row["code"]


def test_every_building_type_says_how_it_is_retrofitted_and_every_effect_belongs_to_a_measure():
    assert set(CATALOGUE.retrofit) == set(default_parameters().types)
    assert set(default_effects()) <= set(CATALOGUE.interventions)


@pytest.mark.parametrize("one", CATALOGUE.interventions.values(), ids=lambda one: one.code)
def test_a_cost_lies_within_its_range_and_says_what_it_rests_on(one):
    if one.is_priced:
        assert 0 < one.low_som <= one.unit_som <= one.high_som
    else:
        assert np.isnan([one.low_som, one.unit_som, one.high_som]).all()
        assert one.status == "not known"
    assert one.status
    assert one.basis
    assert all(one.names.values())


def test_costs_are_whole_som_rounded_up_once_and_unknown_where_the_quantity_is():
    found = cost_som(CATALOGUE.interventions["RET-S"], np.array([682.0, 0.0001, np.nan]), 1.0, 0.19)

    assert found[0] == 682 * 24_000 * 1.19
    assert found[1] == 3
    assert np.isnan(found[2])


def test_energy_never_comes_alone_and_bundles_are_24_at_most():
    every = bundles()

    assert len(every) <= 24
    assert len({bundle.code for bundle in every}) == len(every)
    for bundle in every:
        assert bundle.is_structural or not set(bundle.measures) & set(NEED_SAFETY), bundle.code


def test_a_retrofit_above_the_threshold_leaves_only_replacement_and_what_is_not_structural():
    facts = OfferFacts(*(np.array([value]) for value in (True, False, False, False)))

    mine = {bundle.measures[0] for bundle in bundles() if offered(bundle, facts)[0]}

    assert {"RET", "RET-P", "REL"} & mine == set()
    assert "REP" in mine


def test_a_table_that_names_what_is_not_known_is_refused():
    tables = read_parameter_tables()
    rows = {**tables.rows, "measure_crosswalk": [{"measure": "M02", "intervention": "RET-X"}]}

    with pytest.raises(CatalogueError):
        catalogue_of(replace(tables, rows=rows))
