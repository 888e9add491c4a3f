"""How errors of forms from the field are answered; a part of the table in ``app.web.problems``."""

from __future__ import annotations

from app.i18n.marks import N_
from app.web.problem import Problem
from app.workflows.field_connections import FieldConnectionError, InvalidConnectionError, NoSuchConnectionError
from app.workflows.field_form import FormError, NoSuchEditionError, NoSuchPlaceError
from app.workflows.form_server import AddressRefusedError, ServerError
from app.workflows.repair_submissions import NoSuchSubmissionError, NothingToDoError, RepairError

NOT_FOUND = Problem(
    404,
    "not-found",
    N_("There is nothing at this address"),
    N_("Check the address, or start from the map or the list. What is not public answers the same way."),
)
CANNOT_CONNECT = Problem(
    422,
    "invalid-connection",
    N_("This server cannot be connected"),
    N_("Its address must be https, and the settings of this installation must hold a secret for it."),
)
BY_FIELD_ERROR: dict[type[BaseException], Problem] = {
    NoSuchEditionError: NOT_FOUND,
    NoSuchPlaceError: NOT_FOUND,
    NoSuchSubmissionError: NOT_FOUND,
    NoSuchConnectionError: NOT_FOUND,
    AddressRefusedError: CANNOT_CONNECT,
    InvalidConnectionError: CANNOT_CONNECT,
    FieldConnectionError: CANNOT_CONNECT,
    NothingToDoError: Problem(
        409,
        "form-moved-on",
        N_("This form is not at that step any more"),
        N_("Nothing was changed. Look at its page: somebody may have been there before you."),
    ),
    ServerError: Problem(
        503,
        "form-server-lost",
        N_("The server of the forms cannot be read"),
        N_("Nothing was taken in. Try again later."),
    ),
    FormError: NOT_FOUND,
    RepairError: NOT_FOUND,
}
