"""The three methods beside the priority, by the same risk engine.

Benefit for the cost is the best of the bundles offered; in a ranking without offers it is what retrofit or replacement
saves in loss and lives.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from app.prioritisation.methods import Methods, best_benefit_cost, best_of_offers, compare_methods
from app.prioritisation.scheme import Scheme
from app.risk.building_risk import BuildingInputs, BuildingRisk, assess_buildings, part_of
from app.risk.measures import Effect, treat
from app.risk.parameters import RiskParameters
from app.workflows.ranking_costs import WorksCosts
from app.workflows.ranking_inputs import Buildings, Hazards, Schools
from app.workflows.ranking_offers import Offers, are_evaluated
from app.workflows.ranking_scores import Assessed, Ranked, building_inputs
from geodata.readers.parameter_tables import ParameterTables, read_parameter_tables

FloatArray = NDArray[np.float64]
OF_OFFERS = "offers"
REPLACE, NOT_OFFERED = "REP", "none"
OVERHEADS = ("cost.design", "cost.supervision", "cost.contingency")
MILLIONTHS, MILLION_SOM = 1e6, 1e6
LIFE, NOT_WORTH = "VSL (only for optional monetised view)", "offer.retrofit_most"


def methods_of(schools: Schools, assessed: Assessed, ranked: Ranked, benefit_cost: FloatArray) -> Methods:
    """Return what the three methods say of each school; ``benefit_cost``: by the offers, or by the old rule."""
    scores = assessed.schools
    index = np.where(np.nan_to_num(scores.completeness) > 0, scores.central, np.nan)
    return compare_methods(
        scores.grade.astype(np.int64),
        index,
        schools.pupils,
        benefit_cost,
        ranked.school_risk.individual_risk[:, 0],
        ranked.school_risk.equivalent_fatalities[:, 0],
    )


def life_som(tables: ParameterTables | None = None) -> float:
    """Return what one equivalent fatality averted counts, som: only the rule without offers puts lives into money."""
    rows = (tables or read_parameter_tables()).rows["economic"]
    return next(float(row["default"]) for row in rows if row["parameter"] == LIFE)


def told_of_benefit(schools: int) -> dict[str, str]:
    """Return what a run's hash says of the rule behind benefit for the cost; nothing = the one without offers."""
    return {"benefit_cost": OF_OFFERS} if are_evaluated(schools) else {}


def benefit_of_offers(offers: Offers, assessed: Assessed) -> FloatArray:
    """Return the best benefit for the cost over the bundles offered, millionths of the country per million som.

    NaN where no offer has a known cost, or nobody knows anything of what the offers change: neither risk nor loss, nor
    the number of pupils together with an answer to a requirement.
    """
    found, portfolio = offers.found, offers.portfolio
    is_assessed = (np.nan_to_num(assessed.schools.completeness) > 0) & ~np.isnan(portfolio.pupils)
    known = np.stack(
        [
            ~np.isnan(found.today.fatalities - after.fatalities)
            | ~np.isnan(found.today.loss_som - after.loss_som)
            | (is_assessed & ~np.isnan(after.conformity))
            for after in found.after
        ]
    )
    ratio, _ = best_of_offers(np.where(known, offers.benefit, np.nan), found.cost_som, found.offered)
    return ratio * MILLIONTHS * MILLION_SOM


def benefit_of_works(
    schools: Schools,
    buildings: Buildings,
    hazards: Hazards,
    ranked: Ranked,
    scheme: Scheme,
    parameters: RiskParameters,
    costs: WorksCosts,
    tables: ParameterTables,
    effects: Mapping[str, Effect] | None = None,
) -> FloatArray:
    """Return the better of retrofitting and of replacing all buildings of a school, som a year per som.

    The rule for a list without offers (method 7); NaN = cost or effect unknown.
    """
    life = life_som(tables)
    unit_cost = {code: np.full(len(buildings), one.unit_som) for code, one in costs.catalogue.interventions.items()}
    unit_cost |= {code: local[buildings.school, 1] for code, local in costs.local.items()}
    inputs = building_inputs(schools, buildings, hazards, scheme, parameters)
    choices = _choices(buildings, unit_cost, costs.catalogue.retrofit, parameters)
    overhead = 1 + sum(parameters[name] for name in OVERHEADS)
    taught = buildings.share > 0
    saved_som, saved_lives, cost = (np.full((len(schools), len(choices)), np.nan) for _ in range(3))
    for number, measure in enumerate(choices):
        som, lives = _saved(inputs, measure, ranked.building_risk, buildings.replacement[:, 0], parameters, effects)
        price = np.zeros(len(buildings))
        for code in sorted(set(measure) - {""}):
            price = np.where(measure == code, overhead * buildings.columns["area_m2"] * unit_cost[code], price)
        price = np.where(measure == "", np.nan, price)
        known = ~np.isnan(price + som + lives)
        counted = known | taught  # a shed of unknown size decides nothing, a building with pupils does
        for target, values in ((saved_som, som), (saved_lives, lives), (cost, price)):
            target[:, number] = np.bincount(buildings.school, np.where(counted, values, 0.0), len(schools))
    return best_benefit_cost(saved_som, saved_lives, cost, life)[0]


def _choices(
    buildings: Buildings, unit_cost: dict[str, FloatArray], kind: dict[str, str], parameters: RiskParameters
) -> list[NDArray[np.str_]]:
    """Return for each building what retrofitting and replacing it is called; empty = not offered."""
    offered = [kind.get(code, NOT_OFFERED) for code in parameters.types] + [NOT_OFFERED]
    kinds = np.array(["" if code == NOT_OFFERED else code for code in offered])
    retrofit = kinds[buildings.columns["type"].astype(np.int64)]
    price = np.full(len(buildings), np.nan)
    for code in np.unique(kinds[kinds != ""]):
        price = np.where(retrofit == code, unit_cost[str(code)] * buildings.columns["area_m2"], price)
    with np.errstate(invalid="ignore"):
        is_worth = ~(price > parameters[NOT_WORTH] * buildings.replacement[:, 0])
    return [np.where(is_worth, retrofit, ""), np.full(len(buildings), REPLACE)]


def _saved(
    inputs: BuildingInputs,
    measure: NDArray[np.str_],
    before: BuildingRisk,
    replacement_som: FloatArray,
    parameters: RiskParameters,
    effects: Mapping[str, Effect] | None,
) -> tuple[FloatArray, FloatArray]:
    """Return annual loss (som) and equivalent fatalities that ``measure`` saves in each building; NaN = unknown."""
    som, lives = (np.full(len(measure), np.nan) for _ in range(2))
    for code in sorted(set(measure) - {""}):
        rows = np.flatnonzero(measure == code)
        after = assess_buildings(*treat(part_of(inputs, rows), (code,), parameters, effects))
        som[rows] = (before.loss_ratio[rows, 0] - after.loss_ratio[:, 0]) * replacement_som[rows]
        lives[rows] = before.equivalent_fatalities[rows, 0] - after.equivalent_fatalities[:, 0]
    return som, lives
