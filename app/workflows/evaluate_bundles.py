"""Every bundle at every school: its cost, and risk, loss and conformity after it, by the rules of the run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.assessment.answers import MEETS, NOT_APPLICABLE
from app.assessment.grades import Cuts
from app.assessment.pass_rates import filled
from app.assessment.schools import score_all
from app.assessment.standard import Standard
from app.funding.bundles import RELOCATE, REPLACE, RETROFIT, Bundle, OfferFacts, offered
from app.funding.catalogue import Catalogue
from app.funding.objective import Shares, Standing, shares_of, whole_of
from app.risk.building_risk import BuildingInputs, assess_buildings, part_of
from app.risk.measures import Effect, treat
from app.risk.parameters import RiskParameters
from app.workflows.cost_bundles import NO_RETROFIT, Costs, Figures, cost_bundles

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
KNOWN = 3
"""Central, lower and upper: the first of ``app.risk.vulnerability.BOUNDS``."""
SLIDES, FLOWS = ("landslide", "avalanche"), ("flood", "mudflow")


@dataclass(frozen=True, slots=True, eq=False)
class Portfolio:
    """The schools of a run as the engine and the score read them; buildings in the order of their schools."""

    inputs: BuildingInputs
    school: IntArray
    share: FloatArray
    area_m2: FloatArray
    """NaN = unknown: then every cost by area is unknown."""
    replacement_som: FloatArray
    is_condemned: BoolArray
    pupils: FloatArray
    """Pupils of each school, all shifts; NaN = unknown."""
    codes: NDArray[np.int8]
    verified: BoolArray
    standard: Standard
    pass_rates: FloatArray | None = None
    """Priors of missing answers, shape (buildings, criteria), NaN = nothing is counted; None: no table is in force."""
    local_costs: Mapping[str, FloatArray] = field(default_factory=dict)
    """Unit costs (schools, 3: low, default, high) of measures that cost more in some places; NaN = unknown."""
    figures: Figures = field(default_factory=Figures)
    choice: NDArray[np.str_] | None = None
    """See ``WorksRule``; None: nobody decided anything."""

    @property
    def schools(self) -> int:
        """Return the number of schools."""
        return len(self.pupils)


@dataclass(frozen=True, slots=True)
class State:
    """Equivalent fatalities and som lost a year, and the conformity index of each school; NaN = unknown."""

    fatalities: FloatArray
    loss_som: FloatArray
    conformity: FloatArray
    bounds: Mapping[str, FloatArray] = field(default_factory=dict)
    """Lower and upper of the three over what nobody knows of the school, shape (schools, 2), by their names."""


@dataclass(frozen=True, slots=True, eq=False)
class WorksRule:
    """What decides between retrofit, replacement and relocation at each school; som NaN = unknown or not possible."""

    retrofit_som: FloatArray
    replacement_som: FloatArray
    is_condemned: BoolArray
    is_on_slide: BoolArray
    is_in_flow: BoolArray
    choice: NDArray[np.str_]
    """What somebody decided in place of the rule: retrofit, replace or relocate; empty = the rule."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Costs and states after each bundle, shape (bundles, schools). A cost is NaN where a quantity is unknown."""

    bundles: tuple[Bundle, ...]
    today: State
    offered: BoolArray
    cost_som: FloatArray
    after: tuple[State, ...]
    costs: Costs
    """The same costs with their bounds, and what they were before somebody stated a figure."""
    rule: WorksRule


def evaluate(
    portfolio: Portfolio,
    bundles: Sequence[Bundle],
    catalogue: Catalogue,
    cuts: Cuts,
    parameters: RiskParameters,
    overhead: float,
    effects: Mapping[str, Effect] | None = None,
) -> Evaluated:
    """Evaluate ``bundles`` for all schools; nothing is added up from parts.

    Args:
        overhead: Design, supervision and contingency as a share of the works.
        effects: See ``app.risk.measures.treat``.
    """
    retrofit = retrofits_of(portfolio, catalogue, parameters)
    rule = _rule(portfolio, retrofit, catalogue, parameters, overhead)
    facts = _offer_facts(rule, retrofit, portfolio, parameters)
    costs = cost_bundles(portfolio, tuple(bundles), retrofit, catalogue, parameters, overhead)
    return Evaluated(
        bundles=tuple(bundles),
        today=state_of(portfolio, (), retrofit, catalogue, cuts, parameters),
        offered=np.stack([offered(bundle, facts) for bundle in bundles])
        & (costs.som != 0),  # nobody there, nothing to do
        cost_som=costs.som,
        after=tuple(
            state_of(portfolio, bundle.measures, retrofit, catalogue, cuts, parameters, effects) for bundle in bundles
        ),
        costs=costs,
        rule=rule,
    )


def objective(evaluated: Evaluated, pupils: FloatArray, parameters: RiskParameters) -> FloatArray:
    """Return the benefit of each bundle at each school, shape (bundles, schools), as shares of the country (method 10).

    A part that is unknown at a school brings it nothing there: an unknown risk is surveyed first, not bought off.
    """
    return objective_parts(evaluated, pupils, parameters).benefit


def objective_parts(
    evaluated: Evaluated, pupils: FloatArray, parameters: RiskParameters, bound: int | None = None
) -> Shares:
    """Return what lives, loss and conformity bring to the objective, each of shape (bundles, schools).

    ``bound``: 0 with the lower, 1 with the upper values of what nobody knows of a school; None: the central ones.
    """
    people = np.nan_to_num(pupils)
    whole = whole_of(standing_of(evaluated.today), people)
    after = [standing_of(state, bound) for state in evaluated.after]
    stacked = Standing(*(np.stack(part) for part in zip(*after, strict=True)))
    return shares_of(standing_of(evaluated.today, bound), stacked, whole, people, parameters)


def standing_of(state: State, bound: int | None = None) -> Standing:
    """Return the three values of a state as the objective weighs them; ``bound``: see ``objective_parts``."""
    if bound is None:
        return Standing(state.fatalities, state.loss_som, state.conformity)
    return Standing(*(state.bounds[name][:, bound] for name in Standing._fields))


def retrofits_of(portfolio: Portfolio, catalogue: Catalogue, parameters: RiskParameters) -> NDArray[np.str_]:
    """Return the full retrofit of each building's type; the unknown type has none: it is surveyed first."""
    kinds = np.array([*(catalogue.retrofit.get(code, NO_RETROFIT) for code in parameters.types), NO_RETROFIT])
    return kinds[portfolio.inputs.building_type]


def _rule(
    portfolio: Portfolio, retrofit: NDArray[np.str_], catalogue: Catalogue, parameters: RiskParameters, overhead: float
) -> WorksRule:
    schools, school = portfolio.schools, portfolio.school
    level = parameters["offer.site_level"]

    def has(names: Sequence[str]) -> BoolArray:
        worst = [portfolio.inputs.levels[name] for name in names if name in portfolio.inputs.levels]
        at = np.max(worst, axis=0) >= level if worst else np.zeros(len(school), dtype=bool)
        return np.bincount(school, at, schools) > 0

    full = cost_bundles(portfolio, (Bundle((RETROFIT,)),), retrofit, catalogue, parameters, overhead).som[0]
    none = np.full(schools, "", dtype="<U8")
    return WorksRule(
        retrofit_som=np.where(full > 0, full, np.nan),
        replacement_som=np.bincount(school, portfolio.replacement_som, schools).astype(float),
        is_condemned=np.bincount(school, portfolio.is_condemned, schools) > 0,
        is_on_slide=has(SLIDES),
        is_in_flow=has(FLOWS),
        choice=none if portfolio.choice is None else portfolio.choice,
    )


def _offer_facts(
    rule: WorksRule, retrofit: NDArray[np.str_], portfolio: Portfolio, parameters: RiskParameters
) -> OfferFacts:
    with np.errstate(invalid="ignore", divide="ignore"):
        dear = rule.retrofit_som / rule.replacement_som > parameters["offer.retrofit_most"]
    return OfferFacts(
        can_retrofit=np.bincount(portfolio.school, retrofit != NO_RETROFIT, portfolio.schools) > 0,
        is_worth_retrofit=~dear & ~rule.is_condemned,
        is_on_slide=rule.is_on_slide,
        is_in_flow=rule.is_in_flow,
        choice=rule.choice,
    )


def state_of(
    portfolio: Portfolio,
    measures: Sequence[str],
    retrofit: NDArray[np.str_],
    catalogue: Catalogue,
    cuts: Cuts,
    parameters: RiskParameters,
    effects: Mapping[str, Effect] | None = None,
    *,
    with_index: bool = True,
) -> State:
    """Return risk and conformity of the schools after ``measures``; ``effects``: see ``app.risk.measures.treat``.

    ``with_index`` False leaves the conformity out: it is NaN, and has no bounds.
    """
    count, schools = len(portfolio.school), portfolio.schools
    deaths, loss = np.empty((count, KNOWN)), np.empty((count, KNOWN))
    codes, verified = portfolio.codes.copy(), portfolio.verified.copy()
    kinds = np.unique(retrofit) if RETROFIT in measures else np.array([""])
    for kind in kinds:
        rows = np.flatnonzero(retrofit == kind) if RETROFIT in measures else np.arange(count)
        own = tuple(str(kind) if code == RETROFIT else code for code in measures)
        inputs, treated = treat(part_of(portfolio.inputs, rows), own, parameters, effects)
        risk = assess_buildings(inputs, treated)
        deaths[rows], loss[rows] = risk.equivalent_fatalities[:, :KNOWN], risk.loss_ratio[:, :KNOWN]
        for code in own if with_index else ():
            if code in catalogue.interventions:
                columns = np.flatnonzero(catalogue.interventions[code].passes(portfolio.standard.codes))
                place = np.ix_(rows, columns)
                done = codes[place] != NOT_APPLICABLE
                codes[place] = np.where(done, MEETS, codes[place])
                verified[place] |= done
    value = portfolio.replacement_som
    lives, lost = (_sums(portfolio.school, each, schools) for each in (deaths, loss * value[:, None]))
    bounds = {"fatalities": lives[:, 1:], "loss_som": lost[:, 1:]}
    if not with_index:
        return State(lives[:, 0], lost[:, 0], np.full(schools, np.nan), bounds)
    scores = score_all(
        codes,
        verified,
        portfolio.school,
        portfolio.share,
        schools,
        portfolio.standard,
        cuts,
        filled(portfolio.pass_rates, parameters["conformity.prior_pass_rate"]),
        parameters["conformity.unverified_trust"],
    )[1]
    bounds["conformity"] = np.stack([scores.lower, scores.upper], axis=1)
    return State(lives[:, 0], lost[:, 0], scores.central, bounds)


def _sums(school: IntArray, values: FloatArray, schools: int) -> FloatArray:
    return np.stack([np.bincount(school, column, schools) for column in values.T], axis=1).astype(float)


def is_replacement(bundle: Bundle) -> bool:
    """Return whether a bundle ends the life of the old building."""
    return bundle.measures[0] in (REPLACE, RELOCATE)
