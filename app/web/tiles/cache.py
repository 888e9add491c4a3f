"""Compressed tiles on disk: keyed by what they show and for whom, bounded in size, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_BYTES = 512 * 1024 * 1024
SWEEP_EVERY = 2_000
KEEP_SHARE = 0.8


class TileCache:
    """Files below one directory. Their names are hashes of the key, so no text of a request becomes a path."""

    def __init__(self, directory: Path, largest_bytes: int = LARGEST_BYTES) -> None:
        self._directory = directory
        self._largest_bytes = largest_bytes
        self._writes = 0

    def get(self, key: str) -> bytes | None:
        """Return the stored bytes (empty: a tile without features), or None when nothing is stored."""
        try:
            with open(self._path(key), "rb", buffering=0) as file:
                return file.read()
        except FileNotFoundError:
            return None

    def put(self, key: str, content: bytes) -> None:
        """Store ``content``; a full or read-only disk costs speed, not the answer."""
        path = self._path(key)
        folder = os.path.dirname(path)
        partial = f"{folder}/.new-{os.getpid()}-{threading.get_ident()}"
        try:
            try:
                _write(partial, content)
            except FileNotFoundError:
                os.makedirs(folder, exist_ok=True)
                _write(partial, content)
            os.replace(partial, path)
        except OSError as error:
            structlog.get_logger("mektep.tiles").warning("tile not cached", reason=error.strerror)
            return
        self._writes += 1
        if self._writes % SWEEP_EVERY == 0:
            self.sweep()

    def sweep(self) -> int:
        """Remove the files unread for longest until four fifths of the limit are left; return how many went."""
        files = list(self._files())
        total = sum(size for _, size, _ in files)
        if total <= self._largest_bytes:
            return 0
        removed = 0
        for _, size, path in sorted(files, key=lambda entry: entry[0]):
            if total <= self._largest_bytes * KEEP_SHARE:
                break
            Path(path).unlink(missing_ok=True)
            total -= size
            removed += 1
        return removed

    def _files(self) -> Iterator[tuple[float, int, str]]:
        """Yield when each file was last used, its bytes and its path; a hundred thousand are looked at in a second."""
        for folder in self._directory.glob("??"):
            with os.scandir(folder) as entries:
                for entry in entries:
                    try:
                        facts = entry.stat()
                    except FileNotFoundError:  # another process sweeps too
                        continue
                    yield max(facts.st_atime, facts.st_mtime), facts.st_size, entry.path

    def _path(self, key: str) -> str:
        name = hashlib.sha256(key.encode()).hexdigest()
        return f"{self._directory}/{name[:2]}/{name[2:]}"  # text: a Path of each tile costs as much as reading it


def _write(path: str, content: bytes) -> None:
    with open(path, "wb") as file:  # buffered: what writes straight to the disk may write a part only
        file.write(content)
