"""Bring the database into order and hand out the environment of the application's processes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from scripts.machine import places, postgres, provision
from scripts.machine.provision import Addresses

Say = Callable[[str], None]


@dataclass(frozen=True)
class Prepared:
    """What is there now. ``private`` is the private server, ``cluster`` too when this process started it."""

    addresses: Addresses
    cluster: postgres.Cluster | None
    private: postgres.Cluster | None = None

    def environment(self) -> dict[str, str]:
        """Return the environment of the application's processes; the owner's address is not among it."""
        return {
            **os.environ,
            "MEKTEP_OWNER_URL": "",
            "MEKTEP_WEB_URL": self.addresses.web,
            "MEKTEP_WORKER_URL": self.addresses.worker,
            "MEKTEP_SECRET_KEY": os.environ.get("MEKTEP_SECRET_KEY") or places.secret_key(),
            "MEKTEP_VAR_DIR": str(places.VAR.resolve()),
            "PYTHONPATH": str(places.ROOT),
            "PYTHONSAFEPATH": "1",
        }

    def revive(self) -> bool:
        """Start the private server again if it was killed; True when that was needed."""
        return self.private is not None and postgres.start(self.private)

    def stop(self) -> None:
        """Stop the private server if this process started it."""
        if self.cluster is not None:
            postgres.stop(self.cluster)


@contextmanager
def _alone() -> Iterator[None]:
    """Let one start at a time prepare this checkout; the lock ends with the process."""
    with (places.make_folder(places.VAR) / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare(say: Say) -> Prepared:
    """Start the private server (or use the given one), make roles and database, migrate."""
    with _alone():
        addresses = provision.given()
        started: postgres.Cluster | None = None
        private: postgres.Cluster | None = None
        try:
            if addresses is None and os.environ.get("DATABASE_URL"):
                say("Using the database of DATABASE_URL")
                addresses = provision.external(os.environ["DATABASE_URL"])
            elif addresses is None:
                private = postgres.locate()
                if not (private.data / "PG_VERSION").exists():
                    say(f"Making the private PostGIS in {private.base}")
                if postgres.start(private):
                    started = private
                    say("The private PostGIS is up")
                addresses = provision.private(private)
            _migrate(addresses, say)
        except BaseException:
            if started is not None:
                postgres.stop(started)
            raise
    return Prepared(addresses, started, private)


def _migrate(addresses: Addresses, say: Say) -> None:
    newest = max(path.name for path in (places.ROOT / "geodata/migrations/versions").glob("[0-9]*.py"))[:4]
    try:
        with psycopg.connect("postgresql://" + addresses.owner.split("://", 1)[1]) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except psycopg.errors.UndefinedTable:
        row = None
    if row and row[0] == newest:
        return
    say(f"Migrating the database from {row[0] if row else 'nothing'} to {newest}")
    from geodata import upgrade

    upgrade.upgrade(addresses.owner)
