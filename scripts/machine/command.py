"""``scripts/mektep VERB``: the command line with environment and database ready."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg

from scripts.machine import places, ready
from scripts.machine.say import quiet_step

WITHOUT_DATABASE = frozenset({"-h", "--help", "drill", "reproduce"})


def main(arguments: list[str]) -> int:
    """Run a verb where the caller stands; stop the private server again if it was started for it."""
    command = [sys.executable, "-m", "scripts", *arguments]
    if not arguments or arguments[0] in WITHOUT_DATABASE or arguments[-1] in ("-h", "--help"):
        return subprocess.run(command, env={**os.environ, "PYTHONPATH": str(places.ROOT)}, check=False).returncode
    prepared = ready.prepare(quiet_step)
    environment = {**prepared.environment(), "MEKTEP_OWNER_URL": prepared.addresses.owner}
    child = subprocess.Popen(command, env=environment)
    try:
        return child.wait()
    except KeyboardInterrupt:
        child.terminate()
        return child.wait() or 1
    finally:
        if prepared.cluster is not None and not _others(prepared):
            prepared.stop()


def _others(prepared: ready.Prepared) -> bool:
    """Tell whether somebody else uses the private server by now."""
    with psycopg.connect("postgresql://" + prepared.addresses.owner.split("://", 1)[1]) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchone()
    return bool(row and row[0])
