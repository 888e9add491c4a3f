"""A full disk under the files, then under the database: small file systems in memory that are filled to the brim."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from app.workflows.export_list import filter_to_json
from app.workflows.jobs import start_job
from geodata.database import make_engine, open_session
from geodata.records.priority import ListFilter
from scripts.drills import Finding, drill
from scripts.drills import place as places
from scripts.drills.place import Place
from scripts.drills.running import Answer, Running, running, school_file, schools_with, until
from scripts.machine import postgres, provision

FILES_MB, DATABASE_MB = 64, 1_200
ROWS = 4_000
LEFT_FREE = 200_000
HEALED_S = 30.0
OVER_S = 60.0
CLEAR = {(503, "no-room"), (507, "no-room"), (503, "read-only")}
"""Answers in words: no room, or, once less than 5 % is free, only reading."""
IMPOSSIBLE = "a small file system in memory cannot be mounted: that needs root"


@drill("disk", needs="country", limit_s=600)
def disk(place: Place, times: int) -> Iterator[Finding]:
    """Uploads, exports, backups and imports while the disk is full; everything goes on when there is room again."""
    if os.geteuid() != 0:
        yield Finding("a full disk", "nothing", "clear answers, nothing half-written", IMPOSSIBLE, None)
        return
    for _ in range(times):
        yield from _files_full(place)
        yield from _database_full(place)


@contextmanager
def _small_disk(place: Place, name: str, size_mb: int) -> Iterator[Path]:
    """Yield a folder on a file system of this size that the server's user reaches."""
    folder = Path(place.base).with_name(f"drills-disk-{name}")
    subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)  # of a drill that was killed
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_mb}m,mode=755", "drill", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def _fill(folder: Path) -> Path:
    """Fill the file system but for a little and return what fills it."""
    ballast = folder / "ballast"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, shutil.disk_usage(folder).free - LEFT_FREE))
    return ballast


def _is_clear(answer: Answer) -> bool:
    """Tell whether an answer says in words that nothing was saved: for want of room, or as data may only be read."""
    told = answer.json
    return (answer.status, str(told.get("type")).rpartition("/")[2]) in CLEAR and bool(told.get("title"))


def _files_full(place: Place) -> Iterator[Finding]:
    with _small_disk(place, "files", FILES_MB) as folder, running(place, MEKTEP_VAR_DIR=str(folder)) as server:
        archive = folder / "all.mektep"
        archive.write_bytes(b"the archive of yesterday")
        content = school_file("F", ROWS) + b"\n" * LEFT_FREE
        ballast = _fill(folder)
        sent = server.send_file(content, "f.csv", key="drill F")
        page, ready = server.get("/ky/priorities"), server.get("/readyz")
        left = list((folder / "uploads").glob(".*")) if (folder / "uploads").is_dir() else []
        batches = place.value("SELECT count(*) FROM import_batch WHERE idempotency_key LIKE %s", "%:drill F")
        yield Finding(
            "no room for an upload",
            f"a file of {len(content) // 1000} kB is sent while the disk of uploads is full",
            "told in words: no room, or only reading; nothing stored or left, pages as before, /readyz names it",
            f"answered with {sent.status} {sent.json.get('type', '')}; {batches} imports, {len(left)} half files; "
            f"page {page.status}; /readyz {ready.status} {ready.json.get('missing')}",
            _is_clear(sent) and not batches and not left and page.status == 200 and "disk" in ready.json["missing"],
        )
        state, words = _export(place)
        yield Finding(
            "no room for an export",
            "a list of all schools is written as a workbook by the worker",
            "the job fails in words that name the disk, the worker lives",
            f"the job is {state}: {words}",
            state == "failed" and "disk" in words,
        )
        yield _commands_full(place, folder, archive)
        ballast.unlink()
        again = server.send_file(content, "f.csv", key="drill F")
        state, words = _export(place)
        ready = server.get("/readyz")
        yield Finding(
            "room again for files",
            "the same file with the same key, the same export, without any repair",
            "taken in whole, written, ready",
            f"answered with {again.status}, {schools_with(place, 'F')} schools; export {state}; /readyz {ready.status}",
            again.status == 201 and schools_with(place, "F") == ROWS and state == "done" and ready.status == 200,
        )


def _export(place: Place) -> tuple[str, str]:
    """Let the worker write the whole list and return how the job ended and what it says."""
    run = place.value("SELECT hash FROM run WHERE is_published ORDER BY id DESC LIMIT 1")
    params = {"key": "xlsx", "language": "ky", "run_hash": run, "wanted": filter_to_json(ListFilter())}
    engine = make_engine(place.address("mektep_worker"))
    with open_session(engine, "national") as session:
        token = start_job(session, "export", params, scope="public")
    engine.dispose()
    state = "SELECT status, coalesce(error, '') FROM background_job WHERE token = %s"
    until(lambda: place.ask(state, token)[0][0] in ("done", "failed"), OVER_S)
    status, error = place.ask(state, token)[0]
    return str(status), str(error)


def _commands_full(place: Place, folder: Path, archive: Path) -> Finding:
    """Import and back up from the command line onto the full disk."""
    file = place.path / "c.csv"
    file.write_bytes(school_file("C", ROWS) + b"\n" * LEFT_FREE)
    settings = {"MEKTEP_VAR_DIR": str(folder)}
    taken_in = place.mektep("import", "schools", str(file), **settings)
    backed_up = place.mektep("backup", str(archive), **settings)
    is_kept = archive.read_bytes() == b"the archive of yesterday"
    clear = all(
        done.returncode == 1 and "No space left" in done.stderr and "Traceback" not in done.stderr
        for done in (taken_in, backed_up)
    )
    return Finding(
        "no room for the command line",
        "import and backup while the disk is full",
        "exit code 1 and one line that names the disk; the old archive as it was, nothing stored",
        f"import {taken_in.returncode}: {_last(taken_in.stderr)}; backup {backed_up.returncode}: "
        f"{_last(backed_up.stderr)}; old archive {'kept' if is_kept else 'LOST'}",
        clear and is_kept and schools_with(place, "C") == 0 and not list(folder.glob(".backup-*")),
    )


def _last(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][:160] if lines else "(nothing)"


def _database_full(place: Place) -> Iterator[Finding]:
    """Move the installation by backup and restore to a server on a small disk, and fill that."""
    with ExitStack() as stack:
        folder = stack.enter_context(_small_disk(place, "database", DATABASE_MB))
        cluster = places.scratch_cluster(folder / "postgres")
        small = replace(places.on_cluster(cluster, "small", place.path / "small"), key=place.key)
        small.path.mkdir()
        stack.callback(places.remove, cluster)
        postgres.start(cluster)
        provision.private(cluster)
        places.make_empty(small)
        archive = place.path / "move.mektep"
        moved = [place.mektep("backup", str(archive)), small.mektep("restore", str(archive), "--replace")]
        if any(done.returncode for done in moved):
            raise RuntimeError(f"not moved: {moved[0].stderr[-500:]} {moved[1].stderr[-500:]}")
        with running(small) as server:
            yield from _filled(small, server, folder)


def _filled(small: Place, server: Running, folder: Path) -> Iterator[Finding]:
    content = school_file("G", ROWS)
    ballast = _fill(folder)
    answers = [server.send_file(content, "g.csv", key="drill G") for _ in range(4)]
    is_up = postgres.answers(small.cluster)
    stored = schools_with(small, "G") if is_up else 0
    refused = [answer for answer in answers if answer.status not in (201, 503, 507)]
    pages = [server.get(path).status for path in ("/ky/priorities", "/api/v1/schools?limit=5", "/ru/map")]
    yield Finding(
        "no room for the database",
        f"an import of {ROWS:,} rows is sent four times while the database's disk is full",
        "503 or 507 in words, nothing half-stored; pages are read as before, or told 503 if the server had to stop",
        f"answered with {', '.join(str(answer.status) for answer in answers)}; {stored} rows; database "
        f"{'up' if is_up else 'stopped by itself'}; pages {pages}",
        not refused and stored in (0, ROWS) and set(pages) <= ({200} if is_up else {200, 503}),
    )
    ballast.unlink()
    ready = server.wait_until_ready(HEALED_S)
    again = server.send_file(content, "g.csv", key="drill G")
    stored = schools_with(small, "G")
    page = server.get("/ky/priorities?limit=25")
    yield Finding(
        "room again for the database",
        "the same file with the same key, without any repair",
        f"ready within {HEALED_S:.0f} s, taken in whole",
        ("never ready; " if ready is None else f"ready after {ready:.1f} s; ")
        + f"answered with {again.status}, {stored:,} schools, page {page.status}",
        ready is not None and again.status in (200, 201) and stored == ROWS and page.status == 200,
    )
