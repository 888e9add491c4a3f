"""A light way to read what is public: one statement, no transaction around it, for tiles.

A session costs a tile four journeys to the server besides its own: a ping, BEGIN with the scope, ROLLBACK. The
connections here carry the scope ``public`` from their start, can write nothing and commit each statement; row
security is what it is everywhere. Who is signed in reads through a session.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.dialects.postgresql.psycopg import dialect as psycopg_dialect
from sqlalchemy.exc import DBAPIError, OperationalError

from geodata.database import SCOPE_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import TextClause

READ_PUBLIC = "-c app.scope=public -c default_transaction_read_only=on"


class Rows(list[tuple[Any, ...]]):
    """Rows that were read, with the few questions of SQLAlchemy's result that tiles ask."""

    def first(self) -> tuple[Any, ...] | None:
        """Return the first row, None without one."""
        return self[0] if self else None

    def one(self) -> tuple[Any, ...]:
        """Return the only row; raises ``ValueError`` when there is not exactly one."""
        (row,) = self
        return row

    def scalar(self) -> Any:
        """Return the first value of the first row, None without one."""
        return self[0][0] if self else None


class PublicReader:
    """Stands for a ``Session`` of scope public where only statements of text are read; safe to share by threads."""

    def __init__(self, url: str, *, limits: str = "", pool_size: int = 5) -> None:
        self.info = {SCOPE_KEY: "public"}
        self._engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_reset_on_return=None,
            connect_args={"options": f"{limits} {READ_PUBLIC}", "autocommit": True},
        )

    def execute(self, statement: TextClause, parameters: Mapping[str, Any] | None = None) -> Rows:
        """Return all rows of ``statement``; once more on a new connection when the server dropped this one.

        Raises:
            sqlalchemy.exc.OperationalError: The database is away, or the statement took too long.
            sqlalchemy.exc.DBAPIError: Every other fault of the statement.
        """
        try:
            return self._once(statement, parameters)
        except OperationalError as error:
            if not error.connection_invalidated:
                raise
        return self._once(statement, parameters)

    def scalar(self, statement: TextClause, parameters: Mapping[str, Any] | None = None) -> Any:
        """Return the first value of the first row, None without one."""
        return self.execute(statement, parameters).scalar()

    def dispose(self) -> None:
        """Close the idle connections."""
        self._engine.dispose()

    def _once(self, statement: TextClause, parameters: Mapping[str, Any] | None) -> Rows:
        try:
            pooled = self._engine.raw_connection()
        except psycopg.OperationalError as error:
            raise OperationalError(str(statement), None, error) from error
        try:
            connection: Any = pooled.driver_connection
            with connection.cursor(binary=True) as cursor:
                return Rows(cursor.execute(_driver_sql(statement), parameters).fetchall())
        except psycopg.OperationalError as error:
            is_lost = bool(connection.closed)
            if is_lost:
                pooled.invalidate()
                self._engine.dispose()  # the others that lie idle are as dead: the second try takes a new one
            raise OperationalError(str(statement), None, error, connection_invalidated=is_lost) from error
        except psycopg.Error as error:
            raise DBAPIError(str(statement), None, error) from error
        finally:
            pooled.close()


@lru_cache(maxsize=32)
def _driver_sql(statement: TextClause) -> str:
    """Return the statement with the driver's own placeholders, made once a statement."""
    return str(statement.compile(dialect=psycopg_dialect()))
