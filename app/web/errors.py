"""Errors to answers; their status codes and words are in ``app.web.problems``.

Machines (``/api``, ``/tiles``, ``/ogc`` and who asks for JSON) get ``application/problem+json`` (RFC 9457) with a
stable ``type``; people get a page that says what happened, what is safe and what to do. Nothing internal leaves:
no message of a program, no statement, no path. What is absent and what is not for the reader answer alike.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import structlog
from flask import Flask, Response, current_app, jsonify, redirect, render_template, request
from flask_babel import gettext
from jinja2 import TemplateError
from werkzeug.exceptions import HTTPException

from app.web.disk_problem import NO_ROOM
from app.web.filters import InvalidFilterError
from app.web.guard import SignInNeededError
from app.web.language import current_language
from app.web.logs import request_id
from app.web.problems import BAD_INPUT, BUSY, BY_ERROR, BY_STATUS, READ_ONLY, TOO_SLOW, UNEXPECTED, Problem
from app.web.refusals import members, refusal_of
from app.web.request import roll_back
from app.workflows.disk_space import is_full
from app.workflows.import_options import DataChangedError, InvalidFieldError
from app.workflows.jobs import JobRunningError
from geodata.database import DBAPIError, is_lost, sqlstate_of
from geodata.errors import FileRefusedError

MACHINE_PATHS = ("/api/", "/tiles/", "/ogc", "/healthz", "/readyz", "/metrics")


def problem_of(error: BaseException) -> Problem:
    """Return how ``error`` is answered; what nobody foresaw is a fault of ours."""
    if is_full(error):
        return NO_ROOM
    sqlstate = sqlstate_of(error)
    if sqlstate in ("57014", "55P03"):  # statement or lock timeout
        return TOO_SLOW
    if sqlstate == "25006":  # a standby, or default_transaction_read_only
        return READ_ONLY
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
        return members(error) if wants_machine_answer() else {"refusal": refusal_of(error)}
    if isinstance(error, JobRunningError):
        return {"job": error.token}
    if isinstance(error, InvalidFieldError):
        return {"field": error.field, "value": error.value}
    if isinstance(error, DataChangedError):
        return {"rows": [{"row": row, "key": key} for row, key in error.rows]}
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
    if problem.status == 401 and wants_machine_answer():
        response.headers.setdefault("WWW-Authenticate", 'Bearer realm="mektep"')
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
        roll_back()
        if current_app.config.get("PROPAGATE_FAULTS") and problem_of(error) is UNEXPECTED:
            raise error
        return answer(error)
