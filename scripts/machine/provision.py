"""Roles, database and extensions: made where this user may, else told as SQL for an administrator."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from scripts.machine import places
from scripts.machine.postgres import LOGIN_ROLES, Cluster
from scripts.machine.say import CannotGoOnError

EXTENSIONS = ("postgis", "pg_trgm", "fuzzystrmatch")
PASSWORDS = "database.json"
DATABASE = "mektep"


@dataclass(frozen=True)
class Addresses:
    """One address a role, for SQLAlchemy."""

    owner: str
    web: str
    worker: str


def given() -> Addresses | None:
    """Return the addresses that the environment sets for all three roles, None without."""
    found = [os.environ.get(f"MEKTEP_{role}_URL", "") for role in ("OWNER", "WEB", "WORKER")]
    return Addresses(*found) if all(found) else None


def private(cluster: Cluster) -> Addresses:
    """Make roles, database and extensions in the private server, and return the addresses."""
    with _connect(cluster.address("postgres", "postgres")) as admin:
        for role in LOGIN_ROLES:
            _make_role(admin, role, None)
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
            admin.execute(
                sql.SQL("CREATE DATABASE {} OWNER mektep_owner TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(DATABASE)
                )
            )
            admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(DATABASE)))
        names = sql.SQL(", ").join(map(sql.Identifier, LOGIN_ROLES))
        admin.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(sql.Identifier(DATABASE), names))
    with _connect(cluster.address("postgres", DATABASE)) as admin:
        _make_extensions(admin)
    return Addresses(*(cluster.address(role) for role in LOGIN_ROLES))


def external(url: str) -> Addresses:
    """Make roles and extensions in the database of ``DATABASE_URL``, and return the addresses.

    Raises:
        CannotGoOnError: The role may not; the message is the SQL that an administrator can run.
    """
    try:
        admin = _connect(url)
    except psycopg.OperationalError as error:
        raise CannotGoOnError(f"The database of DATABASE_URL does not answer: {str(error).strip()}") from error
    passwords = _passwords()
    with admin:
        row = admin.execute(
            "SELECT rolsuper OR rolcreaterole, current_database() FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        may_make, name = (bool(row[0]), str(row[1])) if row else (False, "?")
        try:
            if may_make:
                _make_all(admin, url, name, passwords)
            if not _is_complete(admin, url, passwords):
                raise CannotGoOnError(administrator_sql(name, passwords))
        except psycopg.errors.InsufficientPrivilege as error:
            raise CannotGoOnError(administrator_sql(name, passwords)) from error
    return Addresses(*(_as_role(url, role, passwords[role]) for role in LOGIN_ROLES))


def _make_all(admin: psycopg.Connection[Any], url: str, database: str, passwords: dict[str, str]) -> None:
    if not _can_enter(url, passwords):
        for role in LOGIN_ROLES:
            _make_role(admin, role, passwords[role])
    _make_extensions(admin)
    _hand_over(admin, database)


def _is_complete(admin: psycopg.Connection[Any], url: str, passwords: dict[str, str]) -> bool:
    installed = {found[0] for found in admin.execute("SELECT extname FROM pg_extension").fetchall()}
    if set(EXTENSIONS) - installed or not _can_enter(url, passwords):
        return False
    row = admin.execute("SELECT has_schema_privilege('mektep_owner', 'public', 'CREATE')").fetchone()
    return bool(row and row[0])


def administrator_sql(database: str, passwords: dict[str, str]) -> str:
    """Return what an administrator runs once, and how to go on."""
    lines = [
        "The role of DATABASE_URL may not make roles and extensions. Ask an administrator to run this once",
        f"in the database {database}, then start again:\n",
        *(f"    CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS),
        *(
            f"    CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
            f" PASSWORD '{passwords[role]}';"
            for role in LOGIN_ROLES
        ),
        f'    GRANT CONNECT, TEMPORARY ON DATABASE "{database}" TO {", ".join(LOGIN_ROLES)};',
        "    GRANT USAGE, CREATE ON SCHEMA public TO mektep_owner;",
        "",
    ]
    return "\n".join(lines)


def _make_role(admin: psycopg.Connection[Any], role: str, password: str | None) -> None:
    exists = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    verb = "ALTER" if exists else "CREATE"
    statement = sql.SQL(verb + " ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS").format(
        sql.Identifier(role)
    )
    if password is not None:
        statement += sql.SQL(" PASSWORD {}").format(sql.Literal(password))
    if not exists or password is not None:
        admin.execute(statement)


def _make_extensions(admin: psycopg.Connection[Any]) -> None:
    for extension in EXTENSIONS:
        admin.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))


def _hand_over(admin: psycopg.Connection[Any], database: str) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, LOGIN_ROLES))
    admin.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(sql.Identifier(database), names))
    admin.execute("GRANT USAGE, CREATE ON SCHEMA public TO mektep_owner")


def _passwords() -> dict[str, str]:
    """Return the roles' passwords on a server that is not ours, made once and readable by this user only."""
    path = places.make_folder(places.VAR) / PASSWORDS
    if not path.exists():
        made = {role: secrets.token_urlsafe(24) for role in LOGIN_ROLES}
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _can_enter(url: str, passwords: dict[str, str]) -> bool:
    try:
        for role in LOGIN_ROLES:
            _connect(_as_role(url, role, passwords[role])).close()
    except psycopg.OperationalError:
        return False
    return True


def _as_role(url: str, role: str, password: str) -> str:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    login = role if not place else f"{role}:{quote(password, safe='')}"  # no host: a socket, peer or trust
    return urlunsplit(("postgresql+psycopg", f"{login}@{place}", parts.path, parts.query, ""))


def _connect(url: str) -> psycopg.Connection[Any]:
    plain = "postgresql://" + url.split("://", 1)[1]
    return psycopg.connect(plain, autocommit=True, connect_timeout=10)
