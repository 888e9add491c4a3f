"""Dump and restore of the whole database with PostgreSQL's own tools, and checksums of what each table holds."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from sqlalchemy import create_engine, make_url, text

from geodata.errors import GeodataError

if TYPE_CHECKING:
    from sqlalchemy import Connection

PASSING = ("account_session", "sign_in_try")
"""Tables whose rows are not kept: who was signed in at the time."""

LEFT_OUT = re.compile(r"^\d+; \d+ \d+ (EXTENSION|COMMENT - EXTENSION|SCHEMA|COMMENT - SCHEMA)\b|spatial_ref_sys")
"""Entries of a dump that belong to PostGIS or to the database itself."""

EXACT = (
    "SET row_security = on; SET timezone = 'UTC'; SET extra_float_digits = 1; "
    "SET datestyle = 'ISO'; SET bytea_output = 'hex';\n"
)
"""Settings under which a row has one text form, whatever the session prefers."""

NOT_WHOLE = "DO $$ BEGIN RAISE EXCEPTION 'the dump is not whole'; END $$;\n"
NO_PATH, OUR_PATH = b"set_config('search_path', '', false)", b"set_config('search_path', 'public', false)"
"""Our functions call one another by plain name, which an index on them needs while it is built."""

OUR_TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND pg_get_userbyid(relowner) = current_user
    ORDER BY relname
"""

DROP_OURS = """
DO $drop$
DECLARE
    statement text;
    mine CONSTANT oid := (SELECT oid FROM pg_roles WHERE rolname = current_user);
    place CONSTANT oid := 'public'::regnamespace;
BEGIN
    FOREACH statement IN ARRAY (
        SELECT coalesce(array_agg(format('DROP TABLE IF EXISTS public.%I CASCADE', relname)), '{}')
        FROM pg_class WHERE relnamespace = place AND relkind IN ('r', 'p') AND relowner = mine
    ) LOOP EXECUTE statement; END LOOP;
    FOREACH statement IN ARRAY (
        SELECT coalesce(array_agg(format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure)), '{}')
        FROM pg_proc WHERE pronamespace = place AND proowner = mine
    ) LOOP EXECUTE statement; END LOOP;
    FOREACH statement IN ARRAY (
        SELECT coalesce(array_agg(format('DROP TYPE IF EXISTS public.%I CASCADE', typname)), '{}')
        FROM pg_type WHERE typnamespace = place AND typtype IN ('e', 'c') AND typowner = mine
    ) LOOP EXECUTE statement; END LOOP;
END
$drop$;
"""


class DumpFailedError(GeodataError):
    """PostgreSQL's tool ended with an error; the message is its last lines."""


class RestoreFailedError(GeodataError):
    """The restore was rolled back; the target is as before."""


def _program(name: str) -> str:
    found = list(Path("/usr/lib/postgresql").glob(f"[0-9]*/bin/{name}"))
    if found:
        return str(max(found, key=lambda path: float(path.parts[-3])))
    on_path = shutil.which(name)
    if on_path is None:
        raise DumpFailedError(f"{name} is missing: apt-get install postgresql-client")
    return on_path


def _address_and_environment(url: str) -> tuple[str, dict[str, str]]:
    """Return the address without its password, which travels in the environment and not in the list of processes."""
    parsed = make_url(url).set(drivername="postgresql")
    environment = {**os.environ, "PGAPPNAME": "mektep-dump", "PGTZ": "UTC"}
    if parsed.password:
        environment["PGPASSWORD"] = str(parsed.password)
    return parsed._replace(password=None).render_as_string(), environment


@contextmanager
def snapshot(owner_url: str) -> Iterator[tuple[Connection, str]]:
    """Yield a connection that reads one unchanging state, and the name under which a dump sees the same."""
    engine = create_engine(owner_url)
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            for setting in EXACT.split(";")[:-1]:
                connection.execute(text(setting))
            yield connection, connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
    finally:
        engine.dispose()


def _checksum_sql(table: str) -> str:
    name = '"' + table.replace('"', '""') + '"'
    return (
        "SELECT count(*)::text || ':' || coalesce(sum(hashtextextended(kept::text, 7)::numeric), 0)::text "  # noqa: S608
        f"FROM public.{name} AS kept"
    )


def table_checksums(connection: Connection) -> dict[str, str]:
    """Return "rows:sum of row hashes" of each of our tables; equal texts mean equal rows in any order."""
    tables = [row.relname for row in connection.execute(text(OUR_TABLES)) if row.relname not in PASSING]
    return {table: connection.exec_driver_sql(_checksum_sql(table)).scalar_one() for table in tables}


def write_dump(owner_url: str, path: Path, snapshot_name: str) -> None:
    """Write schema and rows of the snapshot in PostgreSQL's custom format; raises ``DumpFailedError``."""
    address, environment = _address_and_environment(owner_url)
    command = [_program("pg_dump"), "--format=custom", "--no-password", "--enable-row-security"]
    command += [f"--snapshot={snapshot_name}", "--schema=public", f"--file={path}", f"--dbname={address}"]
    command += [f"--exclude-table-data=public.{table}" for table in PASSING]
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise DumpFailedError(done.stderr.strip()[-2000:])


def read_entries(path: Path) -> list[str]:
    """Return the entries of a dump that are ours; raises ``DumpFailedError`` when it cannot be read."""
    done = subprocess.run([_program("pg_restore"), "--list", str(path)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise DumpFailedError(done.stderr.strip()[-2000:])
    return [line for line in done.stdout.splitlines() if line and line[0].isdigit() and not LEFT_OUT.search(line)]


def _check_sql(checksums: dict[str, str]) -> str:
    """Return a script that fails, and so rolls back, when a table does not hold what it should."""
    parts = []
    for table, expected in checksums.items():
        parts.append(
            "DO $check$ BEGIN\n"
            f"IF ({_checksum_sql(table)}) IS DISTINCT FROM '{expected}' THEN\n"
            f"RAISE EXCEPTION 'content of {table} differs'; END IF;\nEND $check$;\n"
        )
    return "".join(parts)


def restore(owner_url: str, path: Path, checksums: dict[str, str]) -> None:
    """Replace everything of ours in the database by the dump, and compare checksums, in one transaction.

    Raises:
        RestoreFailedError: Nothing was changed; the message says why.
    """
    listing = path.with_suffix(".list")
    listing.write_text("\n".join(read_entries(path)) + "\n", encoding="utf-8")
    address, environment = _address_and_environment(owner_url)
    load = [_program("psql"), "--no-psqlrc", "--quiet", "--no-password", "--single-transaction", "--output=/dev/null"]
    load += ["--set=ON_ERROR_STOP=1", f"--dbname={address}", "--file=-"]
    unpack = [_program("pg_restore"), "--no-owner", "--exit-on-error", f"--use-list={listing}", "--file=-", str(path)]
    loading = subprocess.Popen(
        load, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    unpacking = subprocess.Popen(unpack, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        code = _feed(loading, unpacking, checksums)
    finally:
        for process in (unpacking, loading):
            if process.poll() is None:
                process.kill()
                process.wait()
    errors = (loading.stderr.read() if loading.stderr else b"").decode(errors="replace")
    if loading.returncode != 0 or code != 0:
        raise RestoreFailedError(errors.strip()[-2000:] or "the dump could not be unpacked")


def _feed(loading: subprocess.Popen[bytes], unpacking: subprocess.Popen[bytes], checksums: dict[str, str]) -> int:
    """Send the script; without a whole dump the last statement fails on purpose. Return the unpacker's exit code."""
    target: IO[bytes] = loading.stdin  # type: ignore[assignment]
    source: IO[bytes] = unpacking.stdout  # type: ignore[assignment]
    code = 1
    try:
        target.write(("SET lock_timeout = '30s'; SET client_min_messages = warning;\n" + DROP_OURS).encode())
        head = source.read(1 << 16)
        target.write(head.replace(NO_PATH, OUR_PATH, 1))
        shutil.copyfileobj(source, target, 1 << 20)
        code = unpacking.wait()
        target.write((EXACT + _check_sql(checksums) if code == 0 else NOT_WHOLE).encode())
        target.close()
    except BrokenPipeError:
        unpacking.kill()
        unpacking.wait()
    loading.wait()
    return code
