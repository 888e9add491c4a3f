"""Back up, restore somewhere empty and compare all of it; damaged archives and interrupted restores change nothing."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from geodata import dump
from scripts.drills import SEED, Finding, drill
from scripts.drills import place as places
from scripts.drills.place import Place
from scripts.drills.running import children, school_file, until

AUDIT = "audit_"
"""How the names of the tables begin that a restore adds to: it notes itself."""

RUN = "SELECT hash FROM run WHERE is_published ORDER BY id DESC LIMIT 1"
FOLDERS = ("uploads", "geodata")
Contents = tuple[dict[str, str], dict[str, str]]


@drill("restore", needs="country", times=12, limit_s=400)
def restore(place: Place, times: int) -> Iterator[Finding]:
    """Backup into an empty installation, everything compared; damaged archives; a restore and a backup killed."""
    chance = random.Random(SEED)  # noqa: S311
    file = place.path / "drill.csv"
    file.write_bytes(school_file("R", 300))
    taken_in = place.mektep("import", "schools", str(file), "--synthetic")
    ranked = place.mektep("rank", "--json")  # with the new schools, so that the target's ranking is of the same data
    archive = place.path / "all.mektep"
    made = place.mektep("backup", str(archive), "--json")
    if any(done.returncode != 0 for done in (taken_in, ranked, made)):
        raise RuntimeError(f"no backup: {(taken_in.stderr + ranked.stderr + made.stderr)[-1000:]}")
    target = places.make(place.cluster, "restore_target", "database")
    try:
        yield _damaged(target, archive, times, chance)
        yield _killed_restore(target, archive, chance)
        yield _restored(place, target, archive)
        yield _full_target(target, archive)
        yield _killed_backup(place, archive, chance)
    finally:
        places.drop(target)


def _contents(place: Place) -> Contents:
    """Return the checksum of every table, and the SHA-256 of every kept file by its place."""
    with dump.snapshot(place.address("mektep_owner")) as (connection, _):
        tables = dump.table_checksums(connection)
    files = {
        str(path.relative_to(place.path)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in FOLDERS
        for path in sorted((place.path / folder).rglob("*"))
        if path.is_file()
    }
    return tables, files


def _restored(source: Place, target: Place, archive: Path) -> Finding:
    done = target.mektep("restore", str(archive), "--replace", "--json")
    (tables, files), (found, found_files) = _contents(source), _contents(target)
    different = sorted(name for name in tables.keys() | found.keys() if tables.get(name) != found.get(name))
    wrong = [name for name in different if not (name.startswith(AUDIT) and _rows(found, name) > _rows(tables, name))]
    restored = target.value(RUN)
    ranked = target.mektep("rank", "--json")
    published = source.value(RUN)
    again = json.loads(ranked.stdout or "{}").get("run")
    rows = sum(_rows(tables, name) for name in tables)
    other_files = sorted(name for name in files.keys() | found_files.keys() if files.get(name) != found_files.get(name))
    is_good = done.returncode == 0 and not wrong and not other_files
    is_good = is_good and restored == published == again
    return Finding(
        "everything lost",
        "backup, restore into another installation, each table and file compared, schools ranked again there",
        "every table's rows and files equal, the published ranking's hash too, and the same data give it again",
        f"exit code {done.returncode}; {len(tables)} tables with {rows:,} rows and {len(files)} files: different "
        f"{wrong + other_files or 'none'} "
        f"(besides {', '.join(different)}, where the restore notes itself); "
        f"hash {published[:12]}, restored {restored[:12]}, ranked again {str(again)[:12]}",
        is_good,
    )


def _rows(checksums: dict[str, str], table: str) -> int:
    return int(checksums.get(table, "0:").split(":")[0])


def _full_target(target: Place, archive: Path) -> Finding:
    before = _contents(target)
    done = target.mektep("restore", str(archive))
    return Finding(
        "restore over data that are there",
        "restore without --replace",
        "refused with exit code 2, nothing changed",
        f"exit code {done.returncode}, {'nothing changed' if _contents(target) == before else 'CHANGED'}",
        done.returncode == 2 and _contents(target) == before,
    )


def _damaged(target: Place, archive: Path, times: int, chance: random.Random) -> Finding:
    """Cut archives short and change bytes in them, at random places; then foreign files."""
    before = _contents(target)
    broken = archive.with_name("broken.mektep")
    size = archive.stat().st_size
    whole = archive.read_bytes()
    taken: list[str] = []
    damages: list[tuple[str, bytes]] = [("empty", b""), ("text", b"not an archive\n" * 100)]
    for number in range(times):
        where = chance.randrange(size - 10_240)  # a tar file ends with blocks of zeros that say nothing
        if number % 2:
            damages.append((f"cut at {where}", whole[:where]))
        else:
            damages.append((f"byte {where}", whole[:where] + bytes([whole[where] ^ 0xFF]) + whole[where + 1 :]))
    for name, content in damages:
        broken.write_bytes(content)
        done = target.mektep("restore", str(broken), "--replace")
        if done.returncode != 2 or "nothing was changed" not in done.stderr or "Traceback" in done.stderr:
            taken.append(f"{name}: exit code {done.returncode}")
    broken.unlink()
    is_same = _contents(target) == before
    return Finding(
        "a damaged archive",
        f"{len(damages)} archives: cut short, one byte changed, empty, another file",
        "each refused with exit code 2 and words, the target unchanged",
        (", ".join(taken) or "all refused") + f"; target {'unchanged' if is_same else 'CHANGED'}",
        not taken and is_same,
    )


def _killed_restore(target: Place, archive: Path, chance: random.Random) -> Finding:
    """Kill the restore and all that it started, at five moments."""
    before = _contents(target)
    changed = 0
    moments = [chance.uniform(0.1, 5.0) for _ in range(5)]
    for moment in moments:
        _kill_after(target, ["restore", str(archive), "--replace"], target.path, moment)
        until(lambda: _is_quiet(target), 60)
        changed += _contents(target) != before
    left = [path.name for path in target.path.glob(".restore-*")]
    return Finding(
        "a restore killed",
        f"kill -9 {', '.join(f'{moment:.1f}' for moment in moments)} s after it began to unpack",
        "the target as before each time: no table, no row, no file; at most the last one's unpacked copy is left",
        f"changed {changed} of {len(moments)} times; {len(left)} unpacked copies left",
        changed == 0 and len(left) <= 1,
    )


def _kill_after(place: Place, arguments: list[str], folder: Path, seconds: float) -> None:
    """Kill a verb and all that it started, some seconds after it made its own folder in ``folder``."""
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts", *arguments],
        env=place.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    mine = f".{arguments[0]}-{process.pid}-*"
    until(lambda: any(folder.glob(mine)) or process.poll() is not None, 60, 0.01)
    time.sleep(seconds)
    for pid in [process.pid, *children(process.pid)]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait()


def _is_quiet(place: Place) -> bool:
    return not place.ask(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def _killed_backup(place: Place, archive: Path, chance: random.Random) -> Finding:
    before = archive.read_bytes()
    for _ in range(3):
        _kill_after(place, ["backup", str(archive)], archive.parent, chance.uniform(0.0, 2.0))
        until(lambda: _is_quiet(place), 60)
    is_same = archive.read_bytes() == before
    left = list(archive.parent.glob(".backup-*"))
    made = place.mektep("backup", str(archive))
    remaining = list(archive.parent.glob(".backup-*"))
    return Finding(
        "a backup killed",
        "kill -9 three times while the archive of yesterday is there, then a backup to its end",
        "the old archive stays until the new one is whole; nothing half-made stays behind after the next backup",
        f"old archive {'kept' if is_same else 'CHANGED'}; {len(left)} half-made folders after the kills, "
        f"{len(remaining)} after the next backup (exit code {made.returncode})",
        is_same and made.returncode == 0 and not remaining,
    )
