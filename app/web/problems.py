"""The table of problems: status, stable name, what happened and what to do, for every error that is foreseen.

Status codes stand here and nowhere else; ``app.web.errors`` makes answers of them.
"""

from __future__ import annotations

from flask_wtf.csrf import CSRFError

from app.exports.exporter import ListTooLongError, UnknownFormatError
from app.i18n.marks import N_
from app.web.appeal_problems import BY_APPEAL_ERROR
from app.web.assess_problems import BY_ASSESS_ERROR
from app.web.campaign_problems import BY_CAMPAIGN_ERROR
from app.web.conflict_problems import BY_CONFLICT_ERROR
from app.web.edition_problems import BY_EDITION_ERROR
from app.web.field_problems import BY_FIELD_ERROR
from app.web.filters import InvalidFilterError
from app.web.funding_problems import BY_FUNDING_ERROR
from app.web.guard import NotAllowedError, SignInNeededError, UndeclaredRouteError
from app.web.malware_problems import BY_MALWARE_ERROR
from app.web.official_problems import BY_OFFICIAL_ERROR
from app.web.past_day_problems import BY_PAST_DAY_ERROR
from app.web.problem import Problem
from app.web.project_problems import BY_PROJECT_ERROR
from app.web.read_only import ReadOnlyError
from app.web.revision_problems import BY_REVISION_ERROR
from app.web.scheme_problems import BY_SCHEME_ERROR
from app.web.works_problems import BY_WORKS_ERROR
from app.workflows.account_errors import (
    AccountsError,
    LastAdministratorError,
    LinkGoneError,
    NoSuchAccountError,
    OwnAccountError,
    SecondFactorNeededError,
    TooManyTriesError,
    WeakPasswordError,
    WrongCodeError,
    WrongSignInError,
)
from app.workflows.demonstration_accounts import RealSchoolsError
from app.workflows.export_list import AreaNotFoundError, RunNotFoundError
from app.workflows.export_plan import PlanNotFoundError
from app.workflows.import_options import (
    BatchStateError,
    DataChangedError,
    FileChangedError,
    FileTooLargeError,
    InvalidFieldError,
    KeyUsedError,
    ProblemsRemainError,
    UndoRefusedError,
    UnknownBatchError,
    UnknownHazardError,
)
from app.workflows.jobs import JobRunningError, JobsError
from app.workflows.manage_keys import KeyFieldError, KeysError, NoSuchKeyError, WrongKeyError
from app.workflows.openid import NotBoundError, ProviderLostError, SignInRefusedError
from geodata.database import DataError, IntegrityError, LockHeldError
from geodata.errors import DatabaseUnreachableError, FileRefusedError, MigrationsPendingError

UNEXPECTED = Problem(
    500,
    "fault",
    N_("The program has a fault"),
    N_("Nothing was saved halfway. Try again; if it happens again, send us the reference number."),
)
NOT_FOUND = Problem(
    404,
    "not-found",
    N_("There is nothing at this address"),
    N_("Check the address, or start from the map or the list. What is not public answers the same way."),
)
BUSY = Problem(
    503,
    "unavailable",
    N_("The database does not answer at the moment"),
    N_("What was saved is safe. Wait half a minute and load the page again."),
)
READ_ONLY = Problem(
    503,
    "read-only",
    N_("At the moment the data can be read but not changed"),
    N_("Nothing was saved. Lists, maps and files work as before. Try again later, or ask the administrator."),
)
TOO_SLOW = Problem(
    503,
    "too-slow",
    N_("The answer takes too long"),
    N_("Narrow the filter or choose a smaller area, then try again."),
)
BAD_INPUT = Problem(
    400, "invalid-input", N_("The request holds something that cannot be read"), N_("Correct the input and try again.")
)
CONFLICT = Problem(
    409,
    "conflict",
    N_("Somebody else is changing the same thing"),
    N_("Nothing of yours was lost. Load the page again and look at what changed."),
)
INVALID_FIELDS = Problem(
    422, "invalid-fields", N_("A field is missing or cannot be used"), N_("Correct the field and try again.")
)

BY_ERROR: dict[type[BaseException], Problem] = {
    InvalidFilterError: Problem(
        400, "invalid-filter", N_("The filter has a value that cannot be used"), N_("Correct the value or remove it.")
    ),
    SignInNeededError: Problem(
        401, "sign-in-needed", N_("This needs an account"), N_("Sign in with your account, then try again.")
    ),
    WrongSignInError: Problem(
        401, "wrong-sign-in", N_("Name or password is wrong"), N_("Check both, and the keyboard language.")
    ),
    RealSchoolsError: Problem(
        403,
        "demonstration-closed",
        N_("Accounts of the demonstration are closed"),
        N_("This installation holds real schools. Ask its administrator for an account of your own."),
    ),
    TooManyTriesError: Problem(429, "too-many-tries", N_("Too many tries"), N_("Wait a minute, then try again.")),
    WrongKeyError: Problem(
        401,
        "wrong-key",
        N_("The key does not work"),
        N_("It may be mistyped, ended or revoked. Make a new one on the page of your keys."),
    ),
    KeyFieldError: INVALID_FIELDS,
    ProviderLostError: Problem(
        503,
        "provider-lost",
        N_("The identity provider does not answer"),
        N_("Wait a minute and try again, or sign in with name and password."),
    ),
    SignInRefusedError: Problem(
        401,
        "provider-refused",
        N_("Signing in at the provider did not succeed"),
        N_("Nobody was signed in. Begin again from here, in the same browser and within ten minutes."),
    ),
    NotBoundError: Problem(
        403,
        "not-bound",
        N_("No account here belongs to this person"),
        N_("Ask the administrator to bind your account, then sign in again."),
    ),
    KeysError: BAD_INPUT,
    WeakPasswordError: Problem(
        422,
        "weak-password",
        N_("The password is too easy to guess"),
        N_("Choose another one that keeps the rules beside the field."),
    ),
    WrongCodeError: Problem(
        401,
        "wrong-code",
        N_("The code is wrong or was used before"),
        N_("Wait for the next code of the application, or use a recovery code; each works once."),
    ),
    LinkGoneError: Problem(
        410,
        "link-gone",
        N_("This link does not work"),
        N_("It was used, is too old or is not complete. Ask the administrator for a new one."),
    ),
    SecondFactorNeededError: Problem(
        403,
        "second-factor-needed",
        N_("This account signs in with a second factor"),
        N_("Programs use a key in place of name and password: make one on the page of your keys."),
    ),
    OwnAccountError: Problem(
        409,
        "own-account",
        N_("Nobody changes their own roles or shuts themselves out"),
        N_("Nothing was changed. Ask another administrator, or use the command line."),
    ),
    LastAdministratorError: Problem(
        409,
        "last-administrator",
        N_("This is the last administrator"),
        N_("Nothing was changed. Make another administrator first; without one nobody could give rights."),
    ),
    NotAllowedError: Problem(
        403, "not-allowed", N_("Your account may not do this"), N_("Ask the administrator for the right to do it.")
    ),
    **dict.fromkeys((NoSuchKeyError, NoSuchAccountError, UndeclaredRouteError, UnknownBatchError), NOT_FOUND),
    FileRefusedError: Problem(
        422, "file-refused", N_("The file cannot be taken"), N_("Correct the file as described and send it again.")
    ),
    JobRunningError: Problem(
        409, "already-running", N_("The same work is under way already"), N_("Wait until it has ended.")
    ),
    JobsError: UNEXPECTED,
    AccountsError: BAD_INPUT,
    LockHeldError: CONFLICT,
    **dict.fromkeys((InvalidFieldError, UnknownHazardError), INVALID_FIELDS),
    **dict.fromkeys((UnknownFormatError, RunNotFoundError, AreaNotFoundError, PlanNotFoundError), NOT_FOUND),
    ListTooLongError: Problem(
        422,
        "list-too-long",
        N_("The list is too long for this format"),
        N_("Narrow the filter or take another format."),
    ),
    KeyUsedError: Problem(
        422,
        "key-used",
        N_("This key has been used for another file"),
        N_("Choose a new Idempotency-Key for every file."),
    ),
    FileTooLargeError: Problem(413, "too-large", N_("The file is too large"), N_("Send a smaller file, or split it.")),
    ProblemsRemainError: Problem(
        422,
        "rows-refused",
        N_("Some rows cannot be taken"),
        N_("Correct the rows, or agree to take the good ones only. Nothing was changed."),
    ),
    DataChangedError: Problem(
        409,
        "changed-since-check",
        N_("The records have changed since the check"),
        N_("Nothing was changed. Check the file again and look at the differences."),
    ),
    FileChangedError: Problem(
        409,
        "file-changed",
        N_("The kept file is not the one that was checked"),
        N_("Nothing was changed. Send the file again."),
    ),
    BatchStateError: Problem(
        409,
        "wrong-state",
        N_("This import is not at that step"),
        N_("Nothing was changed. Look at its page: it may have been taken in, taken back or refused."),
    ),
    UndoRefusedError: Problem(
        409,
        "undo-refused",
        N_("This import cannot be taken back: later work rests on it"),
        N_("Nothing was changed. Take the later work back first."),
    ),
    **BY_FIELD_ERROR,
    **BY_REVISION_ERROR,
    **BY_CAMPAIGN_ERROR,
    **BY_OFFICIAL_ERROR,
    **BY_PAST_DAY_ERROR,
    **BY_APPEAL_ERROR,
    **BY_PROJECT_ERROR,
    **BY_CONFLICT_ERROR,
    **BY_WORKS_ERROR,
    **BY_MALWARE_ERROR,
    **BY_SCHEME_ERROR,
    **BY_FUNDING_ERROR,
    **BY_ASSESS_ERROR,
    **BY_EDITION_ERROR,
    MigrationsPendingError: Problem(
        503,
        "migrations-pending",
        N_("The program is being updated"),
        N_("What was saved is safe. Try again in a few minutes."),
    ),
    DatabaseUnreachableError: BUSY,
    ReadOnlyError: READ_ONLY,
    IntegrityError: CONFLICT,
    DataError: BAD_INPUT,
    CSRFError: Problem(
        400,
        "forgery-check",
        N_("The form has expired"),
        N_("Nothing was saved. Go back, load the page again and send the form once more."),
    ),
}

BY_STATUS: dict[int, Problem] = {
    400: BAD_INPUT,
    401: BY_ERROR[SignInNeededError],
    403: BY_ERROR[NotAllowedError],
    404: NOT_FOUND,
    405: Problem(
        405, "wrong-method", N_("This address does not take that kind of request"), N_("Use the page's own buttons.")
    ),
    406: Problem(406, "not-acceptable", N_("There is no such format here"), N_("Choose one of the offered formats.")),
    409: CONFLICT,
    410: Problem(410, "gone", N_("This has been removed"), N_("Make it again from the list.")),
    412: Problem(
        412,
        "changed-meanwhile",
        N_("The record was changed by somebody else"),
        N_("Nothing was overwritten. Load it again, look at both versions and save once more."),
    ),
    413: Problem(413, "too-large", N_("The file is too large"), N_("Send a smaller file, or split it.")),
    414: Problem(414, "address-too-long", N_("The address is too long"), N_("Choose fewer values in the filter.")),
    415: Problem(415, "wrong-media-type", N_("Files of this kind are not taken"), N_("See the list of formats.")),
    422: Problem(422, "invalid-fields", N_("Some fields are not right"), N_("Correct the marked fields.")),
    429: Problem(429, "too-many-requests", N_("Too many requests"), N_("Wait a minute, then try again.")),
    503: BUSY,
}
