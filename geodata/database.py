"""Engines and sessions, and the scope that row security reads.

Roles: ``mektep_owner`` owns the tables and runs migrations; ``mektep_web`` and ``mektep_worker``
own nothing and obey row security. The scope is set per transaction; a session without a scope
sees no protected row.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import psycopg
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker

from geodata.records.rights import NO_RIGHTS, SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection
    from sqlalchemy.orm import SessionTransaction

    from geodata.records.rights import Rights

__all__ = [
    "DBAPIError",
    "DataError",
    "DatabaseLostError",
    "Engine",
    "IntegrityError",
    "LockHeldError",
    "PoolTimeoutError",
    "Scope",
    "Session",
    "count_statements",
    "hold_lock",
    "is_lost",
    "make_engine",
    "open_session",
    "plain_address",
    "set_scope",
    "sqlstate_of",
]

OWNER_ROLE = "mektep_owner"
WEB_ROLE = "mektep_web"
WORKER_ROLE = "mektep_worker"

Scope = Literal["none", "public", "area", "national"]
SCOPE_KEY = "mektep_scope"
ACCOUNT_KEY = "mektep_account"
RIGHTS_KEY = "mektep_rights"
REQUEST_KEY = "mektep_request"
"""Key of ``session.info`` that holds the reference number of the request, for the audit."""

UNCOMPILED = "-c jit=off"
"""Statements over staged rows are estimated high and would be compiled first, which takes longer than running them."""

WEB_LIMITS = (
    f"-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=20000 {UNCOMPILED}"
)
"""Of the web: no statement for long."""


def make_engine(url: str, *, limits: str = UNCOMPILED, pool_size: int = 5) -> Engine:
    """Return an engine on ``url`` (postgresql+psycopg://...), with dead connections noticed before use.

    ``limits`` are libpq options such as ``WEB_LIMITS``.
    """
    return create_engine(
        url, pool_pre_ping=True, pool_size=pool_size, max_overflow=pool_size, connect_args={"options": limits}
    )


@contextmanager
def count_statements(engine: Engine) -> Iterator[list[str]]:
    """Yield a list that grows by the text of every statement of the block that does more than set the scope."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "set_config" not in statement:
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


class LockHeldError(Exception):
    """Another session holds the lock."""


DatabaseLostError = (
    *(OperationalError, InterfaceError, PoolTimeoutError),
    *(psycopg.OperationalError, psycopg.InterfaceError),  # from COPY, which goes past SQLAlchemy
)
"""What is raised when the database is away, restarts or has no connection left; a later try may succeed."""


def sqlstate_of(error: BaseException) -> str | None:
    """Return the server's code of an error, raised by SQLAlchemy or by the driver itself; None without one."""
    return getattr(getattr(error, "orig", None) or error, "sqlstate", None)


def is_lost(error: BaseException) -> bool:
    """Tell whether ``error`` means that the database went away in the middle."""
    return isinstance(error, DatabaseLostError) or bool(getattr(error, "connection_invalidated", False))


def plain_address(url: str) -> str:
    """Return ``url`` for libpq and its tools (postgresql://...)."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def hold_lock(engine: Engine, family: int, key: int) -> Iterator[None]:
    """Hold a session-level advisory lock on a connection of its own; raises ``LockHeldError``.

    It ends with the process, however that ends.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        got = connection.execute(text("SELECT pg_try_advisory_lock(:family, :key)"), {"family": family, "key": key})
        if not got.scalar_one():
            raise LockHeldError(f"{family}/{key}")
        try:
            yield
        finally:
            if not connection.invalidated:
                connection.execute(text("SELECT pg_advisory_unlock(:family, :key)"), {"family": family, "key": key})


def set_scope(session: Session, scope: Scope, account_id: int | None = None, rights: Rights | None = None) -> None:
    """Give ``session`` a scope for every transaction from now on, the open one included.

    ``rights`` are the account's own. Without an account the national scope is the system's (command line, upkeep of
    the worker), which holds every right; in every other case no rights given means none held.
    """
    if rights is None:
        rights = SYSTEM if scope == "national" and account_id is None else NO_RIGHTS
    session.info[SCOPE_KEY] = scope
    session.info[ACCOUNT_KEY] = account_id
    session.info[RIGHTS_KEY] = rights.text()
    if session.in_transaction():
        _write_scope(session.connection(), session.info)


WRITE_SCOPE = text(
    "SELECT set_config('app.scope', :scope, true), set_config('app.account', :account, true), "
    "set_config('app.rights', :rights, true), set_config('app.request', :request, true)"
)


def _write_scope(connection: Connection, info: Mapping[Any, Any]) -> None:
    account_id = info[ACCOUNT_KEY]
    account = "" if account_id is None else str(account_id)
    values = {"scope": info[SCOPE_KEY], "account": account, "rights": info[RIGHTS_KEY]}
    connection.execute(WRITE_SCOPE, values | {"request": info.get(REQUEST_KEY) or ""})


@event.listens_for(Session, "after_begin")
def _scope_each_transaction(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if SCOPE_KEY in session.info:
        _write_scope(connection, session.info)


@contextmanager
def open_session(
    engine: Engine,
    scope: Scope,
    account_id: int | None = None,
    rights: Rights | None = None,
    *,
    request_id: str | None = None,
) -> Iterator[Session]:
    """Yield a session with ``scope`` (see ``set_scope``); commit at the end, roll back on an error.

    ``request_id`` is the reference number of the request that it works for: the audit keeps it.
    """
    session = sessionmaker(engine, expire_on_commit=False, info={REQUEST_KEY: request_id})()
    set_scope(session, scope, account_id, rights)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()


def copy_rows(session: Session, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append many rows quickly, inside the session's transaction and under its row security.

    PostgreSQL refuses COPY into a table with row security, so the rows go by COPY into a temporary table and
    from there by one INSERT. None is NULL; geometries are hexadecimal EWKB or EWKT; lists become arrays.
    ``table`` and ``columns`` are ours, never the user's, and are quoted all the same.
    """
    from psycopg import sql

    connection = session.connection().connection.driver_connection
    assert connection is not None
    target, staging = sql.Identifier(table), sql.Identifier(f"staging_{table}")
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} LIMIT 0").format(staging, names, target)
        )
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(staging, names)) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(target, names, names, staging))
        cursor.execute(sql.SQL("DROP TABLE {}").format(staging))
