"""Real PostGIS for tests: migrated once into a template, one copy a test session, rolled back per test.

The server is the one of ``MEKTEP_TEST_SERVER`` (an address of a role that may create databases), set
by ``scripts/test``; its roles ``mektep_owner``, ``mektep_web`` and ``mektep_worker`` exist.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import make_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = 724001


@dataclass(frozen=True)
class Database:
    """Addresses of one test database for each role."""

    name: str
    server: URL

    def url(self, role: str) -> str:
        """Return the address as ``role`` (mektep_owner, mektep_web, mektep_worker)."""
        return self.server.set(database=self.name, username=role).render_as_string(hide_password=False)


def server() -> URL:
    """Return the address of the test server's administrator.

    That is ``MEKTEP_TEST_SERVER``, else this checkout's private server when it is up, else a developer's server
    whose socket lies in a folder of the temporary folder.
    """
    given = os.environ.get("MEKTEP_TEST_SERVER")
    if given:
        return make_url(given)
    for socket in _sockets():
        address = make_url("postgresql+psycopg://postgres@/postgres").update_query_dict({"host": str(socket)})
        try:
            _administrator(address).close()
        except psycopg.OperationalError:
            continue
        return address
    raise RuntimeError("no test server: call scripts/test, or set MEKTEP_TEST_SERVER")


def _sockets() -> list[Path]:
    private = ROOT / "var/postgres/socket"
    others = sorted(path.parent for path in Path(tempfile.gettempdir()).glob("*/.s.PGSQL.5432"))
    return [private, *others] if (private / ".s.PGSQL.5432").exists() else others


def create(name: str) -> Database:
    """Make a migrated database; the template is remade only when a migration changed."""
    admin = server()
    template = f"mektep_template_{_migrations_hash()}"
    with alone(TEMPLATE) as connection:
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (template,)).fetchone()
        if not exists:
            _build_template(connection, admin, template)
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" OWNER mektep_owner TEMPLATE "{template}"')
    return Database(name, admin)


@contextmanager
def alone(lock: int) -> Iterator[psycopg.Connection]:
    """Hold a lock of the whole test server; yields the administrator's connection that holds it."""
    with _administrator(server()) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [lock])
        yield connection


def drop(database: Database) -> None:
    """Remove a test database."""
    with _administrator(database.server) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database.name}" WITH (FORCE)')


def exists(name: str) -> bool:
    """Return whether a database of this name is there."""
    with _administrator(server()) as connection:
        return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is not None


def named(prefix: str) -> list[Database]:
    """Return the databases whose names begin so."""
    with _administrator(server()) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (prefix,)
        ).fetchall()
    return [Database(row[0], server()) for row in rows]


def _administrator(admin: URL) -> psycopg.Connection:
    plain = admin.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def _migrations_hash() -> str:
    digest = hashlib.sha256()
    for path in sorted((ROOT / "geodata/migrations").glob("[vs]*/*.[ps][yq]*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _build_template(connection: psycopg.Connection, admin: URL, template: str) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine

    building = f"{template}_new"
    connection.execute(f'DROP DATABASE IF EXISTS "{building}" WITH (FORCE)')
    connection.execute(
        f'CREATE DATABASE "{building}" OWNER mektep_owner TEMPLATE template0 '
        "ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
    )
    with psycopg.connect(
        admin.set(drivername="postgresql", database=building).render_as_string(hide_password=False), autocommit=True
    ) as inside:
        inside.execute("CREATE EXTENSION postgis")
        inside.execute("CREATE EXTENSION pg_trgm")
        inside.execute("CREATE EXTENSION fuzzystrmatch")
    engine = create_engine(admin.set(database=building, username="mektep_owner"))
    with engine.connect() as migrating:
        config = Config(str(ROOT / "alembic.ini"))
        config.set_main_option("script_location", str(ROOT / "geodata/migrations"))
        config.attributes["connection"] = migrating
        command.upgrade(config, "head")
        migrating.commit()
    engine.dispose()
    connection.execute(f'ALTER DATABASE "{building}" RENAME TO "{template}"')
