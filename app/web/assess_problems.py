"""How errors of assessing are answered; a part of the table in ``app.web.problems``."""

from __future__ import annotations

from app.i18n.marks import N_
from app.web.problem import Problem
from app.workflows.assess_errors import (
    AnswerConflictError,
    AssessError,
    NoEditionError,
    NotCertifiedError,
    NothingAnsweredError,
    NotOpenError,
    NotYoursError,
    RefusedAnswerError,
    SurveyConflictError,
    SurveyRefusedError,
    UnknownVisitError,
)
from app.workflows.assess_readings import RefusedReadingsError

BY_ASSESS_ERROR: dict[type[BaseException], Problem] = {
    UnknownVisitError: Problem(
        404,
        "not-found",
        N_("There is nothing at this address"),
        N_("Check the address, or start from the map or the list. What is not public answers the same way."),
    ),
    NotYoursError: Problem(
        403,
        "outside-territory",
        N_("Your account may not do this here"),
        N_("Its rights end at its own territory. The body in charge of this school can do it."),
    ),
    NotOpenError: Problem(
        409,
        "assessment-closed",
        N_("This assessment is not answered any more"),
        N_("It was submitted or published. Nothing was changed; what you sent stays on your device."),
    ),
    NoEditionError: Problem(
        409,
        "no-edition",
        N_("There is no edition of the standard to assess with"),
        N_("Ask the ministry to put an edition into use."),
    ),
    NothingAnsweredError: Problem(
        422, "nothing-answered", N_("Nothing is answered yet"), N_("Answer at least one question, then submit.")
    ),
    NotCertifiedError: Problem(
        403,
        "not-certified",
        N_("Your certificate as an engineer is missing or has run out"),
        N_("The survey stays as your draft. Ask an administrator to record your certificate, then hand it over."),
    ),
    SurveyRefusedError: Problem(
        422,
        "survey-refused",
        N_("The survey was not taken"),
        N_("Correct the value that is named and save again; what you entered is kept."),
    ),
    SurveyConflictError: Problem(
        409,
        "surveyed-meanwhile",
        N_("This survey was changed meanwhile on another device"),
        N_("Nothing was overwritten. Look at both and decide."),
    ),
    RefusedAnswerError: Problem(
        422,
        "answer-refused",
        N_("The answer was not taken"),
        N_("Correct it and send it again; what you entered is kept."),
    ),
    RefusedReadingsError: Problem(
        422,
        "readings-refused",
        N_("The readings were not taken"),
        N_("Correct the rows that are named and send the file again."),
    ),
    AnswerConflictError: Problem(
        409,
        "answered-meanwhile",
        N_("Somebody else answered meanwhile"),
        N_("Nothing was overwritten. Look at both answers and decide."),
    ),
    AssessError: Problem(
        400,
        "invalid-input",
        N_("The request holds something that cannot be read"),
        N_("Correct the input and try again."),
    ),
}
