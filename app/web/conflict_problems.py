"""How errors of hazard sources are answered; a part of the table in ``app.web.problems``."""

from __future__ import annotations

from app.i18n.marks import N_
from app.web.problem import Problem
from app.workflows.settle_hazard import NotSettlingError, SettlementError, SettlementIncompleteError

FIELDS = Problem(422, "invalid-fields", N_("Some fields are not right"), N_("Correct the marked fields."))
BY_CONFLICT_ERROR: dict[type[BaseException], Problem] = {
    NotSettlingError: Problem(
        403,
        "may-not-settle",
        N_("Your account may not decide which source counts"),
        N_("It takes the right to rank the whole country."),
    ),
    SettlementIncompleteError: FIELDS,
    SettlementError: FIELDS,
}
