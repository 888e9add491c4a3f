"""Bring a database to the newest migration, and say how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def newest_revision() -> str:
    """Return the number of the newest migration of this code."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))[:4]


def current_revision(session: Session) -> str | None:
    """Return the migration that the database has; None when it has none."""
    try:
        return session.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    except ProgrammingError:
        session.rollback()
        return None


def upgrade(owner_url: str) -> tuple[str | None, str | None]:
    """Apply what is missing as the owner role; return the revision before and after.

    Two at once wait for each other. Each migration is one transaction: an interrupted one leaves nothing.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext

    engine = create_engine(owner_url)
    try:
        with engine.connect() as guard:
            guard.execute(text("SELECT pg_advisory_lock(724003)"))
            with engine.connect() as connection:
                before = MigrationContext.configure(connection).get_current_revision()
                config = Config()
                config.set_main_option("script_location", str(MIGRATIONS))
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                connection.commit()
                after = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    return before, after
