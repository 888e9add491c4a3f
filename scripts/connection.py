"""How commands reach the database: as the worker role, with the scope they name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.settings import Settings
from app.workflows.follow_parameters import follow
from geodata.database import make_engine, open_session

if TYPE_CHECKING:
    from geodata.database import Engine, Scope, Session


class NotConfiguredError(Exception):
    """No database address is set."""


def worker_engine(settings: Settings | None = None) -> Engine:
    """Return an engine as the worker role: owns nothing, no time limits; raises ``NotConfiguredError``."""
    url = (settings or Settings()).worker_url
    if not url:
        raise NotConfiguredError("no database address is set: call scripts/mektep, or set MEKTEP_WORKER_URL")
    return make_engine(url)


@contextmanager
def worker_session(scope: Scope = "national") -> Iterator[Session]:
    """Yield a session that commits at its end and rolls back on an error."""
    engine = worker_engine()
    try:
        with open_session(engine, scope) as session:
            follow(session)
            yield session
    finally:
        engine.dispose()
