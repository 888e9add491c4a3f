"""An application with an operator, for tests that send files through page and API."""

from __future__ import annotations

import io
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from app.workflows import manage_accounts
from geodata.database import make_engine, open_session
from tests.support.web import make_app, make_settings

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask, Response

    from tests.support.database import Database

NAME, PASSWORD = "operator-of-tests", "a-long-password-of-tests"
BASIC = {"Authorization": "Basic " + b64encode(f"{NAME}:{PASSWORD}".encode()).decode()}


def make_import_app(database: Database, var_dir: Path) -> Flask:
    """Return the application on ``database`` with an operator account."""
    engine = make_engine(database.url("mektep_worker"))
    with open_session(engine, "national") as session:
        manage_accounts.add_account(session, NAME, PASSWORD, is_synthetic=True)
    engine.dispose()
    return make_app(make_settings(database, var_dir))


def send(app: Flask, content: bytes, name: str, *, headers: dict[str, str] | None = None, **fields: Any) -> Response:
    """Post a file to the API as the operator."""
    data = {"file": (io.BytesIO(content), name), "kind": "schools", **fields}
    sent = BASIC | (headers or {})
    return app.test_client().post("/api/v1/imports", data=data, headers=sent)  # type: ignore[return-value]
