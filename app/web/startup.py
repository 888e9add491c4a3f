"""Checks before the first request: with a weak key or a too mighty database role nothing is served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata import upgrade
from geodata.database import open_session
from geodata.queries.health import role_rights

if TYPE_CHECKING:
    from app.settings import Settings
    from geodata.database import Engine

SHORTEST_KEY = 32
FEWEST_LETTERS = 10


class UnsafeInstallationError(Exception):
    """The application must not serve like this; the message says what to change."""


def check_key(settings: Settings) -> None:
    """Refuse a secret key that can be guessed."""
    key = settings.secret_key
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_LETTERS:
        raise UnsafeInstallationError(
            f"MEKTEP_SECRET_KEY must be random and have at least {SHORTEST_KEY} characters (scripts/run makes one)"
        )


def check_installation(settings: Settings, engine: Engine, *, debug: bool) -> None:
    """Refuse a weak key, debug mode, a role that passes row security, and a database behind the code.

    Raises:
        UnsafeInstallationError: with the one thing to change.
    """
    check_key(settings)
    if debug:
        raise UnsafeInstallationError("debug mode shows program and data to strangers: switch it off")
    with open_session(engine, "public") as session:
        rights = role_rights(session)
        revision = upgrade.current_revision(session)
    if rights.is_superuser or rights.bypasses_row_security:
        raise UnsafeInstallationError(f"the database role {rights.name} passes row security: use mektep_web")
    if rights.owns_tables:
        raise UnsafeInstallationError(f"the database role {rights.name} owns tables: use mektep_web")
    if revision != upgrade.newest_revision():
        raise UnsafeInstallationError(
            f"the database has migration {revision}, the program needs {upgrade.newest_revision()}: "
            "run scripts/mektep db upgrade"
        )
