"""Errors become answers: right status, one shape for programs, one page for people, nothing internal."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from app.web import errors
from app.web.filters import InvalidFilterError
from app.web.guard import NotAllowedError, SignInNeededError, UndeclaredRouteError, declare_action
from app.workflows.jobs import JobRunningError
from geodata.errors import FileRefusedError
from geodata.records.table import RowProblem

SECRET = "SELECT password FROM account /work/secret.py"


class StatementTimeoutError(Exception):
    sqlstate = "57014"


@pytest.mark.parametrize(
    ("error", "status", "name"),
    [
        pytest.param(InvalidFilterError("grade", "Z"), 400, "invalid-filter", id="a filter that cannot be read"),
        pytest.param(SignInNeededError("import"), 401, "sign-in-needed", id="nobody is signed in"),
        pytest.param(NotAllowedError("import"), 403, "not-allowed", id="the account may not"),
        pytest.param(UndeclaredRouteError("x"), 404, "not-found", id="a route without a permission is not there"),
        pytest.param(JobRunningError("t"), 409, "already-running", id="a double click"),
        pytest.param(
            FileRefusedError(RowProblem(None, None, None, "bad_zip")), 422, "file-refused", id="a file refused whole"
        ),
        pytest.param(OperationalError(SECRET, {}, Exception()), 503, "unavailable", id="the database is away"),
        pytest.param(
            OperationalError(SECRET, {}, StatementTimeoutError()), 503, "too-slow", id="a statement took too long"
        ),
        pytest.param(DataError(SECRET, {}, Exception()), 400, "invalid-input", id="a NUL character in a text"),
        pytest.param(IntegrityError(SECRET, {}, Exception()), 409, "conflict", id="two people at once"),
        pytest.param(ZeroDivisionError(SECRET), 500, "fault", id="a fault of ours"),
    ],
)
def test_programs_get_a_problem_with_a_stable_type(live_app: Flask, error: Exception, status: int, name: str) -> None:
    _raise_at(live_app, "/api/v1/broken", error)

    response = live_app.test_client().get("/api/v1/broken?lang=en")

    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    body = response.get_json()
    assert body["type"] == f"/problems/{name}"
    assert body["status"] == status
    assert body["title"] == errors.problem_of(error).title
    assert body["instance"].endswith(response.headers["X-Request-ID"])
    assert "secret" not in response.text
    assert "SELECT" not in response.text


def test_the_field_of_a_wrong_filter_is_named(live_app: Flask) -> None:
    _raise_at(live_app, "/api/v1/broken", InvalidFilterError("grade", "Z"))

    body = live_app.test_client().get("/api/v1/broken").get_json()

    assert (body["field"], body["value"]) == ("grade", "Z")


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_people_get_a_page_with_remedy_and_reference_number(live_app: Flask, language: str) -> None:
    response = live_app.test_client().get(f"/{language}/there-is-no-such-page")

    assert response.status_code == 404
    assert response.mimetype == "text/html"
    assert len(re.findall("<h1", response.text)) == 1
    assert f'lang="{language}"' in response.text
    assert response.headers["X-Request-ID"] in response.text


def test_the_title_is_translated(live_app: Flask) -> None:
    titles = {
        live_app.test_client().get(f"/api/v1/none?lang={code}").get_json()["title"] for code in ("ky", "ru", "en")
    }

    assert len(titles) == 3


def test_a_fault_shows_a_page_even_when_the_layout_cannot_be_drawn(
    live_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _raise_at(live_app, "/ky/broken", ZeroDivisionError(SECRET))

    response = live_app.test_client().get("/ky/broken")

    assert response.status_code == 500
    assert "SELECT" not in response.text
    assert response.headers["X-Request-ID"] in response.text


def test_an_unexpected_method_is_refused_with_the_allowed_ones(live_app: Flask) -> None:
    response = live_app.test_client().delete("/healthz", headers={"Authorization": "none"})

    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_a_form_without_its_token_is_refused(live_app: Flask) -> None:
    response = live_app.test_client().post("/ky/sign-in", data={"name": "a", "password": "b"})

    assert response.status_code == 400
    assert "csrf" not in response.text.lower()


def test_who_must_sign_in_is_led_there_and_back(live_app: Flask) -> None:
    _raise_at(live_app, "/ru/work", SignInNeededError("import"))

    response = live_app.test_client().get("/ru/work?area=417&x=1")

    assert response.status_code == 303
    assert response.headers["Location"] == "/ru/sign-in?next=/ru/work%3Farea%3D417%26x%3D1"


def _raise_at(app: Flask, address: str, error: Exception) -> None:
    from flask import Blueprint

    blueprint = Blueprint("broken", __name__)
    declare_action(blueprint, "read")

    @blueprint.get(address)
    def broken() -> str:
        raise error

    app.register_blueprint(blueprint)
