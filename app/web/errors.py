"""Errors to answers: the only place with status codes.

Machines (``/api``, ``/tiles``, ``/ogc`` and who asks for JSON) get ``application/problem+json`` (RFC 9457) with a
stable ``type``; people get a page that says what happened, what is safe and what to do. Nothing internal leaves:
no message of a program, no statement, no path. What is absent and what is not for the reader answer alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import structlog
from flask import Flask, Response, current_app, g, jsonify, redirect, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateError
from werkzeug.exceptions import HTTPException

from app.i18n.marks import N_
from app.web.filters import InvalidFilterError
from app.web.guard import NotAllowedError, SignInNeededError, UndeclaredRouteError
from app.web.language import current_language
from app.web.logs import request_id
from app.workflows.jobs import JobRunningError, JobsError
from app.workflows.manage_accounts import AccountsError, TooManyTriesError, WrongSignInError
from geodata.database import DataError, DBAPIError, IntegrityError, LockHeldError, is_lost
from geodata.errors import DatabaseUnreachableError, FileRefusedError, MigrationsPendingError

MACHINE_PATHS = ("/api/", "/tiles/", "/ogc", "/healthz", "/readyz", "/metrics")


@dataclass(frozen=True)
class Problem:
    """How one kind of error is answered: status, stable name, and msgids of what happened and what to do."""

    status: int
    name: str
    title: str
    remedy: str


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
    TooManyTriesError: Problem(429, "too-many-tries", N_("Too many tries"), N_("Wait a minute, then try again.")),
    NotAllowedError: Problem(
        403, "not-allowed", N_("Your account may not do this"), N_("Ask the administrator for the right to do it.")
    ),
    UndeclaredRouteError: NOT_FOUND,
    FileRefusedError: Problem(
        422, "file-refused", N_("The file cannot be taken"), N_("Correct the file as described and send it again.")
    ),
    JobRunningError: Problem(
        409, "already-running", N_("The same work is under way already"), N_("Wait until it has ended.")
    ),
    JobsError: UNEXPECTED,
    AccountsError: BAD_INPUT,
    LockHeldError: CONFLICT,
    MigrationsPendingError: Problem(
        503,
        "migrations-pending",
        N_("The program is being updated"),
        N_("What was saved is safe. Try again in a few minutes."),
    ),
    DatabaseUnreachableError: BUSY,
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


def problem_of(error: BaseException) -> Problem:
    """Return how ``error`` is answered; what nobody foresaw is a fault of ours."""
    if isinstance(error, DBAPIError) and not isinstance(error, (IntegrityError, DataError)):
        if getattr(error.orig, "sqlstate", None) in ("57014", "55P03"):  # statement or lock timeout
            return TOO_SLOW
        return BUSY if is_lost(error) else UNEXPECTED
    if is_lost(error):
        return BUSY
    for kind in type(error).__mro__:
        if kind in BY_ERROR:
            return BY_ERROR[kind]
    if isinstance(error, HTTPException) and error.code is not None:
        return BY_STATUS.get(error.code, UNEXPECTED if error.code >= 500 else BAD_INPUT)
    return UNEXPECTED


def wants_machine_answer() -> bool:
    """Return whether the answer is for a program: by address, or because it asks for JSON and not for HTML."""
    if request.path.startswith(MACHINE_PATHS):
        return True
    best = request.accept_mimetypes.best_match(("text/html", "application/json", "application/problem+json"))
    return best in ("application/json", "application/problem+json")


def problem_answer(problem: Problem, **more: Any) -> Response:
    """Return the problem as JSON; ``more`` are extension members such as ``errors`` or ``field``."""
    body: dict[str, Any] = {
        "type": f"/problems/{problem.name}",
        "title": gettext(problem.title),
        "status": problem.status,
        "detail": gettext(problem.remedy),
        "instance": f"urn:request:{request_id()}",
        **{key: value for key, value in more.items() if value is not None},
    }
    response = jsonify(body)
    response.status_code = problem.status
    response.mimetype = "application/problem+json"
    return response


def _page(problem: Problem, **more: Any) -> Response:
    page = {"title": gettext(problem.title), "remedy": gettext(problem.remedy), "status": problem.status, **more}
    page |= {"reference": request_id(), "lang": current_language()}
    template = "errors/error.html" if problem.status < 500 else "errors/plain.html"
    try:
        body = render_template(template, page=page)
    except (TemplateError, DBAPIError):  # the page around it is what fails
        body = render_template("errors/plain.html", page=page)
    return Response(body, status=problem.status, mimetype="text/html")


def _details(error: BaseException) -> dict[str, Any]:
    if isinstance(error, InvalidFilterError):
        return {"field": error.field, "value": str(error.value)[:200]}
    if isinstance(error, JobRunningError):
        return {"job": error.token}
    if isinstance(error, FileRefusedError):
        return {"code": error.problem.code, "column": error.problem.column, "row": error.problem.row}
    return {}


def answer(error: BaseException) -> Response:
    """Return the answer to ``error``, for a program or for people."""
    problem = problem_of(error)
    if problem.status >= 500:
        structlog.get_logger("mektep.web").error("failed", problem=problem.name, exc_info=error)
    if isinstance(error, SignInNeededError) and request.method == "GET" and not wants_machine_answer():
        wanted = request.full_path.rstrip("?")
        return redirect(f"/{current_language()}/sign-in?next={quote(wanted, safe='/')}", code=303)  # type: ignore[return-value]
    make = problem_answer if wants_machine_answer() else _page
    response = make(problem, **_details(error))
    if isinstance(error, HTTPException):
        for name, value in error.get_headers():
            if name.lower() in ("allow", "retry-after", "www-authenticate"):
                response.headers[name] = value
    if problem.status in (429, 503):
        response.headers.setdefault("Retry-After", "60" if problem.status == 429 else "30")
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def init_app(app: Flask) -> None:
    """Answer every error; redirects of the router pass."""

    @app.errorhandler(Exception)
    def _answer(error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.code is not None and error.code < 400:
            return error.get_response()  # type: ignore[return-value]
        session = g.get("session")
        if session is not None:
            session.rollback()
        if current_app.config.get("PROPAGATE_FAULTS") and problem_of(error) is UNEXPECTED:
            raise error
        return answer(error)
