"""How errors of funded projects are answered; a part of the table in ``app.web.problems``."""

from __future__ import annotations

from app.i18n.marks import N_
from app.web.problem import Problem
from app.workflows.grant_package import GrantChoiceError, GrantError, NotRankedError
from app.workflows.pipeline import MovedMeanwhileError, NoMoneyRecordedError, NoSuchMeasureError
from app.workflows.record_project import (
    MoneyOfFamiliesError,
    NotInListError,
    OutOfOrderError,
    ProjectError,
    ProjectIncompleteError,
)

FIELDS = Problem(422, "invalid-fields", N_("Some fields are not right"), N_("Correct the marked fields."))
BY_PROJECT_ERROR: dict[type[BaseException], Problem] = {
    MoneyOfFamiliesError: Problem(
        422,
        "money-of-families",
        N_("Boards of trustees and parents are no source of this money"),
        N_("Nothing was recorded. The safety of a school is paid from budgets, grants and donors."),
    ),
    NotInListError: Problem(
        409,
        "not-in-list",
        N_("The list does not hold this school"),
        N_("Nothing was recorded. Rank the schools first; a closed school is not in the list."),
    ),
    NoMoneyRecordedError: Problem(
        409,
        "no-money-recorded",
        N_("No money is recorded for this project"),
        N_("Nothing was moved. Record the decided money first; it is compared with the list."),
    ),
    MovedMeanwhileError: Problem(
        409,
        "moved-meanwhile",
        N_("Somebody else has moved this project"),
        N_("Nothing was moved. Load its page again and look where it stands."),
    ),
    NoSuchMeasureError: Problem(
        422,
        "no-such-measure",
        N_("These measures are not offered to this school"),
        N_("Nothing was begun. Load the page again and choose from its list."),
    ),
    NotRankedError: Problem(
        409,
        "not-in-list",
        N_("The list does not hold this school"),
        N_("No package can be made. Rank the schools first; a closed school is not in the list."),
    ),
    GrantChoiceError: Problem(
        422,
        "no-such-choice",
        N_("This package cannot be chosen"),
        N_("Choose measures that are offered, a share from 0 to 90 percent and a year from 2020 to 2060."),
    ),
    GrantError: FIELDS,
    OutOfOrderError: FIELDS,
    ProjectIncompleteError: FIELDS,
    ProjectError: FIELDS,
}
