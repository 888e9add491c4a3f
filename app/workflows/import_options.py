"""What a person says about a file, the original that is kept, and why an import stops."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.validation.context import KINDS, Kind

if TYPE_CHECKING:
    from typing import BinaryIO

    from geodata.records.imports import ImportSummary, UndoObstacle

Report = Callable[[float, str], None]
BLOCK_BYTES = 1024 * 1024


class ImportFailedError(Exception):
    """Base of every error of the import workflow."""


class UnknownBatchError(ImportFailedError):
    """There is no such batch."""


class UnknownHazardError(ImportFailedError):
    """The catalogue has no layer of this code."""


class BatchStateError(ImportFailedError):
    """The batch is not in a state for this step; ``summary`` says which one it is in."""

    def __init__(self, summary: ImportSummary) -> None:
        super().__init__(f"batch {summary.id} is {summary.status}")
        self.summary = summary


class ProblemsRemainError(ImportFailedError):
    """Rows were refused and nobody has agreed to take only the good ones."""

    def __init__(self, summary: ImportSummary) -> None:
        super().__init__(f"batch {summary.id} has {summary.refused} refused rows")
        self.summary = summary


class FileChangedError(ImportFailedError):
    """The kept original is gone or is no longer the file that was checked."""


class DataChangedError(ImportFailedError):
    """Records have changed since the check; ``rows`` are (row number, key)."""

    def __init__(self, rows: list[tuple[int, str]]) -> None:
        super().__init__(f"{len(rows)} records have changed since the check")
        self.rows = rows


class UndoRefusedError(ImportFailedError):
    """Later work rests on the batch; ``obstacles`` name it."""

    def __init__(self, obstacles: list[UndoObstacle]) -> None:
        super().__init__("later work rests on this batch")
        self.obstacles = obstacles


class KeyUsedError(ImportFailedError):
    """The same Idempotency-Key came with another file or another kind."""


class FileTooLargeError(ImportFailedError):
    """The file is larger than this installation accepts; ``limit_mb`` says how large it may be."""

    def __init__(self, limit_mb: int) -> None:
        super().__init__(f"larger than {limit_mb} MB")
        self.limit_mb = limit_mb


class InvalidFieldError(ImportFailedError):
    """A field of the request is missing or cannot be used; ``field`` names it."""

    def __init__(self, field: str, value: str = "") -> None:
        super().__init__(f"{field}: {value[:80]}")
        self.field = field
        self.value = value[:80]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What to make of a file. ``overrides`` are (column, field); None means: told from the file."""

    kind: Kind
    hazard_code: str | None = None
    sheet: str | None = None
    layer: str | None = None
    encoding: str | None = None
    overrides: tuple[tuple[str, str], ...] = ()
    valid_from: date | None = None
    source: str | None = None
    licence: str | None = None
    assessed_on: date | None = None
    is_synthetic: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the options as the batch keeps them."""
        found = asdict(self)
        for name in ("valid_from", "assessed_on"):
            found[name] = found[name].isoformat() if found[name] else None
        found["overrides"] = [list(pair) for pair in self.overrides]
        return found

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> ImportOptions:
        """Return the options that ``as_json`` wrote; other keys are left."""
        known = {name: stored[name] for name in cls.__dataclass_fields__ if name in stored}
        for name in ("valid_from", "assessed_on"):
            known[name] = date.fromisoformat(known[name]) if known.get(name) else None
        known["overrides"] = tuple((str(column), str(field)) for column, field in known.get("overrides", ()))
        return cls(**known)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """An original under its hash. ``name`` is what its sender called it, without folders."""

    path: Path
    sha256: str
    size: int
    name: str


def is_kind(text: str) -> bool:
    """Tell whether ``text`` names a kind of file."""
    return text in KINDS


def keep_file(upload_dir: Path, source: BinaryIO | Path, name: str, limit_mb: int | None = None) -> KeptFile:
    """Copy a file to ``upload_dir`` under its SHA-256 and return where; a file that is there already is reused.

    Raises:
        FileTooLargeError: The file has more than ``limit_mb`` megabytes.
    """
    upload_dir.mkdir(parents=True, exist_ok=True)
    temporary = upload_dir / f".{secrets.token_hex(8)}.part"
    digest, size = hashlib.sha256(), 0
    try:
        with temporary.open("wb") as target:
            for block in _blocks(source):
                size += len(block)
                if limit_mb is not None and size > limit_mb * 1024 * 1024:
                    raise FileTooLargeError(limit_mb)
                digest.update(block)
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
        path = upload_dir / digest.hexdigest()
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return KeptFile(path, digest.hexdigest(), size, _plain_name(name))


def kept_original(upload_dir: Path, summary: ImportSummary) -> KeptFile:
    """Return the original of a batch after hashing it again.

    Raises:
        FileChangedError: It is gone or is not what was checked.
    """
    path = upload_dir / summary.file_sha256
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise FileChangedError(summary.file_sha256) from error
    if found != summary.file_sha256:
        raise FileChangedError(summary.file_sha256)
    return KeptFile(path, found, summary.file_bytes, summary.file_name)


def _blocks(source: BinaryIO | Path) -> Iterable[bytes]:
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield from iter(lambda: stream.read(BLOCK_BYTES), b"")
    else:
        yield from iter(lambda: source.read(BLOCK_BYTES), b"")


def _plain_name(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[:200] or "file"


@dataclass(frozen=True, slots=True)
class Folders:
    """Where originals and rasters are kept."""

    uploads: Path
    geodata: Path
