"""The benefit of a plan's bundles worked out again under other parameters, from what the ranking rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.funding.objective import Standing, shares_of, whole_of
from app.risk.building_risk import part_of
from app.workflows import named_schemes, prior_tables, ranking_inputs, ranking_scores
from app.workflows.evaluate_bundles import Portfolio, State, retrofits_of, standing_of, state_of
from app.workflows.ranking_scores import cuts_of
from geodata.queries import scoring

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.prioritisation.scheme import Scheme
    from app.risk.measures import Effect
    from app.risk.parameters import RiskParameters
    from app.workflows.sensitivity_inputs import Inputs
    from geodata.database import Session

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Raw:
    """Schools and buildings as the database holds them, before the method's constants are applied."""

    schools: dict[str, NDArray[Any]]
    buildings: dict[str, NDArray[Any]]
    hazards: ranking_inputs.Hazards
    scheme: Scheme
    priors: prior_tables.PriorsOfSchools | None


def load_raw(session: Session, scheme_name: str, parameters: RiskParameters) -> Raw:
    """Load what constants of occupancy, soil and replacement act on; ``Inputs`` of the same run were loaded before."""
    edition = ranking_scores.load_edition(session, parameters)
    assert edition is not None, "the inputs were loaded"
    day = scoring.data_date(session, edition.id)
    assert day is not None, "the inputs were loaded"
    found = scoring.load_schools(session, day)
    schools = ranking_inputs.prepare_schools(_copy(found), parameters)
    own = scoring.load_buildings(session, day, parameters.types)
    priors = prior_tables.priors_in_force(session, schools, parameters)
    buildings = ranking_inputs.prepare_buildings(_copy(own), schools, parameters, priors)
    hazards = ranking_inputs.load_hazards(session, schools, buildings, parameters)
    return Raw(found, own, hazards, named_schemes.scheme_named(session, scheme_name), priors)


def _copy(columns: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {name: values.copy() for name, values in columns.items()}


class PlanGround:
    """Benefits of the items of a plan: one bundle at one school each, as shares of the country."""

    def __init__(self, inputs: Inputs, rows: IntArray) -> None:
        """Prepare; ``rows``: of the offers that the plan holds."""
        self.inputs, self.bundle, self.school = inputs, inputs.row[rows], inputs.column[rows]
        self.people = np.nan_to_num(inputs.portfolio.pupils)
        self.parts = {}
        for number in np.unique(self.bundle).tolist():
            items = np.flatnonzero(self.bundle == number)
            items = items[np.argsort(self.school[items])]
            self.parts[number] = (items, *_of_schools(inputs.portfolio, self.school[items]))

    def benefits(
        self,
        parameters: RiskParameters,
        portfolio: Portfolio | None = None,
        effects: Mapping[str, Effect] | None = None,
        *,
        is_own: bool = False,
        with_index: bool = False,
    ) -> FloatArray:
        """Return the benefit of each item under other ``parameters``, ``effects``, or facts of a ``portfolio``.

        ``is_own``: what changes is a fact of each school alone, so that the totals of the country stay. ``with_index``:
        it acts on the conformity too; else that is the one of the plan.
        """
        whole, stands = portfolio or self.inputs.portfolio, self.inputs.today
        today = self._state(whole, (), parameters, None, with_index)
        today = today if with_index else replace(today, conformity=stands.today.conformity)
        country = whole_of(standing_of(stands.today if is_own else today), self.people)
        found = np.zeros(len(self.bundle))
        for number, (items, rows, part) in self.parts.items():
            own = part if portfolio is None else replace(
                part, inputs=part_of(portfolio.inputs, rows), replacement_som=portfolio.replacement_som[rows]
            )  # fmt: skip
            at = self.school[items]
            after = self._state(own, self.inputs.bundles[number].measures, parameters, effects, with_index)
            after = after if with_index else replace(after, conformity=stands.after[number].conformity[at])
            own_today = Standing(*(values[at] for values in standing_of(today)))
            shares = shares_of(own_today, standing_of(after), country, self.people[at], parameters)
            found[items] = shares.benefit
        return found

    def _state(
        self,
        portfolio: Portfolio,
        measures: tuple[str, ...],
        parameters: RiskParameters,
        effects: Mapping[str, Effect] | None,
        with_index: bool,
    ) -> State:
        catalogue = self.inputs.catalogue
        retrofit = retrofits_of(portfolio, catalogue, parameters)
        return state_of(
            portfolio, measures, retrofit, catalogue, cuts_of(parameters), parameters, effects, with_index=with_index
        )

    def portfolio_under(self, raw: Raw, parameters: RiskParameters) -> Portfolio:
        """Return the portfolio whose people, motions and values follow other constants."""
        schools = ranking_inputs.prepare_schools(_copy(raw.schools), parameters)
        buildings = ranking_inputs.prepare_buildings(_copy(raw.buildings), schools, parameters, raw.priors)
        made = ranking_scores.building_inputs(schools, buildings, raw.hazards, raw.scheme, parameters)
        return replace(self.inputs.portfolio, inputs=made, replacement_som=buildings.replacement[:, 0])


def _of_schools(portfolio: Portfolio, schools: IntArray) -> tuple[IntArray, Portfolio]:
    """Return the buildings of some schools and the portfolio of these alone; ``schools`` in rising order."""
    rows = np.flatnonzero(np.isin(portfolio.school, schools))
    return rows, replace(
        portfolio,
        inputs=part_of(portfolio.inputs, rows),
        school=np.searchsorted(schools, portfolio.school[rows]),
        share=portfolio.share[rows],
        area_m2=portfolio.area_m2[rows],
        replacement_som=portfolio.replacement_som[rows],
        is_condemned=portfolio.is_condemned[rows],
        pupils=portfolio.pupils[schools],
        codes=portfolio.codes[rows],
        verified=portfolio.verified[rows],
        pass_rates=None if portfolio.pass_rates is None else portfolio.pass_rates[rows],
    )
