"""Backup and restore: database, uploads and rasters in one archive that proves itself.

The archive is a tar file: ``manifest.json`` first, then ``database.dump`` and ``files/...``. The manifest holds the
SHA-256 of every member and a content checksum of every table. The secret key is not part of it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from app.i18n.marks import N_
from app.workflows.evidence_files import damaged
from geodata import dump, upgrade
from geodata.database import make_engine, open_session
from geodata.queries import audit, surveys
from geodata.queries.evidence import hashes
from geodata.queries.health import holds_data

if TYPE_CHECKING:
    from app.settings import Settings

Report = Callable[[float, str], None]
FORMAT = 1
MANIFEST, DATABASE, FILES = "manifest.json", "database.dump", "files/"
FOLDERS = ("uploads", "geodata", "evidence")
LARGEST_MANIFEST = 64 * 1024 * 1024


class BackupError(Exception):
    """Base of every error of backup and restore."""


class ArchiveRefusedError(BackupError):
    """The archive is truncated, changed, of another program or of a newer version; the target is untouched."""


class TargetNotEmptyError(BackupError):
    """The target holds data, and replacing them was not asked for."""


@dataclass(frozen=True)
class BackupSummary:
    """What an archive holds."""

    tables: int
    rows: int
    files: int
    size_bytes: int
    revision: str
    created_at: str
    damaged: tuple[str, ...] = ()
    """Files of evidence that the database names and that are missing here, or are not what their name says."""


def _sha256(stream: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while block := stream.read(1 << 20):
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size


def _describe(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        digest, size = _sha256(stream)
    return {"sha256": digest, "bytes": size}


def _kept_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    for folder in FOLDERS:
        base = settings.var_dir / folder
        for path in sorted(base.rglob("*")) if base.is_dir() else []:
            if path.is_file() and not path.is_symlink():
                yield f"{FILES}{folder}/{path.relative_to(base).as_posix()}", path


def back_up(settings: Settings, target: Path, report: Report | None = None) -> BackupSummary:
    """Write the archive; it appears under its name only when it is whole and on the disk."""
    say = report or (lambda pct, step: None)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _own_folder(target.parent, "backup") as folder:
        dumped = folder / DATABASE
        say(0, N_("Reading the database"))
        with dump.snapshot(settings.owner_url) as (connection, snapshot_name):
            checksums = dump.table_checksums(connection)
            dump.write_dump(settings.owner_url, dumped, snapshot_name)
        members = [(DATABASE, dumped), *_kept_files(settings)]
        say(50, N_("Reading the files"))
        manifest = {
            "format": FORMAT,
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "revision": upgrade.newest_revision(),
            "tables": checksums,
            "members": {name: _describe(path) for name, path in members},
        }
        partial = folder / "archive"
        say(70, N_("Writing the archive"))
        _write_archive(partial, manifest, members)
        verify(partial)
        os.replace(partial, target)
        _sync_folder(target.parent)
    found = _damaged_evidence(settings)
    say(100, N_("Done"))
    return dataclasses.replace(_summary(manifest, target), damaged=found)


def _damaged_evidence(settings: Settings) -> tuple[str, ...]:
    engine = make_engine(settings.owner_url)
    try:
        with open_session(engine, "national") as session:
            return tuple(damaged(settings.evidence_dir, [*hashes(session), *surveys.hashes(session)]))
    finally:
        engine.dispose()


@contextmanager
def _own_folder(place: Path, what: str) -> Iterator[Path]:
    """Yield a folder of this process's own; what killed ones left is removed first: it may fill the disk."""
    for left in place.glob(f".{what}-*-*"):
        pid = left.name.split("-")[1]
        if pid.isdigit() and not Path("/proc", pid).exists():
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f".{what}-{os.getpid()}-", dir=place) as name:
        yield Path(name)


def _write_archive(path: Path, manifest: dict[str, Any], members: list[tuple[str, Path]]) -> None:
    with path.open("wb") as raw:
        os.fchmod(raw.fileno(), 0o600)
        with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
            text = json.dumps(manifest, ensure_ascii=False, sort_keys=True).encode()
            head = tarfile.TarInfo(MANIFEST)
            head.size = len(text)
            archive.addfile(head, BytesIO(text))
            for name, source in members:
                member = tarfile.TarInfo(name)
                member.size = manifest["members"][name]["bytes"]
                with source.open("rb") as stream:
                    archive.addfile(member, stream)
        raw.flush()
        os.fsync(raw.fileno())


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _summary(manifest: dict[str, Any], path: Path) -> BackupSummary:
    return BackupSummary(
        tables=len(manifest["tables"]),
        rows=sum(int(checksum.split(":")[0]) for checksum in manifest["tables"].values()),
        files=len(manifest["members"]) - 1,
        size_bytes=path.stat().st_size,
        revision=manifest["revision"],
        created_at=manifest["created_at"],
    )


def verify(path: Path, unpack_to: Path | None = None) -> dict[str, Any]:
    """Read the whole archive against its manifest, and return that; raises ``ArchiveRefusedError``.

    With ``unpack_to`` each member is written there, under a number, on the way.
    """
    try:
        with tarfile.open(path, "r:") as archive:
            manifest = _read_manifest(archive)
            expected: dict[str, dict[str, Any]] = manifest["members"]
            seen = set()
            for number, member in enumerate(archive):
                if member.name == MANIFEST and number == 0:
                    continue
                if member.name not in expected or member.name in seen or not member.isreg():
                    raise ArchiveRefusedError(f"unexpected member {member.name[:100]!r}")
                seen.add(member.name)
                stream = archive.extractfile(member)
                if stream is None or _take(stream, unpack_to, member.name) != expected[member.name]:
                    raise ArchiveRefusedError(f"{member.name[:100]} is damaged")
    except (OSError, tarfile.TarError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveRefusedError(f"not a whole backup archive ({error})") from error
    missing = set(expected) - seen
    if missing:
        raise ArchiveRefusedError(f"the archive ends early: {sorted(missing)[0]} is missing")
    return manifest


def _take(stream: IO[bytes], folder: Path | None, name: str) -> dict[str, Any]:
    if folder is None:
        digest, size = _sha256(stream)
        return {"sha256": digest, "bytes": size}
    target = folder / hashlib.sha256(name.encode()).hexdigest()
    with target.open("wb") as out:
        shutil.copyfileobj(stream, out, 1 << 20)
    return _describe(target)


def _read_manifest(archive: tarfile.TarFile) -> dict[str, Any]:
    first = archive.next()
    if first is None or first.name != MANIFEST or first.size > LARGEST_MANIFEST:
        raise ArchiveRefusedError("not a backup archive of this program")
    stream = archive.extractfile(first)
    manifest: dict[str, Any] = json.loads(stream.read() if stream else b"")
    if manifest["format"] != FORMAT:
        raise ArchiveRefusedError(f"the archive has format {manifest['format']}, this program reads {FORMAT}")
    if str(manifest["revision"]) > upgrade.newest_revision():
        raise ArchiveRefusedError(f"the archive has migration {manifest['revision']}: update this program first")
    for name in manifest["members"]:
        parts = Path(name).parts
        allowed = name == DATABASE or (name.startswith(FILES) and parts[1] in FOLDERS and ".." not in parts)
        if not allowed:
            raise ArchiveRefusedError(f"unexpected member {name[:100]!r}")
    if DATABASE not in manifest["members"]:
        raise ArchiveRefusedError("the archive holds no database")
    return manifest


def restore(settings: Settings, source: Path, *, replace: bool = False, report: Report | None = None) -> BackupSummary:
    """Verify the archive, then replace database and files by it.

    The database changes in one transaction that ends with the comparison of every table's checksum.

    Raises:
        ArchiveRefusedError: Damaged, foreign or too new.
        TargetNotEmptyError: The database holds data and ``replace`` is not set.
        geodata.dump.RestoreFailedError: Rolled back. In all three cases the target is as before.
    """
    say = report or (lambda pct, step: None)
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    with _own_folder(settings.var_dir, "restore") as folder:
        say(0, N_("Verifying the archive"))
        manifest = verify(source, folder)
        _check_target(settings, replace=replace)
        dumped = folder / hashlib.sha256(DATABASE.encode()).hexdigest()
        say(40, N_("Writing the database"))
        placed = _place_files(settings, folder, manifest)
        dump.restore(settings.owner_url, dumped, manifest["tables"])
        for new, final in placed:
            os.replace(new, final)
        say(90, N_("Applying the migrations that are missing"))
        upgrade.upgrade(settings.owner_url)
        _note(settings, manifest)
    found = _damaged_evidence(settings)
    say(100, N_("Done"))
    return dataclasses.replace(_summary(manifest, source), damaged=found)


def _check_target(settings: Settings, *, replace: bool) -> None:
    engine = make_engine(settings.owner_url)
    try:
        with open_session(engine, "national") as session:
            is_full = holds_data(session)
    finally:
        engine.dispose()
    if is_full and not replace:
        raise TargetNotEmptyError


def _place_files(settings: Settings, folder: Path, manifest: dict[str, Any]) -> list[tuple[Path, Path]]:
    """Put the files beside their places; they move there when the database is in. Same ones are left alone."""
    placed = []
    for name, expected in manifest["members"].items():
        if name == DATABASE:
            continue
        final = settings.var_dir / name.removeprefix(FILES)
        if final.is_file() and _describe(final) == expected:
            continue
        final.parent.mkdir(parents=True, exist_ok=True)
        placed.append((folder / hashlib.sha256(name.encode()).hexdigest(), final))
    return placed


def _note(settings: Settings, manifest: dict[str, Any]) -> None:
    engine = make_engine(settings.owner_url)
    try:
        with open_session(engine, "national") as session:
            audit.record(session, "backup:restored", details={"created_at": manifest["created_at"]})
    finally:
        engine.dispose()
