"""Alembic environment: runs as the owner role; the URL comes from the caller (``-x url=`` or config)."""

from __future__ import annotations

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import create_engine

import geodata.models.api_key  # noqa: F401  registers the tables of accounts and of their keys
from geodata.models import Base


def include_object(item: object, name: str | None, kind: str, reflected: bool, compared: object) -> bool:
    """Leave PostGIS's and the job queue's own tables alone."""
    if kind == "table" and name is not None and name.startswith("procrastinate_"):
        return False
    return alembic_helpers.include_object(item, name, kind, reflected, compared)


def run() -> None:
    """Run on the connection handed over in ``config.attributes``, else on ``-x url=``."""
    connection = context.config.attributes.get("connection")
    if connection is not None:
        _migrate(connection)
        return
    url = context.get_x_argument(as_dictionary=True)["url"]
    with create_engine(url).connect() as connection:
        _migrate(connection)


def _migrate(connection: object) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
