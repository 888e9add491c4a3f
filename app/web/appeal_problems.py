"""How errors of appeals are answered; a part of the table in ``app.web.problems``."""

from __future__ import annotations

from app.i18n.marks import N_
from app.web.problem import Problem
from app.workflows.appeal_fact import (
    AlreadyAppealedError,
    AppealDecidedError,
    AppealError,
    AppealIncompleteError,
    CorrectionRefusedError,
    NotDecidingHereError,
    UnknownAppealError,
)

FIELDS = Problem(422, "invalid-fields", N_("Some fields are not right"), N_("Correct the marked fields."))
BY_APPEAL_ERROR: dict[type[BaseException], Problem] = {
    UnknownAppealError: Problem(
        404,
        "not-found",
        N_("There is nothing at this address"),
        N_("Check the address, or start from the map or the list. What is not public answers the same way."),
    ),
    NotDecidingHereError: Problem(
        403,
        "may-not-decide-appeal",
        N_("Your account may not decide this appeal"),
        N_("It takes the right to verify in its territory, and nobody decides an appeal of their own."),
    ),
    AlreadyAppealedError: Problem(
        409,
        "already-appealed",
        N_("This fact is under appeal already"),
        N_("Nothing was added. Wait for the decision, or speak with the department."),
    ),
    AppealDecidedError: Problem(
        409, "appeal-decided", N_("This appeal is decided already"), N_("Nothing was changed. Load its page again.")
    ),
    AppealIncompleteError: FIELDS,
    CorrectionRefusedError: FIELDS,
    AppealError: FIELDS,
}
