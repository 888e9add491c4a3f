"""Where benches with a database work: one of their own a size on the private server, filled, dropped at the end."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from app.settings import PROJECT_ROOT, Settings
from geodata import upgrade
from geodata.database import OWNER_ROLE, WEB_ROLE, WORKER_ROLE, plain_address
from geodata.demonstration.country import COUNTRY_SCHOOLS
from scripts.benches import SIZES

FOLDER = PROJECT_ROOT / "var/bench"
EXTENSIONS = ("postgis", "pg_trgm", "fuzzystrmatch")


class NoServerError(Exception):
    """No server where a database can be made; the message says what to do."""


@dataclass(frozen=True)
class Place:
    """A database for benches. ``owner_url`` is its address as the owner role."""

    owner_url: str
    folder: Path

    def command(self, arguments: Sequence[str]) -> list[str]:
        """Return the command that runs a Python module with this database in its environment."""
        addresses = {
            name: self.owner_url.replace(OWNER_ROLE, role, 1)
            for name, role in (("OWNER", OWNER_ROLE), ("WEB", WEB_ROLE), ("WORKER", WORKER_ROLE))
        }
        named = [f"MEKTEP_{name}_URL={address}" for name, address in addresses.items()]
        return ["env", *named, f"MEKTEP_VAR_DIR={self.folder}", sys.executable, "-m", *arguments]


def say(text: str) -> None:
    """Tell what is being done; figures alone go to standard output."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def database(size: int, keep: bool) -> Iterator[Place]:
    """Yield a database with the demonstration data of ``size`` schools; made first, dropped afterwards.

    With ``keep`` it stays, and a complete one that stayed is taken again.

    Raises:
        NoServerError: The server of the settings lets nobody make a database.
        subprocess.CalledProcessError: The demonstration data did not load.
    """
    name = f"mektep_bench_{size}"
    owner_url = _named(Settings().owner_url, name)
    place = Place(owner_url, FOLDER / str(size))
    if not (keep and _is_complete(owner_url)):
        say(f"bench: making the database {name} and loading {size:,} synthetic schools")
        _make(name)
        upgrade.upgrade(owner_url)
        shutil.rmtree(place.folder, ignore_errors=True)
        place.folder.mkdir(parents=True, exist_ok=True)
        schools = COUNTRY_SCHOOLS if size == SIZES[0] else size
        load = place.command(["scripts", "demo", "load", "--schools", str(schools), "--json"])
        subprocess.run(load, check=True, stdout=subprocess.DEVNULL)
    try:
        yield place
    finally:
        if not keep:
            say(f"bench: dropping the database {name}")
            _drop(name)
            shutil.rmtree(place.folder, ignore_errors=True)


@contextmanager
def empty_database(name: str) -> Iterator[Place]:
    """Yield a migrated database without data, dropped afterwards; raises ``NoServerError``."""
    place = Place(_named(Settings().owner_url, name), FOLDER / name)
    _make(name)
    try:
        upgrade.upgrade(place.owner_url)
        yield place
    finally:
        _drop(name)
        shutil.rmtree(place.folder, ignore_errors=True)


def _named(owner_url: str, name: str) -> str:
    """Return the address with the database's name replaced."""
    if not owner_url:
        raise NoServerError("no database address is set: call scripts/mektep, or set MEKTEP_OWNER_URL")
    head, _, query = owner_url.partition("?")
    return head.rpartition("/")[0] + f"/{name}" + (f"?{query}" if query else "")


def _administrator(name: str = "postgres") -> psycopg.Connection[Any]:
    """Return a connection of the server's administrator, as the private server lets its own user make one."""
    facts: dict[str, Any] = conninfo_to_dict(plain_address(Settings().owner_url))
    facts.pop("password", None)
    try:
        return psycopg.connect(make_conninfo("", **facts | {"user": "postgres", "dbname": name}), autocommit=True)
    except psycopg.OperationalError as error:
        raise NoServerError(
            "only the private server lets a bench make databases; give one of your own with --database"
        ) from error


def _make(name: str) -> None:
    _drop(name)
    with _administrator() as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(name), sql.Identifier(OWNER_ROLE)
            )
        )
    with _administrator(name) as admin:
        for extension in EXTENSIONS:
            admin.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))


def _drop(name: str) -> None:
    with _administrator() as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _is_complete(owner_url: str) -> bool:
    try:
        with psycopg.connect(plain_address(owner_url)) as connection:
            found = connection.execute("SELECT EXISTS (SELECT FROM run WHERE is_published)").fetchone()
    except psycopg.Error:
        return False
    return bool(found and found[0])
