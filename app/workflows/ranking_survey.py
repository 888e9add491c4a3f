"""What a survey of each school is worth, stored with the run: could what it finds change what is funded (method 12).

The benefit of a school's best bundle is uncertain by what nobody knows of the school: lower and upper risk (type of a
building, level of a hazard) and index (requirements without an answer). What no visit can find out is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.funding.information import of_normals
from app.funding.portfolio import Offers, open_rules
from app.funding.preview import preview
from app.workflows.evaluate_bundles import Evaluated, objective_parts
from geodata.queries import survey_values

if TYPE_CHECKING:
    from app.funding.catalogue import Catalogue
    from app.risk.parameters import RiskParameters
    from app.workflows.evaluate_bundles import Portfolio
    from geodata.database import Session

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SURVEY = "SURVEY"
REASONS = ("not_computed", "money_for_all", "decided", "may_enter", "may_leave", "may_change")
"""Why a survey is worth what it is; the words are in ``app.web.survey.words``."""

PARTS = ("risk", "conformity")
"""What is uncertain most: how dangerous the school is, or how far it meets the Standard."""

NOT_COMPUTED, MONEY_FOR_ALL, DECIDED, MAY_ENTER, MAY_LEAVE, MAY_CHANGE = range(len(REASONS))


@dataclass(frozen=True, slots=True)
class SurveyWorth:
    """One row a school; NaN = unknown, ``bundle`` -1 = none offered at a known cost. Money in som.

    ``bundle``: what a survey may bring in, or take out again; ``deviation``: of its benefit against what is decided.
    """

    bundle: IntArray
    cost_som: FloatArray
    survey_som: FloatArray
    benefit: FloatArray
    deviation: FloatArray
    gross_som: FloatArray
    net_som: FloatArray
    switches: FloatArray
    part: IntArray
    reason: IntArray


def worth_of_surveys(
    found: Evaluated, benefit: FloatArray, pupils: FloatArray, survey_som: FloatArray, parameters: RiskParameters
) -> SurveyWorth:
    """Return what a survey of each school is worth: of all other decisions, the one that it most likely leads to.

    Decided now is the bundle of most benefit less its price, or none. Bundles of a school share what is unknown, so
    the deviation is that of the difference between two of them.

    Args:
        benefit: Of each bundle at each school (``objective``). ``survey_som``: cost of a survey, NaN = unknown.
    """
    known = found.offered & ~np.isnan(found.cost_som)
    price = _shadow_price(found.cost_som, benefit, known, int(parameters["survey.budget_som"]))
    schools = np.arange(benefit.shape[1])
    surplus = np.where(known, benefit - price * np.nan_to_num(found.cost_som), -np.inf)
    surplus = np.vstack([np.zeros(len(schools)), surplus])  # row 0: no measure
    base = surplus.argmax(axis=0)
    risk, conformity = (
        np.vstack([np.zeros(len(schools)), np.where(known, width, 0.0)]) for width in _widths(found, pupils, parameters)
    )
    risk, conformity = np.abs(risk - risk[base, schools]), np.abs(conformity - conformity[base, schools])
    deviation = np.hypot(risk, conformity)
    behind = np.where(np.isinf(surplus), -1.0, surplus - surplus[base, schools])
    values = of_normals(behind, np.where(np.isinf(surplus), 0.0, deviation), np.zeros_like(behind))
    other = values.gross.argmax(axis=0)
    shown = np.where(other > 0, other, base) - 1
    is_unknown = _unknown_risk(found) | ~known.any(axis=0)
    gross = np.where(is_unknown, np.nan, values.gross[other, schools] / price if price > 0 else 0.0)
    net = gross - survey_som
    reason = np.select([base == 0, other == 0], [MAY_ENTER, MAY_LEAVE], MAY_CHANGE)
    reason = np.where(net > 0, reason, DECIDED if price > 0 else MONEY_FOR_ALL)
    return SurveyWorth(
        bundle=shown,
        cost_som=np.where(shown >= 0, found.cost_som[shown, schools], np.nan),
        survey_som=survey_som,
        benefit=np.where(shown >= 0, benefit[shown, schools], np.nan),
        deviation=np.where(is_unknown, np.nan, deviation[other, schools]),
        gross_som=gross,
        net_som=net,
        switches=np.where(is_unknown, np.nan, values.switches[other, schools] if price > 0 else 0.0),
        part=(conformity[other, schools] > risk[other, schools]).astype(np.int64),
        reason=np.where(np.isnan(net), NOT_COMPUTED, reason),
    )


def store(
    session: Session,
    run_id: int,
    school_ids: IntArray,
    portfolio: Portfolio,
    catalogue: Catalogue,
    found: Evaluated,
    benefit: FloatArray,
    parameters: RiskParameters,
) -> None:
    """Store what a survey of each school is worth."""
    survey_som = _survey_cost(portfolio, catalogue)
    worth = worth_of_surveys(found, benefit, portfolio.pupils, survey_som, parameters)
    columns = {
        "school_id": ("int8", school_ids),
        "bundle": ("int2", worth.bundle),
        "part": ("int2", worth.part),
        "reason": ("int2", worth.reason),
        **{
            name: ("float8", getattr(worth, name))
            for name in ("cost_som", "survey_som", "benefit", "deviation", "gross_som", "net_som", "switches")
        },
    }
    codes = [bundle.code for bundle in found.bundles]
    survey_values.store_values(session, run_id, columns, {"codes": codes, "parts": PARTS, "reasons": REASONS})


def _shadow_price(cost_som: FloatArray, benefit: FloatArray, known: NDArray[np.bool_], budget_som: int) -> float:
    """Return what a som buys at the margin of the budget; 0 where the money is enough for everything."""
    school, bundle = np.nonzero(known.T)
    offers = Offers(
        school=school.astype(np.int64),
        cost_som=cost_som[bundle, school].astype(np.int64),
        benefit=benefit[bundle, school],
        is_safety=np.ones(len(school), dtype=bool),
        schools=cost_som.shape[1],
    )
    return preview(offers, open_rules(budget_som, offers.schools)).shadow_price


def _unknown_risk(found: Evaluated) -> NDArray[np.bool_]:
    """Return where neither lives nor loss are known: shaking, people and value are missing together."""
    return np.isnan(found.today.fatalities) & np.isnan(found.today.loss_som)


def _widths(found: Evaluated, pupils: FloatArray, parameters: RiskParameters) -> tuple[FloatArray, FloatArray]:
    """Return by how many deviations' width each bundle's benefit grows from lower to upper: by risk, by conformity.

    Shape (bundles, schools), with the sign: what grows together cancels in a difference.
    """
    lower, upper = (objective_parts(found, pupils, parameters, bound) for bound in (0, 1))
    width = parameters["survey.interval_deviations"]
    return (upper[0] + upper[1] - lower[0] - lower[1]) / width, (upper[2] - lower[2]) / width


def _survey_cost(portfolio: Portfolio, catalogue: Catalogue) -> FloatArray:
    """Return what a survey of all buildings costs, whole som; NaN where a floor area is unknown."""
    area = np.bincount(portfolio.school, portfolio.area_m2, portfolio.schools).astype(float)
    local = portfolio.local_costs.get(SURVEY)
    unit_som = np.full(portfolio.schools, catalogue.interventions[SURVEY].unit_som) if local is None else local[:, 1]
    cost = np.ceil(np.round(area * unit_som, 4))
    return np.where(cost > 0, cost, np.nan)
