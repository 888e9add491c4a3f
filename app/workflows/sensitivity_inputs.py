"""Benefits of a run's offers worked out again from its inputs, under other parameters of risk or of the objective."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.funding.bundles import Bundle
from app.funding.sensitivity import Variant, moved_weights
from app.prioritisation.errors import AmbiguousSchemeError, UnknownSchemeError
from app.risk.parameters import MODELS, RiskParameters, default_parameters, parameters
from app.workflows import named_schemes, ranking_inputs, ranking_offers, ranking_prices, ranking_scores, ranking_works
from app.workflows.evaluate_bundles import Evaluated, Portfolio, evaluate, objective
from geodata.queries import scoring

if TYPE_CHECKING:
    from app.funding.catalogue import Catalogue
    from geodata.database import Session
    from geodata.records.plan import OfferTable

FloatArray = NDArray[np.float64]
SAME = 1e-9
"""Relative: benefits that differ by less are the same."""

OBJECTIVE = ("objective.life", "objective.loss", "objective.conformity")


@dataclass(slots=True)
class Inputs:
    """What a ranking rests on today, with the offers of the table found in it."""

    portfolio: Portfolio
    bundles: tuple[Bundle, ...]
    catalogue: Catalogue
    parameters: RiskParameters
    row: NDArray[np.int64]
    """Of each offer: its bundle."""
    column: NDArray[np.int64]
    """Of each offer: its school."""
    today: Evaluated
    is_shared: NDArray[np.bool_]
    """Of each criterion: one answer for all buildings of a school."""

    def benefits(self, variant: Variant) -> FloatArray:
        """Return the benefit of each offer under a variant."""
        changed = changed_parameters(self.parameters, variant)
        found = self.today if variant.change == "weight" else _evaluate(self, changed)
        return objective(found, self.portfolio.pupils, changed)[self.row, self.column]


def load_inputs(session: Session, table: OfferTable, scheme_name: str) -> Inputs | None:
    """Return the inputs behind the offers; None where they do not give the stored benefits any more.

    Data, method or measures have then changed since the run, so that nothing of it can be worked out again honestly.
    """
    policy = default_parameters()
    try:
        scheme = named_schemes.scheme_named(session, scheme_name)
    except (UnknownSchemeError, AmbiguousSchemeError):
        return None
    edition = ranking_scores.load_edition(session, policy)
    day = None if edition is None else scoring.data_date(session, edition.id)
    if edition is None or day is None:
        return None
    schools = ranking_inputs.load_schools(session, day, policy)
    buildings = ranking_inputs.load_buildings(session, schools, day, policy)
    hazards = ranking_inputs.load_hazards(session, schools, buildings, policy)
    prices = ranking_prices.load_prices(session, schools)
    costs = ranking_works.load_costs(session, schools, buildings, prices)
    blocks = ranking_scores.load_blocks(session, edition, schools, buildings, policy)
    portfolio = ranking_offers.portfolio_of(
        edition, schools, buildings, hazards, scheme, policy, blocks, costs, scoring.condemned_buildings(session)
    )
    bundles = tuple(Bundle(tuple(code.split("+"))) for code in table.codes)
    if any(one not in prices.catalogue.interventions and one != "RET" for each in bundles for one in each.measures):
        return None
    column = ranking_inputs.row_of(schools.columns["id"], table.school_id)[table.school]
    if (column < 0).any() or len(schools) != len(table.school_id):
        return None
    made = Inputs(
        portfolio, bundles, prices.catalogue, policy, table.bundle, column, None,  # type: ignore[arg-type]
        edition.is_shared,
    )  # fmt: skip
    made.today = _evaluate(made, policy)
    stored = objective(made.today, portfolio.pupils, policy)[made.row, made.column]
    return made if np.allclose(stored, table.benefit, rtol=SAME, atol=SAME**2) else None


def _evaluate(inputs: Inputs, changed: RiskParameters) -> Evaluated:
    cuts, overhead = ranking_scores.cuts_of(changed), ranking_offers.overhead_of(changed)
    return evaluate(inputs.portfolio, inputs.bundles, inputs.catalogue, cuts, changed, overhead)


def changed_parameters(standing: RiskParameters, variant: Variant) -> RiskParameters:
    """Return the parameters of a variant: one model alone, a parameter at an end of its range, or another spread."""
    constants, name = dict(standing.constants), variant.name or ""
    if variant.change == "model":
        constants |= {f"model_weight.{model}": float(model == name) for model in MODELS}
    elif variant.change == "weight":
        weights = {key: constants[key] for key in OBJECTIVE}
        constants |= moved_weights(weights, name, _end(variant))
    elif variant.change == "parameter":
        constants[name] = _end(variant)
    elif variant.change == "beta":
        spread = np.full_like(standing.betas[name], variant.value)
        return replace(standing, betas=dict(standing.betas) | {name: spread})
    return replace(standing, constants=constants)


def _end(variant: Variant) -> float:
    """Return the end of a parameter's range that a variant names."""
    found = next(one for one in parameters() if one.name == variant.name)
    end = found.low if variant.bound == "low" else found.high
    return found.default if end is None else end
