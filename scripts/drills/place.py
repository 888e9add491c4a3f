"""Where drills work: a scratch PostGIS of their own, started, broken and removed by them.

Nothing here reads the addresses of the settings, so that no drill can reach a database with real data.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from geodata import upgrade
from scripts.drills import Needs
from scripts.machine import places, postgres, provision

FOLDER = places.ROOT / "var/drills"
LOGS = FOLDER / "logs"
ACCOUNT = "drill"
RATE = "6000"
"""Requests a minute that the key may make."""

ROLES = {"OWNER": "mektep_owner", "WEB": "mektep_web", "WORKER": "mektep_worker"}


class DrillsRunError(Exception):
    """Other drills run in this checkout."""


@dataclass(frozen=True)
class Place:
    """One database on a scratch server, a folder for files beside it, and the key of an account that may import."""

    programs: str
    base: str
    socket: str
    user: str | None
    database: str
    folder: str
    key: str = ""

    def text(self) -> str:
        """Return the place for another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Place:
        """Return the place that ``text`` wrote."""
        return cls(**json.loads(text))

    @property
    def cluster(self) -> postgres.Cluster:
        """The scratch server."""
        return postgres.Cluster(Path(self.programs), Path(self.base), Path(self.socket), self.user)

    @property
    def path(self) -> Path:
        """The folder for uploads, rasters and files of jobs."""
        return Path(self.folder)

    def address(self, role: str) -> str:
        """Return the database's address for SQLAlchemy."""
        return self.cluster.address(role, self.database)

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of the application's processes; nothing of an installation's settings stays."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MEKTEP_")}
        kept.pop("DATABASE_URL", None)
        ours = {f"MEKTEP_{name}_URL": self.address(role) for name, role in ROLES.items()}
        ours |= {"MEKTEP_VAR_DIR": self.folder, "MEKTEP_SECRET_KEY": secrets.token_urlsafe(32)}
        ours |= {"MEKTEP_RATE_LIMITS": "false"}  # all readers of a drill have one address
        ours["MEKTEP_RATE_LIMITS"] = "false"  # all readers of a drill come from one address
        return kept | ours | {"PYTHONPATH": str(places.ROOT), "PYTHONSAFEPATH": "1"} | more

    def mektep(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a verb of the command line here to its end."""
        command = [sys.executable, "-m", "scripts", *arguments]
        return subprocess.run(
            command, env=self.environment(**more), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    def connect(self, role: str = "postgres") -> psycopg.Connection[Any]:
        """Return a connection that commits each statement."""
        return psycopg.connect(_plain(self.address(role)), autocommit=True, connect_timeout=10)

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement as the server's administrator and return its rows."""
        with self.connect() as connection:
            return connection.execute(statement, values or None).fetchall()

    def value(self, statement: str, *values: Any) -> Any:
        """Return the first value of the first row."""
        return self.ask(statement, *values)[0][0]

    def sibling(self, name: str) -> Place:
        """Return another place on the same server, which is not made by this."""
        return Place(**asdict(self) | {"database": f"mektep_drill_{name}", "folder": str(FOLDER / name)})


def scratch_cluster(base: Path | None = None) -> postgres.Cluster:
    """Return the scratch server, beside the private one; nothing is made. ``base``: somewhere else."""
    found = postgres.locate()
    base = base or found.base.with_name(f"{found.base.name}-drills")
    socket = base / "socket"
    if len(str(socket / ".s.PGSQL.5432")) > places.LONGEST_SOCKET_PATH:
        socket = Path("/tmp") / f"mektep-drills-{places.short_hash()}" / "socket"  # noqa: S108
    return postgres.Cluster(found.programs, base, socket, found.user)


def on_cluster(cluster: postgres.Cluster, name: str, folder: Path | None = None) -> Place:
    """Return a place of this name on a server; nothing is made."""
    return Place(
        str(cluster.programs), str(cluster.base), str(cluster.socket), cluster.user,
        f"mektep_drill_{name}", str(folder or FOLDER / name),
    )  # fmt: skip


@contextmanager
def scratch(keep: bool, *, with_server: bool = True) -> Iterator[postgres.Cluster]:
    """Yield the scratch server, running, and remove it with all its files; with ``keep`` stop it only.

    Without ``with_server`` nothing is started: for drills that need no database.

    Raises:
        DrillsRunError: Other drills are at it.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DrillsRunError("other drills run in this checkout; wait for their end") from error
        cluster = scratch_cluster()
        if with_server and not keep:
            remove(cluster)
        try:
            if with_server:
                postgres.start(cluster)
                provision.private(cluster)
            yield cluster
        finally:
            if with_server:
                (postgres.stop if keep else remove)(cluster)
            if not keep:
                for path in FOLDER.iterdir():
                    if path.is_dir() and path != LOGS:
                        shutil.rmtree(path)


def remove(cluster: postgres.Cluster) -> None:
    """Stop a scratch server without ceremony and remove its files."""
    if (cluster.data / "postmaster.pid").exists():
        cluster.run("pg_ctl", "-D", str(cluster.data), "-w", "-m", "immediate", "-s", "stop", check=False)
    shutil.rmtree(cluster.base, ignore_errors=True)


def make(cluster: postgres.Cluster, name: str, needs: Needs) -> Place:
    """Return a new place for the drill ``name``, as a copy of a template that is made when it is missing."""
    place = on_cluster(cluster, name)
    if needs == "nothing":
        place.path.mkdir(parents=True, exist_ok=True)
        return place
    drop(place)
    place.path.mkdir(parents=True)
    template = on_cluster(cluster, f"template_{needs}")
    if not _is_whole(template):
        _fill(template, needs)
    _create(place, template.database)
    with place.connect() as admin:  # PostgreSQL 15: until then a crash sets the copy's sequences back
        admin.execute("CHECKPOINT")
    shutil.copytree(template.path, place.path, dirs_exist_ok=True)
    return replace(place, key=_make_key(place))


def _make_key(place: Place) -> str:
    """Make an account that may import, with a key for the drill's requests, and return that."""
    added = place.mektep("accounts", "add", ACCOUNT, "--role", "planner", "--json")
    made = place.mektep("accounts", "key", ACCOUNT, "--scope", "import,undo,rank", "--rate", RATE, "--json")
    if added.returncode != 0 or made.returncode != 0:
        raise RuntimeError(f"no account for the drill: {(added.stderr + made.stderr).strip()[-500:]}")
    return str(json.loads(made.stdout)["key"])


def _is_whole(template: Place) -> bool:
    """Tell whether the template is there, made by the migrations of today."""
    mark = template.path / "whole"
    if not mark.exists() or mark.read_text(encoding="utf-8") != _migrations_sha256():
        return False
    with psycopg.connect(_plain(template.cluster.address("postgres", "postgres"))) as admin:
        found = admin.execute("SELECT FROM pg_database WHERE datname = %s", (template.database,)).fetchone()
    return found is not None


def make_empty(place: Place) -> None:
    """Make the migrated, empty database of a place."""
    _create(place, "template0")
    with place.connect() as admin:
        for extension in provision.EXTENSIONS:
            admin.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    upgrade.upgrade(place.address("mektep_owner"))


def _fill(template: Place, needs: Needs) -> None:
    drop(template)
    template.path.mkdir(parents=True)
    make_empty(template)
    if needs == "country":
        print("drill: loading the synthetic country into the scratch server", file=sys.stderr, flush=True)
        loaded = template.mektep("demo", "load", "--json")
        if loaded.returncode != 0:
            raise RuntimeError(f"the demonstration country does not load: {loaded.stderr.strip()[-2000:]}")
    (template.path / "whole").write_text(_migrations_sha256(), encoding="utf-8")


def _migrations_sha256() -> str:
    digest = hashlib.sha256()
    for path in sorted((places.ROOT / "geodata/migrations/versions").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _create(place: Place, template: str) -> None:
    _as_administrator(
        place,
        sql.SQL("CREATE DATABASE {} OWNER mektep_owner TEMPLATE {} ENCODING 'UTF8'").format(
            sql.Identifier(place.database), sql.Identifier(template)
        ),
    )


def keep_logs(place: Place, name: str) -> Path:
    """Keep the logs of a drill's servers for who looks for the reason of a failure; return where."""
    kept = LOGS / name
    shutil.rmtree(kept, ignore_errors=True)
    if (place.path / "logs").is_dir():
        shutil.copytree(place.path / "logs", kept)
    return kept


def drop(place: Place) -> None:
    """Remove a place: database and folder."""
    _as_administrator(place, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(place.database)))
    shutil.rmtree(place.path, ignore_errors=True)


def _as_administrator(place: Place, statement: sql.Composed) -> None:
    with psycopg.connect(_plain(place.cluster.address("postgres", "postgres")), autocommit=True) as admin:
        admin.execute(statement)


def _plain(address: str) -> str:
    """Return an address of SQLAlchemy for libpq."""
    return "postgresql://" + address.split("://", 1)[1]
