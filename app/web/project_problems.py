"""How errors of funded projects are answered; a part of the table in ``app.web.problems``."""

from __future__ import annotations

from app.i18n.marks import N_
from app.web.problem import Problem
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
    OutOfOrderError: FIELDS,
    ProjectIncompleteError: FIELDS,
    ProjectError: FIELDS,
}
