"""Fixtures that every test may use: a database of its own, a session, the application."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from app.factory import create_app
from app.settings import Settings
from app.workflows import passwords, wrapped_secrets
from geodata.database import make_engine, set_scope
from tests.support import database as test_database
from tests.support.reading import ReaderInside
from tests.support.rights import EVERYTHING

pytest_plugins = ["tests.support.browser"]
os.environ["MEKTEP_RATE_LIMITS"] = "false"  # all requests of tests come from one address; test_limits.py sets its own

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine


@pytest.fixture(scope="session", autouse=True)
def costly_hasher() -> Iterator[PasswordHasher]:
    """Hash passwords of tests quickly: hundreds of accounts sign in. Returns what the product hashes with."""
    real, quick = passwords._hasher, PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    passwords._hasher = lambda: quick  # type: ignore[assignment]
    costs = wrapped_secrets._TIME_COST, wrapped_secrets._MEMORY_KIB
    wrapped_secrets._TIME_COST, wrapped_secrets._MEMORY_KIB = 1, 1024
    yield real()
    passwords._hasher = real
    wrapped_secrets._TIME_COST, wrapped_secrets._MEMORY_KIB = costs


@pytest.fixture(scope="session")
def database() -> Iterator[test_database.Database]:
    """A migrated database of this test process for tests that save: what one leaves, the next ones find."""
    made = test_database.create(f"mektep_test_{os.getpid()}")
    yield made
    test_database.drop(made)


@pytest.fixture(scope="session")
def empty_database() -> Iterator[test_database.Database]:
    """A migrated database in which nothing is ever saved."""
    made = test_database.create(f"mektep_test_{os.getpid()}_empty")
    yield made
    test_database.drop(made)


@pytest.fixture(scope="session")
def engine(database: test_database.Database) -> Iterator[Engine]:
    """An engine as the web role: owns nothing, obeys row security."""
    made = make_engine(database.url("mektep_web"))
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def empty_engine(empty_database: test_database.Database) -> Iterator[Engine]:
    """The same on the database in which nothing is saved."""
    made = make_engine(empty_database.url("mektep_web"))
    yield made
    made.dispose()


@pytest.fixture
def session(empty_engine: Engine) -> Iterator[Session]:
    """A session of national scope with every right; everything is rolled back at the end, commits included."""
    with empty_engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as made:
            set_scope(made, "national", rights=EVERYTHING)
            yield made
        transaction.rollback()


@pytest.fixture(scope="session")
def made_app(empty_database: test_database.Database, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application on the database that stays empty, as the web role."""
    settings = Settings(
        web_url=empty_database.url("mektep_web"),
        worker_url=empty_database.url("mektep_worker"),
        secret_key="test " * 8,
        demonstration_accounts="open",
        var_dir=tmp_path_factory.mktemp("var"),
    )
    return create_app(settings)


@pytest.fixture
def app(made_app: Flask, session: Session) -> Iterator[Flask]:
    """The application inside the test's own transaction: it sees what ``session`` added, nothing is kept."""
    kept = {name: made_app.extensions[name] for name in ("engine", "public_reader")}
    made_app.extensions["engine"] = session.connection()
    made_app.extensions["public_reader"] = ReaderInside(session.connection())
    session.flush()
    yield made_app
    made_app.extensions.update(kept)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser."""
    return app.test_client()


@pytest.fixture
def live_app(database: test_database.Database, tmp_path: Path) -> Iterator[Flask]:
    """An application of this test's own, on its own connections: what it saves stays in the database."""
    from tests.support import web

    made = web.make_app(web.make_settings(database, tmp_path))
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture(scope="session")
def demonstration() -> test_database.Database:
    """The database of the demonstration country, ranked; made once and kept between test sessions."""
    from tests.support import demo

    return demo.demonstration(test_database.ROOT / "var/tests")
