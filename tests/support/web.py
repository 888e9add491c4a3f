"""An application of its own for tests that save or change it, and how to sign in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from app.factory import create_app
from app.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask, Response
    from flask.testing import FlaskClient

    from tests.support.database import Database

KEY = "a-key-for-tests-0123456789-abcdefghijklmnop"


def make_settings(database: Database, var_dir: Path, **more: Any) -> Settings:
    """Return settings on ``database`` with everything else below ``var_dir``.

    Accounts of tests are made up and stand among schools that are not.
    """
    values: dict[str, Any] = {"demonstration_accounts": "open"} | more
    return Settings(
        owner_url=database.url("mektep_owner"),
        web_url=database.url("mektep_web"),
        worker_url=database.url("mektep_worker"),
        secret_key=KEY,
        var_dir=var_dir,
        **values,
    )


def make_app(settings: Settings) -> Flask:
    """Return a new application on its own connections: what it saves stays in the test database."""
    app = create_app(settings)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def csrf_token(client: FlaskClient, address: str = "/ky/sign-in") -> str:
    """Return the forgery token of the form at ``address``."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text)
    assert found, f"no form at {address}"
    return found[1]


def sign_in(client: FlaskClient, name: str, password: str) -> Response:
    """Sign in through the page and return its answer."""
    form = {"name": name, "password": password, "csrf_token": csrf_token(client)}
    return client.post("/ky/sign-in", data=form)  # type: ignore[return-value]
