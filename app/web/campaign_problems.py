"""How errors of campaigns are answered; a part of the table in ``app.web.problems``."""

from __future__ import annotations

from app.i18n.marks import N_
from app.web.problem import Problem
from app.workflows.campaigns import (
    CampaignError,
    CampaignFieldError,
    ClosedCampaignError,
    EmptyCampaignError,
    NotManagingError,
    UnknownCampaignError,
)

_UNREADABLE = Problem(
    422,
    "invalid-input",
    N_("The request holds something that cannot be read"),
    N_("Correct the input and try again."),
)

BY_CAMPAIGN_ERROR: dict[type[BaseException], Problem] = {
    UnknownCampaignError: Problem(
        404,
        "not-found",
        N_("There is nothing at this address"),
        N_("Check the address, or start from the map or the list. What is not public answers the same way."),
    ),
    NotManagingError: Problem(
        403,
        "not-managing",
        N_("This campaign is somebody else's"),
        N_("Who made it, and who verifies in the whole country, hands it out and closes it. Nothing was changed."),
    ),
    ClosedCampaignError: Problem(
        409,
        "campaign-closed",
        N_("The campaign is closed"),
        N_("What it counted stays as it is. Open a new campaign for further visits."),
    ),
    EmptyCampaignError: _UNREADABLE,
    CampaignFieldError: _UNREADABLE,
    CampaignError: _UNREADABLE,
}
