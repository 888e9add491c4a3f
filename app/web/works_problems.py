"""How errors of stated costs and decided works are answered; a part of the table in ``app.web.problems``."""

from __future__ import annotations

from app.i18n.marks import N_
from app.web.problem import Problem
from app.workflows.record_works import WorksChangedError, WorksError, WorksIncompleteError
from app.workflows.record_works_file import RefusedFiguresError

FIELDS = Problem(422, "invalid-fields", N_("Some fields are not right"), N_("Correct the marked fields."))
BY_WORKS_ERROR: dict[type[BaseException], Problem] = {
    WorksChangedError: Problem(
        409,
        "works-changed",
        N_("Somebody else has recorded something newer"),
        N_("Nothing was recorded. Load the page again and record yours if it still holds beside what is in force now."),
    ),
    RefusedFiguresError: FIELDS,
    WorksIncompleteError: FIELDS,
    WorksError: FIELDS,
}
