"""How errors of the life of editions are answered; a part of the table in ``app.web.problems``."""

from __future__ import annotations

from app.i18n.marks import N_
from app.web.problem import Problem
from app.workflows.manage_edition import (
    EditionIncompleteError,
    EditionLifeError,
    EditionRightError,
    UnknownEditionError,
    WrongEditionStepError,
)

BY_EDITION_ERROR: dict[type[BaseException], Problem] = {
    UnknownEditionError: Problem(
        404,
        "not-found",
        N_("There is nothing at this address"),
        N_("Check the address, or start from the map or the list. What is not public answers the same way."),
    ),
    EditionRightError: Problem(
        403,
        "not-allowed",
        N_("Your account may not do this"),
        N_("Nothing was changed. Who publishes for the whole country moves an edition."),
    ),
    WrongEditionStepError: Problem(
        409,
        "edition-moved-on",
        N_("The edition is not at that step any more"),
        N_("Nothing was changed by you. Open it again and see who took which step."),
    ),
    EditionIncompleteError: Problem(
        422,
        "edition-incomplete",
        N_("Something is missing for this step"),
        N_("Nothing was changed. Fill in what is missing, then send it again."),
    ),
    EditionLifeError: Problem(
        400,
        "invalid-input",
        N_("The request holds something that cannot be read"),
        N_("Correct the input and try again."),
    ),
}
