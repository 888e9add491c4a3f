"""How errors of revisions are answered; a part of the table in ``app.web.problems``."""

from __future__ import annotations

from app.i18n.marks import N_
from app.web.problem import Problem
from app.workflows.revise_errors import (
    IncompleteDraftError,
    OutsideTerritoryError,
    OwnChangeError,
    PointUnderWayError,
    ReasonNeededError,
    RecordChangedError,
    RevisionError,
    UnknownRevisionError,
    WrongStepError,
)

BY_REVISION_ERROR: dict[type[BaseException], Problem] = {
    UnknownRevisionError: Problem(
        404,
        "not-found",
        N_("There is nothing at this address"),
        N_("Check the address, or start from the map or the list. What is not public answers the same way."),
    ),
    OutsideTerritoryError: Problem(
        403,
        "outside-territory",
        N_("Your account may not do this here"),
        N_("Its rights end at its own territory. The body in charge of this school can do it."),
    ),
    OwnChangeError: Problem(
        403,
        "own-change",
        N_("Nobody verifies or publishes a change of their own"),
        N_("Nothing was changed. Another account with this right has to look at it."),
    ),
    WrongStepError: Problem(
        409,
        "revision-moved-on",
        N_("This change is not at that step any more"),
        N_("Nothing was changed by you. Open it again and see who took which step."),
    ),
    ReasonNeededError: Problem(
        422, "reason-needed", N_("This step needs a reason"), N_("Write why, in a sentence, then send it again.")
    ),
    IncompleteDraftError: Problem(
        422,
        "draft-incomplete",
        N_("The draft is not complete yet"),
        N_("Say what changes, why, where the information comes from and of which day it is. The draft is kept."),
    ),
    PointUnderWayError: Problem(
        409,
        "point-under-way",
        N_("A correction of this point is under way"),
        N_("A second one is taken when the first is decided or withdrawn. Nothing was sent."),
    ),
    RecordChangedError: Problem(
        409,
        "record-changed",
        N_("The record was changed by somebody else"),
        N_("Nothing was overwritten. Load it again, look at both versions and decide."),
    ),
    RevisionError: Problem(
        400,
        "invalid-input",
        N_("The request holds something that cannot be read"),
        N_("Correct the input and try again."),
    ),
}
