"""What every bundle of measures costs and gives at the schools of a run, stored with the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.funding.bundles import bundles
from app.funding.catalogue import Catalogue
from app.prioritisation.scheme import Scheme
from app.risk.measures import Effect
from app.risk.parameters import RiskParameters
from app.workflows import ranking_quick_wins, ranking_survey, ranking_works
from app.workflows.evaluate_bundles import Evaluated, Portfolio, evaluate, objective
from app.workflows.ranking_answers import BlockAnswers
from app.workflows.ranking_costs import WorksCosts
from app.workflows.ranking_inputs import Buildings, Hazards, Schools
from app.workflows.ranking_scores import Edition, building_inputs, cuts_of
from geodata.database import Session
from geodata.queries import plans

FloatArray = NDArray[np.float64]
MOST_SCHOOLS = 20_000
"""More schools than that are ranked without offers: a country larger than any plan of measures."""
OVERHEADS = ("cost.design", "cost.supervision", "cost.contingency")


def overhead_of(parameters: RiskParameters) -> float:
    """Return design, supervision and contingency as a share of the works."""
    return sum(parameters[name] for name in OVERHEADS)


@dataclass(frozen=True, slots=True, eq=False)
class Offers:
    """What was evaluated for a run: ``benefit`` of each bundle at each school, shape (bundles, schools)."""

    portfolio: Portfolio
    found: Evaluated
    benefit: FloatArray


def are_evaluated(schools: int) -> bool:
    """Return whether bundles are evaluated in a ranking of so many schools."""
    return schools <= MOST_SCHOOLS


def evaluate_offers(
    portfolio: Portfolio,
    catalogue: Catalogue,
    parameters: RiskParameters,
    effects: Mapping[str, Effect] | None = None,
) -> Offers:
    """Evaluate every bundle at every school; ``effects``: see ``app.risk.measures.treat``."""
    stated = (*portfolio.local_costs, *portfolio.figures.school, *portfolio.figures.building)
    every = bundles(alone=catalogue.priced_alone(stated))
    found = evaluate(portfolio, every, catalogue, cuts_of(parameters), parameters, overhead_of(parameters), effects)
    return Offers(portfolio, found, objective(found, portfolio.pupils, parameters))


def store(
    session: Session, run_id: int, schools: Schools, offers: Offers, catalogue: Catalogue, parameters: RiskParameters
) -> int:
    """Store the bundles that are offered, and return how many."""
    found, benefit, portfolio = offers.found, offers.benefit, offers.portfolio
    bundle, school = np.nonzero(found.offered)
    columns = {
        "school_id": ("int8", schools.columns["id"][school]),
        "bundle": ("int2", bundle),
        "cost_som": ("float8", found.cost_som[bundle, school]),
        "benefit": ("float8", benefit[bundle, school]),
        **{name: ("float8", values[bundle, school]) for name, values in _gains(found).items()},
        "cost_low_som": ("float8", found.costs.low_som[bundle, school]),
        "cost_high_som": ("float8", found.costs.high_som[bundle, school]),
        "estimate_som": ("float8", found.costs.estimate_som[bundle, school]),
        "is_figure": ("int2", found.costs.is_figure[bundle, school]),
    }
    ranking_works.store_rule(session, run_id, schools, found.rule)
    ranking_quick_wins.store(session, run_id, schools.columns["id"], portfolio, catalogue)
    plans.store_offers(session, run_id, columns, [one.code for one in found.bundles])
    ids = schools.columns["id"]
    ranking_survey.store(session, run_id, ids, portfolio, catalogue, found, benefit, parameters)
    return len(bundle)


def portfolio_of(
    edition: Edition,
    schools: Schools,
    buildings: Buildings,
    hazards: Hazards,
    scheme: Scheme,
    parameters: RiskParameters,
    blocks: Iterable[BlockAnswers],
    costs: WorksCosts,
    condemned: Sequence[int],
) -> Portfolio:
    """Return the schools as the evaluation reads them, with the answers and the costs that count in the run.

    Args:
        blocks: What counts in the buildings. ``condemned``: ids of buildings whose condition is an emergency.
    """
    answers, placed = list(blocks), buildings.priors
    return Portfolio(
        inputs=building_inputs(schools, buildings, hazards, scheme, parameters),
        school=buildings.school,
        share=buildings.share,
        area_m2=buildings.columns["area_m2"],
        replacement_som=buildings.replacement[:, 0],
        is_condemned=np.isin(buildings.columns["id"], condemned),
        pupils=schools.pupils,
        codes=np.concatenate([one.codes for one in answers]),
        verified=np.concatenate([one.verified for one in answers]),
        standard=edition.standard,
        pass_rates=None if placed is None else placed.rates(edition.code, edition.standard.codes),
        local_costs=costs.local,
        figures=costs.figures,
        choice=costs.choice,
    )


def _gains(found: Evaluated) -> dict[str, NDArray[np.float64]]:
    """Return what each bundle avoids and gains, shape (bundles, schools)."""
    today, after = found.today, found.after
    return {
        "fatalities_avoided": np.stack([today.fatalities - one.fatalities for one in after]),
        "loss_avoided_som": np.stack([today.loss_som - one.loss_som for one in after]),
        "index_gained": np.stack([one.conformity - today.conformity for one in after]),
    }
