"""Accounts of tests: made by the command line's role, each with a name of its own."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.workflows import manage_accounts
from geodata.database import make_engine, open_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.database import Session
    from tests.support.database import Database

PASSWORD = "correct horse battery"


@contextmanager
def at_the_command_line(database: Database) -> Iterator[Session]:
    """Yield a session of the system, as ``scripts/mektep`` has it; committed at the end."""
    engine = make_engine(database.url("mektep_worker"))
    with open_session(engine, "national") as session:
        yield session
    engine.dispose()


def make_account(
    database: Database, role: str = "planner", place: str | None = None, *, is_synthetic: bool = False
) -> str:
    """Make an account with ``PASSWORD`` and return its name."""
    name = f"{role[:4]}{secrets.token_hex(4)}"
    with at_the_command_line(database) as session:
        manage_accounts.add_account(session, name, PASSWORD, role, place, is_synthetic=is_synthetic)
    return name
