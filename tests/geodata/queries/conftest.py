"""A session that row security does not hold, for what each query's own conditions keep apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from geodata.database import make_engine, set_scope
from tests.support.rights import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def unguarded(empty_database) -> Iterator[Session]:
    """A session of the server's administrator, rolled back at the end: conditions stand alone, as in a lost policy."""
    address = empty_database.server.set(database=empty_database.name)
    engine = make_engine(address.render_as_string(hide_password=False))
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            set_scope(session, "national", rights=EVERYTHING)
            yield session
        transaction.rollback()
    engine.dispose()
