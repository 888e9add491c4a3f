"""tipg, the peer for tiles and features: installed below ``var/bench``, served beside ours on the same database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

from app.settings import Settings
from geodata.database import plain_address
from scripts.benches.place import FOLDER, say
from scripts.benches.served import Served, free_port, running

FOLDER_OF_TIPG = FOLDER / "tipg"


def _install() -> bool:
    """Make the virtual environment once; False when it cannot be had here."""
    python = FOLDER_OF_TIPG / "bin/python"
    if (FOLDER_OF_TIPG / "complete").exists():
        return True
    say(f"bench: installing tipg into {FOLDER_OF_TIPG}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for command in (
        [sys.executable, "-m", "venv", str(FOLDER_OF_TIPG)],
        [str(python), "-m", "pip", "install", "--quiet", "tipg", "uvicorn"],
    ):
        if subprocess.run(command, check=False, capture_output=True).returncode != 0:
            say("bench: tipg cannot be installed here; figures stand without it")
            return False
    (FOLDER_OF_TIPG / "complete").touch()
    return True


def _address() -> str:
    """Return the database's address with the socket's folder in the place of a host, as tipg wants it."""
    facts = conninfo_to_dict(plain_address(Settings().owner_url))
    secret = f":{quote(str(facts['password']), safe='')}" if facts.get("password") else ""
    host = quote(str(facts.get("host", "localhost")), safe="")
    return f"postgresql://{facts['user']}{secret}@{host}:{facts.get('port', 5432)}/{facts['dbname']}"


@contextmanager
def tipg() -> Iterator[Served | None]:
    """Serve tipg on the bench's database as the owner, whose rows no policy checks; None without it."""
    if not _install():
        yield None
        return
    port = free_port()
    command = ["env", f"DATABASE_URL={_address()}", 'TIPG_DB_SCHEMAS=["public"]', "TIPG_CATALOG_TTL=100000"]
    command += [str(FOLDER_OF_TIPG / "bin/python"), "-m", "uvicorn", "tipg.main:app", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--log-level", "warning"]
    with running(command, port, "/healthz", "tipg") as served:
        yield served
