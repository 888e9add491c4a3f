"""Fixtures that every test may use: a database of its own, a session, the application."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from geodata.database import make_engine, set_scope
from tests.support import database as test_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine


@pytest.fixture(scope="session")
def database() -> Iterator[test_database.Database]:
    """A migrated, empty database for this test session."""
    made = test_database.create(f"mektep_test_{os.getpid()}")
    yield made
    test_database.drop(made)


@pytest.fixture(scope="session")
def engine(database: test_database.Database) -> Iterator[Engine]:
    """An engine as the web role: owns nothing, obeys row security."""
    made = make_engine(database.url("mektep_web"))
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session of national scope; everything is rolled back at the end, commits included."""
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as made:
            set_scope(made, "national")
            yield made
        transaction.rollback()
