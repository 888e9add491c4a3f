"""How errors of the official list are answered; a part of the table in ``app.web.problems``."""

from __future__ import annotations

from app.i18n.marks import N_
from app.web.problem import Problem
from app.workflows.make_official import AlreadyOfficialError, ApprovalIncompleteError, NotDecidingError

BY_OFFICIAL_ERROR: dict[type[BaseException], Problem] = {
    NotDecidingError: Problem(
        403,
        "may-not-decide",
        N_("Your account may not make lists official"),
        N_("It takes the rights to rank and to publish for the whole country."),
    ),
    AlreadyOfficialError: Problem(
        409,
        "already-official",
        N_("This list is the official one already"),
        N_("Nothing was changed. Load its page again."),
    ),
    ApprovalIncompleteError: Problem(
        422, "invalid-fields", N_("Some fields are not right"), N_("Correct the marked fields.")
    ),
}
