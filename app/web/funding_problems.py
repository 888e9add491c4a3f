"""How errors of money are answered; a part of the table in ``app.web.problems``."""

from __future__ import annotations

from app.funding.errors import (
    CrossedLimitsError,
    FloorsAboveBudgetError,
    FundingError,
    InfeasibleError,
    NegativeMoneyError,
    SolverStoppedError,
)
from app.i18n.marks import N_
from app.web.measure_problems import BY_MEASURE_ERROR
from app.web.problem import Problem

BY_FUNDING_ERROR: dict[type[BaseException], Problem] = {
    **BY_MEASURE_ERROR,
    NegativeMoneyError: Problem(
        422,
        "money-below-zero",
        N_("A sum of money is below zero, or a cost is zero"),
        N_("Nothing was computed. Correct the sum: whole som, a cost above zero."),
    ),
    FloorsAboveBudgetError: Problem(
        422,
        "floors-above-budget",
        N_("The floors of the regions together are above the budget"),
        N_("Nothing was computed. Lower the floors or raise the budget."),
    ),
    CrossedLimitsError: Problem(
        422,
        "floor-above-ceiling",
        N_("The floor of a region is above its ceiling"),
        N_("Nothing was computed. Lower the floor or raise the ceiling of this region."),
    ),
    InfeasibleError: Problem(
        422,
        "rules-conflict",
        N_("No plan keeps all these rules"),
        N_("Loosen one of the rules that conflict: budget, floors, ceilings, evenness or schools that must be helped."),
    ),
    SolverStoppedError: Problem(
        503,
        "no-plan-in-time",
        N_("No plan was found in the time allowed"),
        N_("Nothing was stored. Try again with more time, or with fewer rules."),
    ),
    FundingError: Problem(
        400,
        "invalid-input",
        N_("The request holds something that cannot be read"),
        N_("Correct the input and try again."),
    ),
}
