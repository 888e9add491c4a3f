"""How errors of stated unit costs are answered; a part of the table in ``app.web.problems``."""

from __future__ import annotations

from app.i18n.marks import N_
from app.web.problem import Problem
from app.workflows.state_price import NotStatingError, PriceChangedError, PriceError, PriceRefusedError

FIELDS = Problem(422, "invalid-fields", N_("Some fields are not right"), N_("Correct the marked fields."))
BY_MEASURE_ERROR: dict[type[BaseException], Problem] = {
    NotStatingError: Problem(
        403,
        "may-not-state-costs",
        N_("Your account may not state what a measure costs"),
        N_("It takes the right to rank the whole country."),
    ),
    PriceChangedError: Problem(
        409,
        "cost-changed-meanwhile",
        N_("Somebody else stated a cost of this measure meanwhile"),
        N_("Nothing was changed. Look at the new statement and send yours again if it still holds."),
    ),
    PriceRefusedError: FIELDS,
    PriceError: FIELDS,
}
