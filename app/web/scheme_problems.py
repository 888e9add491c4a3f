"""How errors of saved schemes are answered; a part of the table in ``app.web.problems``."""

from __future__ import annotations

from app.i18n.marks import N_
from app.web.problem import Problem
from app.workflows.named_schemes import NotDecidingSchemeError, SchemeChoiceError
from app.workflows.save_scheme import NotForTheCountryError, SchemeFieldsError

BY_SCHEME_ERROR: dict[type[BaseException], Problem] = {
    SchemeFieldsError: Problem(
        422,
        "invalid-scheme",
        N_("The scheme was not saved"),
        N_("It needs a title, who answers for it, and weights within their bounds that sum to 1."),
    ),
    SchemeChoiceError: Problem(
        422,
        "invalid-fields",
        N_("Some fields are not right"),
        N_("A decision needs a scheme of the country, a reason and the act (title, number)."),
    ),
    NotDecidingSchemeError: Problem(
        403,
        "may-not-choose-scheme",
        N_("Your account may not choose the official scheme"),
        N_("It takes the rights to rank and to publish for the whole country."),
    ),
    NotForTheCountryError: Problem(
        403,
        "not-for-the-country",
        N_("Your account may not keep schemes of the country"),
        N_("Save it as a draft of your own, or ask who may rank for the whole country."),
    ),
}
